"""Send to strangers' URLs: a file to a presigned URL, a message to a webhook. Nowhere else: no redirect is followed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from calotype.errors import (
    InvalidParameter,
    StorageError,
    Transient,
    UnreadableInput,
    UploadExpired,
    UrlRefused,
)
from calotype.storage.files import FileStamp
from calotype.storage.web_client import Retry, WebClient, WebResponse
from calotype.storage.web_connect import Resolver, checked_addresses, system_addresses
from calotype.storage.web_policy import UPLOADS, WEBHOOKS, FetchPolicy
from calotype.storage.web_urls import WebUrl, shown_url

OnSent = Callable[[int, int], None]
"""Called with (bytes sent, bytes in all); may raise to stop. After a broken attempt it begins again."""

_CHUNK_BYTES = 1 << 18
_MOST_SAID = 4096
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTENT_TYPE = re.compile(r"[!-~]+/[ -~]+")
# S3's words for an upload whose URL is the trouble; the only thing ever read from the body of an answer.
_EXPIRED = re.compile(
    rb"<Code>(AccessDenied|ExpiredToken|TokenRefreshRequired|InvalidToken|SignatureDoesNotMatch|RequestTimeTooSkewed|"
    rb"InvalidAccessKeyId|AuthorizationQueryParametersError)</Code>"
)
_SET_BY_US = {"host", "content-length", "content-type", "transfer-encoding", "connection", "user-agent"}


def put_file(
    url: str,
    path: Path,
    content_type: str,
    policy: FetchPolicy = UPLOADS,
    on_bytes: OnSent | None = None,
    *,
    retry: Retry | None = None,
    resolve: Resolver = system_addresses,
) -> None:
    """Nothing; the server behind the presigned `url` has taken the whole file with one PUT.

    Raises UploadExpired when the URL has expired or its signature does not fit, UrlRefused for what must not be contacted,
    StorageError for any other refusal, Transient where the last attempt also failed for a cause that may pass, and
    UnreadableInput when the file cannot be read or is written to meanwhile.
    """
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise InvalidParameter(f"{content_type[:100]!r} is no content type such as image/png.")
    stamp = FileStamp.of(path)
    shown = WebUrl.parse(url).shown
    policy = replace(policy, max_redirects=0)
    headers = (("Content-Type", content_type), ("Content-Length", str(stamp.size)))

    def once() -> None:
        upload = _Upload(path, stamp, on_bytes)
        with client.request("PUT", url, headers, upload.chunks) as answer:
            _check_taken(answer, shown)
        if upload.sent != stamp.size:
            raise Transient(f"{shown}: only {upload.sent} of {stamp.size} bytes were taken.")

    with WebClient(policy, resolve=resolve) as client:
        client.carry_out(once, retry or Retry())


class _Upload:
    """One attempt to send a file."""

    def __init__(self, path: Path, stamp: FileStamp, on_bytes: OnSent | None) -> None:
        self._path = path
        self._stamp = stamp
        self._on_bytes = on_bytes
        self.sent = 0

    def chunks(self) -> Iterator[bytes]:
        try:
            file = self._path.open("rb")
        except OSError as error:
            raise UnreadableInput(f"{self._path} cannot be read: {error.strerror}.") from error
        with file:
            while chunk := file.read(_CHUNK_BYTES):
                # Before it is sent: a file that grows would otherwise be longer than announced.
                self._stamp.check(self._path)
                yield chunk
                self.sent += len(chunk)
                if self._on_bytes:
                    self._on_bytes(self.sent, self._stamp.size)
        self._stamp.check(self._path)


def _check_taken(answer: WebResponse, shown: str) -> None:
    status = answer.status
    if status in (200, 201, 204):
        return
    if answer.is_busy:
        raise answer.busy()
    if status in (401, 403) or (status == 400 and _EXPIRED.search(_beginning(answer))):
        raise UploadExpired(
            f"{shown}: the upload was refused (HTTP {status}): the presigned URL has expired, or its signature is wrong "
            "or was made for another method, content type or size. Ask for a new one."
        )
    raise StorageError(f"{shown}: the upload was refused (HTTP {status}).")


def _beginning(answer: WebResponse) -> bytes:
    said = b""
    for chunk in answer.chunks:
        said += chunk
        if len(said) >= _MOST_SAID:
            break
    return said[:_MOST_SAID]


@dataclass(frozen=True)
class Posted:
    """How a message was received."""

    status: int
    """HTTP status; 2xx means that it has arrived."""
    retry_after_s: float | None
    """Seconds that the server asked to wait before the next attempt; None when it did not."""

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300


def post_json(
    url: str,
    message: bytes | Mapping[str, Any],
    policy: FetchPolicy = WEBHOOKS,
    *,
    headers: Mapping[str, str] | None = None,
    resolve: Resolver = system_addresses,
) -> Posted:
    """How one POST of `message` (JSON text as bytes where a signature covers them) was received; tried once.

    Whoever keeps the message tries again. Raises UrlRefused for what must not be contacted, and for a redirect; Transient
    when there was no answer. Errors name the server only: paths of webhooks are secrets.
    """
    body = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
    extra = _checked_headers(headers or {})
    shown = _server_of(url)
    sent = (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *extra)
    policy = replace(policy, max_redirects=0)

    def once() -> Posted:
        with client.request("POST", url, sent, lambda: [body], shown=shown) as answer:
            return Posted(answer.status, answer.wait_s)

    with WebClient(policy, resolve=resolve) as client:
        return client.carry_out(once, Retry(attempts=1))


def _server_of(url: str) -> str:
    try:
        return WebUrl.parse(url).origin
    except UrlRefused as error:
        told = shown_url(url)
        raise UrlRefused(str(error).replace(told, "/".join(told.split("/")[:3]))) from None


def _checked_headers(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _SET_BY_US:
            raise InvalidParameter(f"{name[:100]!r} cannot be a header of a webhook.")
        if not (value.isascii() and value.isprintable()):
            raise InvalidParameter(
                f"The header {name} of a webhook holds a line break or a letter beyond ASCII."
            )
    return list(headers.items())


def check_s3_endpoint(
    endpoint: str,
    policy: FetchPolicy | None = None,
    *,
    virtual_hosted_bucket: str = "",
    resolve: Resolver = system_addresses,
) -> None:
    """Nothing, if the S3 endpoint that a job brings may be contacted; UrlRefused, with the reason, otherwise.

    With a bucket that goes into the host name, that name is looked at, too.
    The S3 client resolves the name again for itself, so a name that changes its address between the two is not caught here;
    a network policy of the deployment must be the second wall. An endpoint that is an address has no such gap.
    """
    rules = policy or FetchPolicy()
    parts = WebUrl.parse(endpoint)
    if "?" in parts.target:
        raise UrlRefused(f"{shown_url(endpoint)}: an S3 endpoint has no query.")
    rules.check_scheme_and_port(parts.scheme, parts.host, parts.port)
    hosts = [parts.host]
    if virtual_hosted_bucket:
        hosts.append(WebUrl.parse(f"{parts.scheme}://{virtual_hosted_bucket}.{parts.netloc}").host)
    for host in hosts:
        checked_addresses(host, parts.port, rules, resolve)
