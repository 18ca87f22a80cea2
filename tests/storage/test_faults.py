"""Failures of disks and servers, told as what they are."""

from __future__ import annotations

import errno

import pytest

from calotype.errors import (
    CalotypeError,
    ConfigurationError,
    NoSpace,
    StorageError,
    StoreUnwritable,
    Transient,
    UnknownName,
)
from calotype.storage.faults import storage_faults


def raised(error: BaseException, *, writing: bool = True) -> BaseException:
    with pytest.raises(BaseException) as caught, storage_faults("s3://b", "writing x", writing=writing):  # noqa: PT011
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("number", "writing", "kind"),
    [
        (errno.ENOSPC, True, NoSpace),
        (errno.EDQUOT, True, NoSpace),
        (errno.EROFS, True, StoreUnwritable),
        (errno.EACCES, True, StoreUnwritable),
        (errno.EACCES, False, StorageError),
        (errno.ENOENT, False, UnknownName),
        (errno.ENOENT, True, StoreUnwritable),
        (errno.EIO, True, Transient),
        (errno.EMFILE, False, Transient),
        (errno.EFBIG, True, StorageError),
    ],
)
def test_a_failed_system_call_has_its_place_in_the_tree(
    number: int, writing: bool, kind: type[CalotypeError]
) -> None:
    error = raised(OSError(number, "reason of the system"), writing=writing)
    assert type(error) is kind
    assert "s3://b: writing x failed" in str(error)
    assert isinstance(error.__cause__, OSError)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Server returned non-2xx status code: 503 Service Unavailable: SlowDown", Transient),
        ("Server returned non-2xx status code: 429 Too Many Requests", Transient),
        ("HTTP error: error sending request", Transient),
        ("Server returned non-2xx status code: 507 Insufficient Storage", NoSpace),
        ("<Error><Code>XMinioStorageFull</Code></Error>", NoSpace),
        ("<Error><Code>NoSuchBucket</Code></Error>", ConfigurationError),
        ("<Error><Code>ExpiredToken</Code></Error>", ConfigurationError),
        ("<Error><Code>AuthorizationHeaderMalformed</Code></Error>", ConfigurationError),
        ("Error performing PUT http://169.254.169.254/latest/api/token", ConfigurationError),
        ("something else", StorageError),
    ],
)
def test_what_a_server_says_has_its_place_in_the_tree(text: str, kind: type[CalotypeError]) -> None:
    from obstore.exceptions import GenericError

    error = raised(GenericError(f"Generic S3 error: {text}\n\nDebug source:\nGeneric {{ store: ... }}"))
    assert type(error) is kind
    assert "Debug source" not in str(error)


def test_a_refused_write_and_a_refused_read_are_told_apart() -> None:
    from obstore.exceptions import PermissionDeniedError

    denied = PermissionDeniedError("403 Forbidden: <Error><Code>AccessDenied</Code></Error>")
    assert type(raised(denied, writing=True)) is StoreUnwritable
    assert type(raised(denied, writing=False)) is ConfigurationError


def test_errors_that_are_ours_or_of_our_code_pass_unchanged() -> None:
    for error in (Transient("x"), KeyError("bug"), KeyboardInterrupt()):
        assert raised(error) is error
