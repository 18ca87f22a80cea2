"""Failures of disks and object stores, mapped once onto Calotype's error tree with what to do next."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from calotype.errors import (
    CalotypeError,
    ConfigurationError,
    NoSpace,
    StorageError,
    StoreUnwritable,
    Transient,
    UnknownName,
    UnreadableInput,
)

FULL_DISK = {errno.ENOSPC, errno.EDQUOT}
"""What the system calls a disk without room, or a user without quota."""

_REFUSED = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.EOPNOTSUPP,
}
_PASSING = {errno.EIO, errno.ETIMEDOUT, errno.ESTALE, errno.EBUSY, errno.EMFILE, errno.ENFILE}

_BAD_CREDENTIALS = re.compile(
    r"InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|RequestTimeTooSkewed|CredentialsError"
)
_NO_CREDENTIALS = re.compile(r"169\.254\.(169\.254|170\.2)|metadata")
_WRONG_REGION = re.compile(
    r"PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|BareRedirect"
)
_QUOTA = re.compile(r"QuotaExceeded|StorageFull|InsufficientStorage|507 ", re.IGNORECASE)
_BUSY = re.compile(
    r"status code: (5\d\d|429|408|409)|HTTP error|error sending request|timed? ?out|[Cc]onnection|error decoding"
)


@contextmanager
def storage_faults(place: str, action: str, *, writing: bool) -> Generator[None]:
    """A block in which failures of the disk or of obstore are raised as our errors.

    `place` is the store or folder as the user wrote it, `action` what was being done ("reading blobs/...").
    Errors that are ours already pass unchanged.
    """
    try:
        yield
    except CalotypeError:
        raise
    except OSError as error:
        # obstore raises FileNotFoundError without an errno for a missing object, also in a missing bucket.
        if error.errno is None:
            raise _from_obstore(error, place, action, writing) from error
        raise from_os_error(error, place, action, writing=writing) from error
    except Exception as error:
        from obstore.exceptions import BaseError

        if isinstance(error, BaseError):
            raise _from_obstore(error, place, action, writing) from error
        raise
    except BaseException as error:
        # A panic in obstore's Rust code is no Exception, so nobody above would handle it.
        if type(error).__name__ == "PanicException":
            raise StorageError(f"{place}: {action} failed inside obstore: {error}.") from error
        raise


def from_os_error(error: OSError, place: str, action: str, *, writing: bool) -> CalotypeError:
    """Our error for a failed system call: NoSpace, StoreUnwritable, UnknownName, Transient or StorageError."""
    reason = error.strerror or str(error)
    if error.errno in FULL_DISK:
        return NoSpace(
            f"{place}: {action} failed: {reason}{_room_at(place)}. Free some space there, or choose another disk."
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError) and not writing:
        return UnknownName(f"{place}: {action} failed: there is no such object.")
    if writing and (error.errno in _REFUSED or isinstance(error, FileNotFoundError | FileExistsError)):
        return StoreUnwritable(
            f"{place}: {action} failed: {reason}. Check the path, its permissions and its mount, or choose another store."
        )
    if error.errno in _PASSING:
        return Transient(f"{place}: {action} failed: {reason}.")
    return StorageError(f"{place}: {action} failed: {reason}.")


def readable_size(size: int) -> str:
    """Bytes in the unit that people would use: `3.1 MiB`."""
    value = float(size)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def _room_at(place: str) -> str:
    """How full the disk below a local place is, as a part of a sentence; empty where that cannot be known."""
    text = place.removeprefix("file://")
    if "://" in text:
        return ""
    path = Path(os.path.abspath(unquote(text) if text != place else place))
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return ""
    return f" ({readable_size(usage.free)} of its {readable_size(usage.total)} are free)"


def _from_obstore(error: Exception, place: str, action: str, writing: bool) -> CalotypeError:
    from obstore import exceptions as obs

    text, said = str(error), _first_line(error)
    if "NoSuchBucket" in text:
        return ConfigurationError(
            f"{place}: this bucket does not exist. Create it, or check name, endpoint and region."
        )
    if "invalid path" in said:
        return UnreadableInput(f"{place}: {said}. Rename this object; such names cannot be read safely.")
    if isinstance(error, FileNotFoundError):
        return UnknownName(f"{place}: {action} failed: there is no such object.")
    if _BAD_CREDENTIALS.search(text):
        return ConfigurationError(
            f"{place}: the server refuses the credentials ({said}). Check access key, secret, session token and clock."
        )
    if _NO_CREDENTIALS.search(said):
        return ConfigurationError(
            f"{place}: this machine offers no credentials ({said}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if _WRONG_REGION.search(text):
        return ConfigurationError(f"{place}: the bucket lies in another region ({said}). Set AWS_REGION.")
    if isinstance(error, obs.PermissionDeniedError | obs.UnauthenticatedError):
        kind = StoreUnwritable if writing else ConfigurationError
        return kind(f"{place}: {action} is not allowed ({said}). Check what these credentials may do.")
    if _QUOTA.search(text):
        return NoSpace(f"{place}: {action} failed: the server is full or over its quota ({said}).")
    if _BUSY.search(said):
        return Transient(f"{place}: {action} failed: {said}. Check that the endpoint can be reached.")
    return StorageError(f"{place}: {action} failed: {said}")


def _first_line(error: Exception) -> str:
    """What a person can use of obstore's message: its first line and the server's error code; the rest is a debug dump."""
    text = str(error)
    line = text.split("\n", 1)[0].removesuffix('<?xml version="1.0" encoding="utf-8"?>').strip()
    line = re.sub(r"<\?xml[^>]*\?>", "", line).strip().removesuffix(":")
    code = re.search(r"<Code>(\w+)</Code>", text)
    return f"{line}: {code[1]}" if code and code[1] not in line else line
