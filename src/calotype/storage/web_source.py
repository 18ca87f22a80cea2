"""Photos named by URLs as the files of a source: looked at when the source is listed, fetched when they are stored."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from calotype.errors import UnreadableInput
from calotype.storage.source_items import SourceItem
from calotype.storage.web_client import Retry, WebClient, WebClients, WebResponse
from calotype.storage.web_connect import Resolver, system_addresses
from calotype.storage.web_fetch import fetch_to_file
from calotype.storage.web_names import name_parts, suffix_of_type
from calotype.storage.web_policy import FetchPolicy
from calotype.storage.web_urls import WebUrl

_RANGE = re.compile(r"bytes (?:0-\d+|\*)/(\d+)")


@dataclass(frozen=True)
class WebEntry:
    """One URL of a list, looked at."""

    parts: tuple[str, ...]
    """Host, folders and file name; the name ends as the content type says where the URL does not tell."""
    item: SourceItem


class WebFiles:
    """The files behind the URLs of one list. Their locations hold a digest instead of the query, which may be a signature."""

    url = ""
    """Nothing in front of a key: locations are the keys."""

    def __init__(
        self, policy: FetchPolicy, resolve: Resolver = system_addresses, retry: Retry | None = None
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._retry = retry or Retry()
        self._clients = WebClients(policy, resolve)
        self._urls: dict[str, str] = {}

    def look(self, url: str, endings: tuple[str, ...]) -> WebEntry:
        """What is behind a URL, of which the first byte is asked for. Its name is given later, when all are known.

        Raises as fetching does: UrlRefused, UnreadableInput, Transient.
        """
        parsed = WebUrl.parse(url)
        with self._clients.one() as client:
            size, stamp, content_type = client.carry_out(lambda: _looked(client, url), self._retry)
        if size > self._policy.max_bytes:
            raise UnreadableInput(
                f"{parsed.shown} has {size} bytes; up to {self._policy.max_bytes} are fetched."
            )
        parts = name_parts(parsed)
        suffix = suffix_of_type(content_type)
        if suffix in endings and not parts[-1].lower().endswith(endings):
            parts = (*parts[:-1], parts[-1] + suffix)
        location = _location(parsed)
        self._urls[location] = url
        return WebEntry(parts, SourceItem(parts[-1], location, size, stamp, store=self, key=location))

    def close(self) -> None:
        """Nothing; connections that were kept between looks are closed."""
        self._clients.close()

    def download(self, key: str, path: Path) -> int:
        """The bytes written to `path`, which appears whole or not at all; raises as fetching does."""
        return fetch_to_file(
            self._urls[key], path, self._policy, retry=self._retry, resolve=self._resolve
        ).size


def _location(url: WebUrl) -> str:
    path, mark, query = url.target.partition("?")
    digest = f"?sha256={hashlib.sha256(query.encode()).hexdigest()[:32]}" if mark else ""
    return url.origin + path + digest


def _looked(client: WebClient, url: str) -> tuple[int, str, str]:
    """Bytes, stamp and content type; the method is GET, since a presigned URL is good for no other."""
    with client.request("GET", url, [("Range", "bytes=0-0")]) as answer:
        if answer.status != 416:
            answer.check_found()
        size = _size(answer)
        stamp, content_type = _stamp(answer), answer.headers.get("content-type", "")
        if size is None and answer.status == 200:
            size = sum(map(len, answer.body()))
    if size is None:
        with client.request("GET", url) as whole:
            whole.check_found()
            size = sum(map(len, whole.body()))
    return size, stamp, content_type


def _size(answer: WebResponse) -> int | None:
    """The size of the whole file, from its head; None where only reading it tells."""
    if answer.status == 200:
        return None if answer.is_encoded else answer.announced
    found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if found is None:
        return None
    if answer.status == 416 and int(found[1]) > 0:
        raise UnreadableInput(f"{answer.url.shown}: the server contradicts itself about its size.")
    return int(found[1])


def _stamp(answer: WebResponse) -> str:
    """What changes when the file does; something never seen before where the server has nothing to say on that."""
    etag = answer.headers.get("etag", "")
    if etag and not etag.startswith("W/"):
        return f"etag {etag[:200]}"
    modified = answer.headers.get("last-modified", "")
    return f"modified {modified[:100]}" if modified else f"unknown {uuid.uuid4().hex}"
