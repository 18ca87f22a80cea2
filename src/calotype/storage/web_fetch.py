"""Fetch files from strangers' URLs: whole or not at all, several at a time, again where that may help."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from calotype.errors import CalotypeError, ConfigurationError, StorageError, Transient
from calotype.storage.faults import storage_faults
from calotype.storage.files import replacing
from calotype.storage.web_client import Retry, WebClient, WebClients
from calotype.storage.web_connect import Resolver, system_addresses
from calotype.storage.web_names import name_parts, unique_names
from calotype.storage.web_policy import FetchPolicy
from calotype.storage.web_urls import WebUrl

_NOT_OF_THE_URL = (StorageError, ConfigurationError)

OnBytes = Callable[[int, int | None], None]
"""Called with (bytes so far, bytes in all where the server said so); may raise to stop. After a broken attempt it begins again."""


@dataclass(frozen=True)
class FetchedFile:
    """A file that was fetched."""

    path: Path
    size: int
    content_type: str
    """As the server calls it; nothing to rely on."""


@dataclass(frozen=True)
class FetchOutcome:
    """What became of one URL of many: a file, or the reason why there is none."""

    url: str
    file: FetchedFile | None = None
    error: CalotypeError | None = None


OnOutcome = Callable[[int, int, FetchOutcome], None]
"""Called with (ended so far, all, the one that ended); may raise to stop everything."""


def fetch_to_file(
    url: str,
    path: Path,
    policy: FetchPolicy,
    on_bytes: OnBytes | None = None,
    *,
    retry: Retry | None = None,
    resolve: Resolver = system_addresses,
) -> FetchedFile:
    """The new or replaced file `path` with what `url` leads to; it appears whole or not at all.

    Raises UrlRefused for what must not be contacted, UnreadableInput for what is not there or too large, Transient where the
    last attempt also failed for a cause that may pass, NoSpace and StorageError for the disk.
    """
    with WebClient(policy, resolve=resolve) as client:
        return fetch_with(client, url, path, on_bytes, retry)


def fetch_with(
    client: WebClient, url: str, path: Path, on_bytes: OnBytes | None = None, retry: Retry | None = None
) -> FetchedFile:
    """As `fetch_to_file`, over a client whose connections are used again."""
    return client.carry_out(lambda: _once(client, url, path, on_bytes), retry or Retry())


def _once(client: WebClient, url: str, path: Path, on_bytes: OnBytes | None) -> FetchedFile:
    # The disk's faults apart from the network's, which are told where they happen.
    with client.request("GET", url) as answer, storage_faults(str(path), "writing", writing=True):
        answer.check_found()
        total = None if answer.is_encoded else answer.announced
        size = 0
        with replacing(path) as temporary:
            with temporary.open("xb") as file:
                for piece in answer.body():
                    file.write(piece)
                    size += len(piece)
                    if on_bytes:
                        on_bytes(size, total)
            if total is not None and size != total:
                raise Transient(f"{answer.url.shown}: the answer broke off after {size} of {total} bytes.")
        return FetchedFile(path, size, answer.headers.get("content-type", ""))


def names_for(urls: Sequence[str]) -> list[str]:
    """A file name for each URL, from the end of its path; none twice. A URL that cannot be read is called `refused`."""

    def name(url: str) -> str:
        try:
            return name_parts(WebUrl.parse(url))[-1]
        except CalotypeError:
            return "refused"

    return unique_names([name(url) for url in urls])


def fetch_all(
    urls: Sequence[str],
    folder: Path,
    policy: FetchPolicy,
    on_outcome: OnOutcome | None = None,
    *,
    at_once: int = 8,
    retry: Retry | None = None,
    resolve: Resolver = system_addresses,
) -> list[FetchOutcome]:
    """What became of each URL, in their order: files in `folder` under the names of `names_for`, or reasons.

    One that fails stops no other, except for the disk's own failures, which are raised: they would meet all. What
    `on_outcome` raises is raised, once nothing is under way any more; files that were complete then stay.
    """
    stop = threading.Event()
    clients = WebClients(policy, resolve, stop)
    names = names_for(urls)

    def fetch(url: str, name: str) -> FetchOutcome:
        try:
            with clients.one() as client:
                return FetchOutcome(url, fetch_with(client, url, folder / name, None, retry))
        except _NOT_OF_THE_URL:
            raise
        except CalotypeError as error:
            return FetchOutcome(url, error=error)

    pool = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="fetch")
    try:
        futures = [pool.submit(fetch, url, name) for url, name in zip(urls, names, strict=True)]
        _watch(futures, on_outcome)
        return [future.result() for future in futures]
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        clients.close()


def _watch(futures: Sequence[Future[FetchOutcome]], on_outcome: OnOutcome | None) -> None:
    for done, future in enumerate(as_completed(futures), 1):
        outcome = future.result()
        if on_outcome:
            on_outcome(done, len(futures), outcome)
