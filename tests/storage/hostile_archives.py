"""Zip archives as an attacker, a broken tool or a broken line would make them, each with the words it must be refused with."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

STORED, DEFLATED = 0, 8


@dataclass(frozen=True)
class Member:
    """One entry; `local` and `central` change fields of one of its two headers."""

    name: str | bytes = "a.txt"
    data: bytes = b"hello"
    method: int = STORED
    mode: int = 0o100644
    packed: bytes | None = None
    local: dict[str, int | bytes] = field(default_factory=dict)
    central: dict[str, int | bytes] = field(default_factory=dict)
    at: int | None = None
    """Where the directory says it lies, if not where it does."""
    before: bytes = b""
    """Bytes that lie before it."""
    after: bytes = b""
    """Bytes that lie behind it, such as a description of its sizes."""

    def fields(self) -> dict[str, int | bytes]:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = (
            (self.data if self.method != DEFLATED else packer.compress(self.data) + packer.flush())
            if self.packed is None
            else self.packed
        )
        return {
            "name": self.name.encode() if isinstance(self.name, str) else self.name,
            "flags": 1 << 11,
            "method": self.method,
            "crc": zlib.crc32(self.data),
            "packed": len(packed),
            "size": len(self.data),
            "extra": b"",
            "bytes": packed,
        }


def archive(
    *members: Member,
    before: bytes = b"",
    after: bytes = b"",
    between: bytes = b"",
    end: dict[str, int] | None = None,
) -> bytes:
    """A zip archive of these members; `before`, `between` (entries and directory) and `after` are bytes that do not belong."""
    body = before
    directory = b""
    for member in members:
        body += member.before
        offset = len(body) if member.at is None else member.at
        own = {**member.fields(), **member.local}
        body += struct.pack(
            "<4s5H3I2H",
            b"PK\x03\x04",
            20,
            own["flags"],
            own["method"],
            0,
            33,
            own["crc"],
            own["packed"],
            own["size"],
            len(own["name"]),
            len(own["extra"]),  # type: ignore[arg-type]
        )
        body += own["name"] + own["extra"] + own["bytes"] + member.after  # type: ignore[operator]
        listed = {**member.fields(), "comment": b"", **member.central}
        directory += struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            3 << 8 | 20,
            20,
            listed["flags"],
            listed["method"],
            0,
            33,
            listed["crc"],
            listed["packed"],
            listed["size"],
            len(listed["name"]),
            len(listed["extra"]),
            len(listed["comment"]),  # type: ignore[arg-type]
            listed.get("disk", 0),
            0,
            member.mode << 16,
            offset,
        )
        directory += listed["name"] + listed["extra"] + listed["comment"]  # type: ignore[operator]
    body += between
    last = {
        "disk": 0,
        "first": 0,
        "here": len(members),
        "count": len(members),
        "size": len(directory),
        "offset": len(body),
    }
    last.update(end or {})
    return body + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", *last.values(), 0) + after


def wide(*values: int) -> bytes:
    """Extra data with 64-bit sizes."""
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values)


ZEROS = bytes(4 << 20)
MEBIBYTE = {"size": 1 << 20}
STREAMED = {"flags": 1 << 11 | 1 << 3}
NOT_YET = {**STREAMED, "crc": 0, "packed": 0, "size": 0}


def _overlapping() -> bytes:
    """Two entries that share the bytes of one, as in Fifield's bomb."""
    inner = archive(Member("b.txt"))[: 30 + 5 + 5]
    return archive(Member("a.txt", inner), Member("b.txt", at=30 + 5))


def _many(count: int) -> Sequence[Member]:
    return [Member(f"{index}.txt", b"") for index in range(count)]


WHOLE = archive(Member("a.txt"), Member("b.bin", bytes(5000), DEFLATED))

HOSTILE: dict[str, tuple[bytes, str]] = {
    "a name that climbs out": (archive(Member("../evil.txt")), "'..' part"),
    "a name that climbs out in the middle": (archive(Member("a/../../evil.txt")), "'..' part"),
    "an absolute name": (archive(Member("/etc/passwd")), "starts with a slash"),
    "a drive letter": (archive(Member("C:/evil.txt")), "drive letter"),
    "a drive letter without a slash": (archive(Member("c:evil.txt")), "drive letter"),
    "a backslash": (archive(Member("..\\evil.txt")), "backslash"),
    "a NUL in a name": (archive(Member("a.txt\0.jpg")), "control character"),
    "an escape sequence in a name": (archive(Member("\x1b[2Ja")), "control character"),
    "an empty name": (archive(Member("")), "it is empty"),
    "a dot as a name": (archive(Member("./a")), "'.' or '..' part"),
    "an empty part": (archive(Member("a//b")), "empty"),
    "a name that is not UTF-8": (archive(Member(b"\xff\xfe.txt")), "not UTF-8"),
    "a part of a name that is too long": (archive(Member("a" * 256)), "longer than 255 bytes"),
    "a name that is too long": (archive(Member("a/" * 600 + "b")), "longer than 1024 bytes"),
    "a symbolic link": (archive(Member("a", b"/etc/passwd", mode=0o120777)), "symbolic link"),
    "a character device": (archive(Member("a", b"", mode=0o020666)), "a device"),
    "a block device": (archive(Member("a", b"", mode=0o060666)), "a device"),
    "a pipe": (archive(Member("a", b"", mode=0o010666)), "a pipe"),
    "a folder that holds bytes": (archive(Member("a/", b"x", mode=0o040755)), "holds bytes"),
    "a folder with a file's name": (archive(Member("a", b"", mode=0o040755)), "a folder by its type"),
    "the same name twice": (archive(Member("a"), Member("a", b"other")), "'a' twice"),
    "names that differ in case": (
        archive(Member("Photo.jpg"), Member("photo.JPG")),
        "one name on some disks",
    ),
    "names that differ in the spelling of an accent": (
        archive(Member("é.jpg"), Member(unicodedata.normalize("NFD", "é.jpg"))),
        "one name on some disks",
    ),
    "names that differ in case and accent": (
        archive(Member("É"), Member("e\u0301")),
        "one name on some disks",
    ),
    "a sharp s and two of them": (archive(Member("straße"), Member("STRASSE")), "one name on some disks"),
    "a file that is a folder too": (archive(Member("a"), Member("a/b")), "is a file, and a folder"),
    "a folder that is a file too": (archive(Member("a/b"), Member("a")), "is a file, and a folder"),
    "a listed folder that is a file too": (
        archive(Member("a/", b"", mode=0o040755), Member("A")),
        "twice, or as a folder too",
    ),
    "a file that is a folder in another case": (
        archive(Member("x/A/b"), Member("X/a")),
        "is a file, and a folder",
    ),
    "more entries than allowed": (archive(*_many(1001)), "at most 1000 are accepted"),
    "more bytes than one entry may hold": (
        archive(Member("a", b"", local={"size": 1 << 31}, central={"size": 1 << 31}, method=DEFLATED)),
        "at most 256.0 MiB are accepted",
    ),
    "more bytes than all may hold": (
        archive(*[Member(f"{i}", b"", DEFLATED, local=MEBIBYTE, central=MEBIBYTE) for i in range(65)]),
        "it holds 65.0 MiB; at most 64.0 MiB are accepted",
    ),
    "a bomb": (archive(Member("a", ZEROS, DEFLATED)), "more than 200 times its size in the archive"),
    "a bomb in many small pieces": (
        archive(*[Member(f"{i}", bytes(1 << 20), DEFLATED) for i in range(20)]),
        "more than 200 times its own size",
    ),
    "overlapping entries": (_overlapping(), "overlaps another entry"),
    "two names for one entry": (
        archive(Member("a.txt"), Member("b.txt", at=0)),
        "is called 'a.txt' where it lies",
    ),
    "a size that is too small": (
        archive(Member("a", bytes(1000), DEFLATED, local={"size": 10}, central={"size": 10})),
        "holds more than 10 bytes",
    ),
    "a size that is too large": (
        archive(Member("a", bytes(1000), DEFLATED, local={"size": 5000}, central={"size": 5000})),
        "holds 1000 of 5000 bytes",
    ),
    "sizes of stored bytes that differ": (
        archive(Member("a", b"hello", local={"size": 9}, central={"size": 9})),
        "its two sizes differ",
    ),
    "a wrong checksum": (archive(Member("a", b"hello", local={"crc": 1}, central={"crc": 1})), "checksum"),
    "bytes behind the end of a deflated entry": (
        archive(Member("a", b"hi", DEFLATED, packed=zlib.compress(b"hi", wbits=-15) + b"more")),
        "goes on behind the end",
    ),
    "a deflated entry that breaks off": (
        archive(
            Member("a", bytes(1000), DEFLATED, packed=zlib.compress(bytes(range(256)) * 4, wbits=-15)[:-20])
        ),
        "ends in the middle",
    ),
    "bytes that are not deflated": (
        archive(Member("a", b"hello", DEFLATED, packed=b"\xff" * 9)),
        "is damaged",
    ),
    "an encrypted entry": (archive(Member("a", local={"flags": 1}, central={"flags": 1})), "encrypted"),
    "strong encryption": (archive(Member("a", local={"flags": 65}, central={"flags": 65})), "encrypted"),
    "a hidden directory": (
        archive(Member("a", local={"flags": 1 << 13}, central={"flags": 1 << 13})),
        "encrypted",
    ),
    "patched data": (archive(Member("a", local={"flags": 32}, central={"flags": 32})), "not supported"),
    "an unknown method": (archive(Member("a", method=12)), "packed by method 12"),
    "a file cut short": (WHOLE[:-30], "cut short"),
    "half a file": (WHOLE[: len(WHOLE) // 2], "cut short"),
    "a beginning cut off": (WHOLE[10:], "not where its end says"),
    "an empty file": (b"", "not a zip archive"),
    "another kind of file": (b"\x89PNG" + bytes(300), "not a zip archive"),
    "bytes behind the end": (archive(Member("a"), after=b"garbage"), "7 bytes follow its end"),
    "another archive behind the end": (
        archive(Member("a")) + archive(Member("b")),
        "bytes were put before it",
    ),
    "bytes before the beginning, not counted": (
        b"#!/bin/sh\n" + archive(Member("a")),
        "bytes were put before it",
    ),
    "bytes before the beginning, counted": (
        archive(Member("a"), before=b"#!/bin/sh\n"),
        "10 bytes before the first entry",
    ),
    "bytes between entries": (archive(Member("a"), Member("b", before=b"hidden")), "6 bytes between entries"),
    "bytes before the directory": (archive(Member("a"), between=b"hidden"), "before the directory"),
    "a local header with another name": (
        archive(Member("a", local={"name": b"b"})),
        "is called 'b' where it lies",
    ),
    "a local header with another size": (archive(Member("a", local={"size": 3})), "headers of 'a' disagree"),
    "a local header with another method": (
        archive(Member("a", local={"method": 8})),
        "headers of 'a' disagree",
    ),
    "a local header with other flags": (archive(Member("a", local={"flags": 0})), "headers of 'a' disagree"),
    "a local header with another checksum": (
        archive(Member("a", local={"crc": 3})),
        "headers of 'a' disagree",
    ),
    "an entry that is not where it should be": (
        archive(Member("a"), Member("b", at=7)),
        "no entry where the directory",
    ),
    "an entry far behind the end": (archive(Member("a", at=0xFFFFFFF0)), "no entry where the directory"),
    "an entry that reaches into the directory": (
        archive(Member("a", local={"packed": 60, "size": 60}, central={"packed": 60, "size": 60})),
        "reaches into the directory",
    ),
    "fewer entries than its end says": (
        archive(Member("a"), end={"here": 2, "count": 2}),
        "shorter than its end says",
    ),
    "more entries than its end says": (
        archive(Member("a"), Member("b"), end={"here": 1, "count": 1}),
        "more than its end says",
    ),
    "one part of several": (archive(Member("a"), end={"disk": 1}), "one part of several"),
    "an entry on another disk": (archive(Member("a", central={"disk": 1})), "one part of several"),
    "64-bit fields that are not there": (archive(Member("a"), end={"offset": 0xFFFFFFFF}), "64-bit fields"),
    "damaged extra data": (
        archive(Member("a", central={"extra": b"\x01\x00\x50\x00x"})),
        "damaged extra data",
    ),
    "two 64-bit sizes in one header": (
        archive(Member("a", central={"extra": wide(5) + wide(6), "size": 0xFFFFFFFF})),
        "damaged extra data",
    ),
    "64-bit sizes that only one header has": (
        archive(Member("a", central={"extra": wide(1 << 33), "size": 0xFFFFFFFF})),
        "headers of 'a' disagree",
    ),
    "a description behind the bytes that disagrees": (
        archive(
            Member("a", local=NOT_YET, central=STREAMED, after=b"PK\x07\x08" + struct.pack("<III", 1, 2, 3))
        ),
        "what follows 'a' disagrees",
    ),
}
"""Name of the attack to the archive and the words."""
