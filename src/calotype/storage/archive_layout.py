"""The structure of a zip archive, read from its end as the format asks, and believed only where every part agrees."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

STORED = 0
DEFLATED = 8

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64 = struct.Struct("<4sIQI")

_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_64_MARK, _LOCATOR_64_MARK, _DESCRIPTOR_MARK = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"

_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13
_DESCRIPTOR = 1 << 3
_UTF8 = 1 << 11
_KNOWN_FLAGS = _DESCRIPTOR | _UTF8 | 1 << 1 | 1 << 2
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
_ZIP64 = 1
_END_SEARCH = _FULL_16 + _END.size
_MOST_DIRECTORY_BYTES = 512 << 20


class Malformed(Exception):
    """Why an archive is not one; a clause without the archive's name or a full stop."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of an archive as both of its headers describe it."""

    name: str
    size: int
    """Bytes when unpacked, as the headers say; reading finds out whether that is true."""
    packed: int
    """Bytes in the archive."""
    crc: int
    method: int
    """`STORED` or `DEFLATED`."""
    mode: int
    """Unix type and permission bits; 0 where the archive does not say."""
    header: int
    """Offset of the local header."""
    data: int
    """Offset of the bytes."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A member as the central directory has it."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    header: int


@dataclass(frozen=True, slots=True)
class _Directory:
    """Where the central directory lies."""

    offset: int
    size: int
    count: int


ReadAt = Callable[[int, int], bytes]
"""(offset, length) to the bytes there; fewer where the file ends."""


def read_layout(read_at: ReadAt, size: int, most_entries: int) -> list[Entry]:
    """The members of an archive of `size` bytes, in the order of the directory.

    The members lie one after the other from the first byte on, then the directory, then its end: nothing before, between,
    over or behind them. Raises Malformed for anything else.
    """
    directory = _find_directory(read_at, size)
    if directory.count > most_entries:
        raise Malformed(f"it holds {directory.count} entries; at most {most_entries} are accepted")
    if directory.size > _MOST_DIRECTORY_BYTES:
        raise Malformed("its directory is larger than any honest one")
    listed = _read_directory(read_at(directory.offset, directory.size), directory)
    ends: dict[int, int] = {}
    entries: list[Entry] = []
    for one in listed:
        entry, end = _read_local(read_at, one, directory.offset)
        if entry.header in ends:
            raise Malformed(f"{entry.name!r} overlaps another entry")
        ends[entry.header] = end
        entries.append(entry)
    _check_contiguous(ends, {entry.header: entry.name for entry in entries}, directory.offset)
    return entries


def _check_contiguous(ends: dict[int, int], names: dict[int, str], directory: int) -> None:
    expected = 0
    for start in sorted(ends):
        if start < expected:
            raise Malformed(f"{names[start]!r} overlaps another entry")
        if start > expected:
            where = (
                "before the first entry" if expected == 0 else f"between entries, before {names[start]!r},"
            )
            raise Malformed(f"{start - expected} bytes {where} belong to no entry")
        expected = ends[start]
    if expected != directory:
        what = "overlap the directory" if expected > directory else "leave bytes before the directory"
        raise Malformed(f"its entries {what}")


def _find_directory(read_at: ReadAt, size: int) -> _Directory:
    tail = read_at(max(0, size - _END_SEARCH), _END_SEARCH)
    if tail[-_END.size :][:4] != _END_MARK or tail[-2:] != b"\0\0":
        at = tail.rfind(_END_MARK)
        if at < 0 or at + _END.size > len(tail):
            raise Malformed("it is not a zip archive, or it was cut short")
        raise Malformed(
            f"{len(tail) - at - _END.size} bytes follow its end: a comment, or something put there"
        )
    at = size - _END.size
    _, disk, first_disk, here, count, length, offset, _ = _END.unpack(tail[-_END.size :])
    end = at
    locator = read_at(at - _LOCATOR_64.size, _LOCATOR_64.size) if at >= _LOCATOR_64.size else b""
    if locator[:4] == _LOCATOR_64_MARK:
        end = at - _LOCATOR_64.size - _END_64.size
        said = (disk, first_disk, here, count, length, offset)
        disk, first_disk, here, count, length, offset = _read_end_64(read_at, locator, end, said)
    elif offset == _FULL_32 or length == _FULL_32 or count == _FULL_16:
        raise Malformed("its end asks for 64-bit fields that are not there")
    if disk or first_disk or here != count:
        raise Malformed("it is one part of several")
    if offset + length != end:
        raise Malformed("its directory is not where its end says it is: bytes were put before it, or cut out")
    return _Directory(offset, length, count)


def _read_end_64(
    read_at: ReadAt, locator: bytes, at: int, said: tuple[int, ...]
) -> tuple[int, int, int, int, int, int]:
    """The fields of the 64-bit end at `at`, which must agree with those of the ordinary end where that could hold them."""
    _, start_disk, offset, disks = _LOCATOR_64.unpack(locator)
    data = read_at(at, _END_64.size) if at >= 0 else b""
    if start_disk or disks != 1 or offset != at or data[:4] != _END_64_MARK:
        raise Malformed("its 64-bit end is not where it should be")
    _, length, _, _, *fields = _END_64.unpack(data)
    if length != _END_64.size - 12:
        raise Malformed("its 64-bit end has an unknown form")
    for short, wide, full in zip(said, fields, (*[_FULL_16] * 4, _FULL_32, _FULL_32), strict=True):
        if short not in (full, wide):
            raise Malformed("its two ends disagree")
    disk, first_disk, here, count, size, start = fields
    return disk, first_disk, here, count, size, start


def _read_directory(data: bytes, directory: _Directory) -> list[_Listed]:
    if len(data) != directory.size or directory.count * _CENTRAL.size > directory.size:
        raise Malformed("its directory is shorter than its end says")
    found: list[_Listed] = []
    at = 0
    for _ in range(directory.count):
        if data[at : at + 4] != _CENTRAL_MARK or at + _CENTRAL.size > len(data):
            raise Malformed("its directory holds fewer entries than its end says")
        one = _CENTRAL.unpack_from(data, at)
        (
            _,
            _,
            _,
            flags,
            method,
            _,
            _,
            crc,
            packed,
            size,
            names,
            extras,
            comment,
            disk,
            _,
            attributes,
            header,
        ) = one
        at += _CENTRAL.size
        raw_name, extra = data[at : at + names], data[at + names : at + names + extras]
        at += names + extras + comment
        if at > len(data):
            raise Malformed("its directory ends in the middle of an entry")
        size, packed, header, disk = _widened(
            extra, ((size, _FULL_32), (packed, _FULL_32), (header, _FULL_32), (disk, _FULL_16)), raw_name
        )
        if disk:
            raise Malformed("it is one part of several")
        found.append(_Listed(raw_name, flags, method, crc, packed, size, attributes >> 16, header))
    if at != len(data):
        raise Malformed("its directory holds more than its end says")
    return found


def _widened(extra: bytes, fields: tuple[tuple[int, int], ...], raw_name: bytes) -> list[int]:
    """The fields of a header, those that are full replaced by their 64-bit values in its extra data."""
    wide: bytes | None = None
    at = 0
    while at < len(extra):
        if at + 4 > len(extra):
            raise Malformed(f"{_shown(raw_name)} has damaged extra data")
        kind, length = struct.unpack_from("<2H", extra, at)
        if at + 4 + length > len(extra) or (kind == _ZIP64 and wide is not None):
            raise Malformed(f"{_shown(raw_name)} has damaged extra data")
        if kind == _ZIP64:
            wide = extra[at + 4 : at + 4 + length]
        at += 4 + length
    values: list[int] = []
    taken = 0
    for value, full in fields:
        if value == full and wide is not None:
            width = 4 if full == _FULL_16 else 8
            if taken + width > len(wide):
                raise Malformed(f"{_shown(raw_name)} has damaged extra data")
            values.append(int.from_bytes(wide[taken : taken + width], "little"))
            taken += width
        else:
            values.append(value)
    return values


def _read_local(read_at: ReadAt, listed: _Listed, limit: int) -> tuple[Entry, int]:
    """A member whose own header agrees with the directory, and the offset at which it ends."""
    shown = _shown(listed.raw_name)
    if listed.flags & _ENCRYPTED:
        raise Malformed(f"{shown} is encrypted")
    if listed.flags & ~_KNOWN_FLAGS:
        raise Malformed(f"{shown} uses a feature of zip that is not supported")
    if listed.method not in (STORED, DEFLATED):
        raise Malformed(
            f"{shown} is packed by method {listed.method}; only stored and deflated are supported"
        )
    head = read_at(listed.header, _LOCAL.size)
    if len(head) != _LOCAL.size or head[:4] != _LOCAL_MARK:
        raise Malformed(f"there is no entry where the directory says that {shown} is")
    _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack(head)
    rest = read_at(listed.header + _LOCAL.size, names + extras)
    if rest[:names] != listed.raw_name:
        raise Malformed(f"{shown} is called {_shown(rest[:names])} where it lies")
    size, packed = _widened(rest[names:], ((size, _FULL_32), (packed, _FULL_32)), listed.raw_name)
    own = (flags, method, crc, packed, size)
    whole = (listed.flags, listed.method, listed.crc, listed.packed, listed.size)
    # Written in one pass, the header did not know the sizes yet; they follow the bytes.
    unknown = (listed.flags, listed.method, 0, 0, 0)
    if own != whole and not (flags & _DESCRIPTOR and own == unknown):
        raise Malformed(f"the two headers of {shown} disagree")
    start = listed.header + _LOCAL.size + names + extras
    end = start + listed.packed
    if flags & _DESCRIPTOR:
        end += _descriptor_length(read_at(end, 24), listed)
    if end > limit:
        raise Malformed(f"{shown} reaches into the directory")
    if listed.method == STORED and listed.packed != listed.size:
        raise Malformed(f"{shown} is stored as it is, but its two sizes differ")
    name = _decoded(listed.raw_name)
    return Entry(
        name, listed.size, listed.packed, listed.crc, listed.method, listed.mode, listed.header, start
    ), end


def _descriptor_length(data: bytes, listed: _Listed) -> int:
    """Bytes of the description behind a member that was written in one pass: with or without a mark, of 32 or 64 bits."""
    for mark in (_DESCRIPTOR_MARK, b""):
        for sizes in ("<IQQ", "<III"):
            if sizes == "<III" and max(listed.packed, listed.size) > _FULL_32:
                continue
            expected = mark + struct.pack(sizes, listed.crc, listed.packed, listed.size)
            if data.startswith(expected):
                return len(expected)
    raise Malformed(f"what follows {_shown(listed.raw_name)} disagrees with the directory")


def _decoded(raw_name: bytes) -> str:
    try:
        return raw_name.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"the name {_shown(raw_name)} is not UTF-8") from error


def _shown(raw_name: bytes) -> str:
    return repr(raw_name[:100].decode(errors="replace"))
