"""Find the files of a source: in a folder, below a bucket prefix, or named by a list of paths and URLs."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from calotype.artifacts.kinds import Video
from calotype.errors import ConfigurationError, InvalidParameter, UnreadableInput, UrlRefused
from calotype.storage.names import valid_key
from calotype.storage.s3 import S3Settings
from calotype.storage.source_items import SourceItem, SourceItems
from calotype.storage.store import ObjectInfo, Store, folder_of, open_store
from calotype.storage.transfer import read_ahead
from calotype.storage.web_names import unique_names
from calotype.storage.web_policy import FetchPolicy
from calotype.storage.web_urls import WebUrl, shown_url

LEDGER = ".calotype-published.json"
"""Lies in every folder that receives outputs, and lists them."""

NO_VIDEO = (
    "frames from video do not exist yet; extract them first, for example with "
    "`ffmpeg -i film.mp4 -r 2 -qscale:v 2 frames/%05d.jpg`, and give that folder"
)


_LOOKED_AT_ONCE = 8

Found = tuple[SourceItems, list[str]]
"""Files in no order, and the names of those that were left out."""


def local_files(
    path: Path,
    endings: tuple[str, ...],
    options: Mapping[str, str] | None,
    s3: S3Settings | None,
    web: FetchPolicy,
) -> Found:
    """The files in a folder, or named by a list, or the one file itself. Raises UnreadableInput, also for videos."""
    if path.is_dir():
        return _folder(path, endings)
    if not path.exists():
        raise UnreadableInput(
            f"{path} does not exist. Give a folder of photos, a bucket prefix, or a list file."
        )
    if endings and not path.name.lower().endswith(endings):
        if path.suffix.lower() in Video.suffixes:
            raise UnreadableInput(f"{path} is a video: {NO_VIDEO}.")
        if path.suffix.lower() == ".txt":
            return _list_file(path, endings, options, s3, web)
        raise UnreadableInput(f"{path} is neither a folder nor a file ending in {listed(endings)}.")
    return SourceItems([_local_item(path, path.name)]), []


def _folder(folder: Path, endings: tuple[str, ...]) -> Found:
    items = SourceItems()
    ignored: list[str] = []
    for base, folders, files in os.walk(folder, onerror=_raise_unreadable):
        below = PurePosixPath(Path(base).relative_to(folder).as_posix())
        at_top = not below.parts
        # A link to a folder may lead in a circle; it is named among the ignored, not followed in silence.
        ignored += [
            str(below / name) for name in folders if not _hidden(name) and Path(base, name).is_symlink()
        ]
        inside = [name for name in folders if not _hidden(name)]
        # What a run published is not what it was made from, though it may lie in the same folder.
        folders[:] = [name for name in inside if not Path(base, name, LEDGER).exists()]
        ignored += [str(below / name) for name in inside if name not in folders]
        for name in files:
            if _hidden(name):
                continue
            if _wanted(name, endings) and not _leads_nowhere(Path(base, name)):
                items.append(_local_item(Path(base, name), name if at_top else f"{below}/{name}"))
            else:
                ignored.append(str(below / name))
    return items, ignored


def location_of(path: Path) -> str:
    """The `file://` URL of a file, any name included."""
    return "file://" + quote(os.fsencode(path.absolute()))


def _local_item(path: Path, name: str) -> SourceItem:
    try:
        status = os.stat(path)
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror}.") from error
    return SourceItem(
        _name(name, path), location_of(path), status.st_size, str(status.st_mtime_ns), path=path
    )


def remote_files(
    url: str, endings: tuple[str, ...], options: Mapping[str, str] | None, s3: S3Settings | None
) -> Found:
    """The objects below a prefix, or the one object that has this URL. Raises UnreadableInput when there is none."""
    store = open_store(url, options=options, s3=s3)
    items = SourceItems()
    ignored: list[str] = []
    for info in store.list():
        if any(_hidden(part) for part in info.key.split("/")):
            continue
        if _wanted(info.key, endings):
            items.append(_remote_item(store, info, info.key))
        else:
            ignored.append(info.key)
    if not items and not ignored:
        key = url.removeprefix("s3://").partition("/")[2]
        if url.startswith("s3://") and key and not key.endswith("/"):
            return SourceItems([_remote_file(url, options, s3)]), []
        raise UnreadableInput(f"There is nothing below {url}. Check bucket and prefix.")
    return items, ignored


def _remote_file(url: str, options: Mapping[str, str] | None, s3: S3Settings | None) -> SourceItem:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if PurePosixPath(key).suffix.lower() in Video.suffixes:
        raise UnreadableInput(f"{url} is a video: {NO_VIDEO}.")
    store = open_store(f"s3://{bucket}", options=options, s3=s3)
    info = store.head(key)
    if info is None:
        raise UnreadableInput(f"There is nothing at {url}. Check bucket and prefix.")
    return _remote_item(store, info, PurePosixPath(key).name)


def _remote_item(store: Store, info: ObjectInfo, name: str) -> SourceItem:
    location = f"{store.url}/{info.key}"
    stamp = info.etag or info.modified.isoformat()
    return SourceItem(_name(name, location), location, info.size, stamp, store=store, key=info.key)


def _list_file(
    path: Path,
    endings: tuple[str, ...],
    options: Mapping[str, str] | None,
    s3: S3Settings | None,
    web: FetchPolicy,
) -> Found:
    entries = list(_entries(path))
    repeated = [entry for entry, times in Counter(entries).items() if times > 1]
    if repeated:
        raise UnreadableInput(f"{path} names {shown_source(repeated[0])} more than once.")
    urls = [entry for entry in entries if is_web(entry)]
    others = [entry for entry in entries if not is_web(entry)]
    wanted = [entry for entry in others if _wanted(entry, endings)]
    ignored = [entry for entry in others if not _wanted(entry, endings)]

    def item(entry: str) -> SourceItem:
        if entry.startswith("s3://"):
            return _remote_file(entry, options, s3)
        return _local_item(Path(entry), Path(entry).name)

    looked, not_wanted = _web_items(urls, endings, web)
    with read_ahead(wanted, item, _LOOKED_AT_ONCE) as found:
        items = [*zip(map(_parts, wanted), found, strict=True), *looked]
    return _named(items), ignored + not_wanted


_Placed = tuple[tuple[str, ...], SourceItem]
"""The parts of a path from its root on, and the file there."""


def web_files(urls: Sequence[str], endings: tuple[str, ...], web: FetchPolicy) -> Found:
    """The files behind these URLs, each asked for its first byte. Raises UrlRefused, UnreadableInput or Transient."""
    repeated = [url for url, times in Counter(urls).items() if times > 1]
    if repeated:
        raise UnreadableInput(f"{shown_url(repeated[0])} is given more than once.")
    items, ignored = _web_items(urls, endings, web)
    return _named(items), ignored


def _web_items(
    urls: Sequence[str], endings: tuple[str, ...], web: FetchPolicy
) -> tuple[list[_Placed], list[str]]:
    if not urls:
        return [], []
    from calotype.storage.web_source import WebFiles

    files = WebFiles(web)
    items: list[_Placed] = []
    ignored: list[str] = []
    with (
        closing(files),
        read_ahead(urls, lambda url: files.look(url, endings), _LOOKED_AT_ONCE) as looked,
    ):
        for url, entry in zip(urls, looked, strict=True):
            if _wanted(entry.parts[-1], endings):
                items.append((("/", *entry.parts), entry.item))
            else:
                ignored.append(WebUrl.parse(url).shown)
    return items, ignored


def _named(items: Sequence[_Placed]) -> SourceItems:
    """The files under names relative to the deepest folder that all share, those from the web made different by a number."""
    names = _short_names([parts for parts, _ in items])
    if any(is_web(item.location) for _, item in items):
        names = unique_names(names)
    return SourceItems(replace(item, name=name) for name, (_, item) in zip(names, items, strict=True))


def _entries(path: Path) -> Iterator[str]:
    """Absolute paths, s3 and web URLs of a list file; blank lines and lines that start with `#` are left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read as a list of paths: {error}.") from error
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        scheme, separator, _ = line.partition("://")
        if separator and scheme.lower() in ("http", "https"):
            try:
                WebUrl.parse(line)
            except UrlRefused as error:
                raise UrlRefused(f"{path}, line {number}: {error}") from error
            yield line
            continue
        if separator and scheme not in ("s3", "file"):
            raise ConfigurationError(
                f"{path}, line {number}: {scheme}:// is not supported; use paths, file://, s3:// or https://."
            )
        if scheme == "s3" and separator:
            yield line
        else:
            local = folder_of(line) if separator else path.parent / line
            yield os.path.abspath(local)


def _parts(entry: str) -> tuple[str, ...]:
    return PurePosixPath(entry.replace("s3://", "/", 1) if entry.startswith("s3://") else entry).parts


def _short_names(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Names relative to the deepest folder that all paths share."""
    folders = [parts[:-1] for parts in paths]
    shared = 0
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return ["/".join(parts[shared:]) for parts in paths]


def _name(name: str, where: object) -> str:
    try:
        return valid_key(name)
    except InvalidParameter as error:
        raise UnreadableInput(
            f"{where!s} has a name that cannot be kept: {error} Rename the file."
        ) from error


def _wanted(name: str, endings: tuple[str, ...]) -> bool:
    return not endings or name.lower().endswith(endings)


def _leads_nowhere(path: Path) -> bool:
    return os.path.islink(path) and not os.path.exists(path)


def _hidden(name: str) -> bool:
    """Whether a system made this beside the user's files (`.DS_Store`, `._photo.jpg`, what macOS adds to archives)."""
    return name.startswith(".") or name == "__MACOSX"


def _raise_unreadable(error: OSError) -> None:
    raise UnreadableInput(f"{error.filename} cannot be read: {error.strerror}.") from error


def is_web(text: str) -> bool:
    """Whether this is a web address, or several with spaces between: all of them must be."""
    parts = text.split()
    return bool(parts) and all(part.lower().startswith(("http://", "https://")) for part in parts)


def shown_source(source: str) -> str:
    """A source for people and records: web addresses without their queries, which may be signatures."""
    if not is_web(source):
        return source
    urls = source.split()
    some = " ".join(shown_url(url) for url in urls[:3])
    return f"{some} and {len(urls) - 3} more" if len(urls) > 3 else some


def listed(endings: tuple[str, ...]) -> str:
    """Endings as a sentence names them."""
    return ", ".join(endings) if endings else "anything"
