"""Archives: what we write we read, what others write honestly too, and what is dishonest or broken is refused in words."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from tests.storage.hostile_archives import (
    HOSTILE,
    NOT_YET,
    STREAMED,
    WHOLE,
    Member,
    archive,
    wide,
)

from calotype.errors import EXIT_CONFIGURATION, UnreadableInput
from calotype.storage.archive_layout import DEFLATED, STORED
from calotype.storage.archives import ArchiveLimits, ArchiveReader, ArchiveWriter

LIMITS = ArchiveLimits(entries=1000, entry_bytes=256 << 20, total_bytes=64 << 20)


def contents(path: Path) -> dict[str, bytes]:
    """Everything in an archive."""
    with ArchiveReader(path, LIMITS) as reader:
        return {name: reader.read(name) for name in reader.entries}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.zip"


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_archive_is_refused_in_words(attack: str, path: Path) -> None:
    data, words = HOSTILE[attack]
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as refused:
        contents(path)
    assert words in str(refused.value)
    assert str(path) in str(refused.value)
    assert refused.value.exit_code == EXIT_CONFIGURATION
    assert len(str(refused.value)) < 500


def test_every_attack_is_refused_for_a_reason_of_its_own() -> None:
    assert len(HOSTILE) >= 25
    assert all(words for _, words in HOSTILE.values())


def test_no_changed_byte_gives_other_contents(path: Path) -> None:
    path.write_bytes(WHOLE)
    honest = contents(path)
    refused = 0
    for at in range(len(WHOLE)):
        for value in {0, 255, WHOLE[at] ^ 1, WHOLE[at] ^ 128} - {WHOLE[at]}:
            path.write_bytes(WHOLE[:at] + bytes([value]) + WHOLE[at + 1 :])
            try:
                assert contents(path) == honest
            except UnreadableInput:
                refused += 1
    assert refused > 2 * len(WHOLE)


def test_no_part_of_an_archive_is_taken_for_one(path: Path) -> None:
    for end in range(len(WHOLE)):
        path.write_bytes(WHOLE[:end])
        with pytest.raises(UnreadableInput):
            contents(path)


@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing"])
def test_what_is_no_file_is_refused_without_waiting(kind: str, path: Path) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(UnreadableInput):
        ArchiveReader(path)


def test_what_is_written_is_read_and_equal_entries_are_equal_bytes(path: Path, tmp_path: Path) -> None:
    entries = {
        "ä/b.json": ",".join(map(str, range(3000))).encode(),
        "noise": os.urandom(3 << 20),
        "nothing": b"",
        "black": bytes(2 << 20),
    }
    twin = tmp_path / "twin.zip"
    for target in (path, twin):
        with ArchiveWriter(target) as writer:
            for name, data in entries.items():
                writer.add(name, data)
            writer.add_stream("stream", 6, [b"abc", b"", b"def"])
    assert contents(path) == {**entries, "stream": b"abcdef"}
    assert path.read_bytes() == twin.read_bytes()
    assert path.stat().st_size < sum(map(len, entries.values())) - 5000
    with zipfile.ZipFile(path) as others:
        assert others.testzip() is None


def test_archives_of_other_tools_are_read(path: Path) -> None:
    class OnePass(io.BytesIO):
        """A pipe: sizes can only be written behind the bytes."""

        def seekable(self) -> bool:
            return False

    made = OnePass()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as others:
        others.mkdir("photos")
        others.writestr("photos/a.jpg", b"jpeg" * 1000)
        others.writestr("photos/empty", b"")
    path.write_bytes(made.getvalue())
    assert contents(path) == {"photos/a.jpg": b"jpeg" * 1000, "photos/empty": b""}

    marked = b"PK\x07\x08" + struct.pack("<IQQ", zlib.crc32(b"hello"), 5, 5)
    wide_member = Member("w", local={"extra": wide(5, 5), "size": 0xFFFFFFFF, "packed": 0xFFFFFFFF})
    path.write_bytes(archive(Member("m", local=NOT_YET, central=STREAMED, after=marked), wide_member))
    assert contents(path) == {"m": b"hello", "w": b"hello"}


def test_more_than_65535_entries_and_more_than_4_gib_are_no_limit(path: Path, tmp_path: Path) -> None:
    with ArchiveWriter(path) as writer:
        for index in range(66_000):
            writer.add(f"{index}", b"")
    with ArchiveReader(path) as reader:
        assert len(reader.entries) == 66_000
    large = tmp_path / "large.zip"
    size = (4 << 30) + 5
    header = (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 45, 0, 0, 0, 33, 7, 0xFFFFFFFF, 0xFFFFFFFF, 1, 20)
        + b"a"
        + wide(size, size)
    )
    listed = (
        struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0, 0, 0, 33, 7, 0xFFFFFFFF, 0xFFFFFFFF, 1, 20, 0, 0, 0, 0, 0
        )
        + b"a"
        + wide(size, size)
    )
    offset = len(header) + size
    end = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(listed), offset)
    end += struct.pack("<4sIQI", b"PK\x06\x07", 0, offset + len(listed), 1)
    end += struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), 0xFFFFFFFF, 0)
    with large.open("wb") as file:
        file.write(header)
        file.seek(offset)  # A hole: the disk holds nothing of it.
        file.write(listed + end)
    with ArchiveReader(large) as reader:
        assert reader.entries["a"].size == size


@pytest.mark.parametrize("method", ["stored", "deflated"])
def test_a_large_entry_is_never_in_memory_as_a_whole(method: str, path: Path) -> None:
    block = os.urandom(1 << 16) + bytes(1 << 16)  # Deflates to half, so it is no bomb.
    blocks = (48 << 20) // len(block)
    tracemalloc.start()
    try:
        if method == "stored":
            with ArchiveWriter(path) as writer:
                writer.add_stream("large", 48 << 20, (block for _ in range(blocks)))
        else:
            packing = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
            with packing, packing.open("large", "w") as member:
                for _ in range(blocks):
                    member.write(block)
        with ArchiveReader(path) as reader:
            assert reader.entries["large"].method == {"stored": STORED, "deflated": DEFLATED}[method]
            assert sum(len(chunk) for chunk in reader.stream("large")) == 48 << 20
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
