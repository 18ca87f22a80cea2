"""Every error Calotype raises, drawn as one tree; each says what happened, to which item, and what to do.

    CalotypeError
    ├── ConfigurationError            exit 78   the request is wrong; asking again changes nothing
    │   ├── InvalidParameter
    │   ├── InvalidPipeline
    │   ├── UnknownName               a run, stage, pipeline or kind nobody knows
    │   ├── MachineTooSmall           a stage needs memory or a GPU that is not there
    │   └── MissingExtra              an optional library is not installed
    ├── InputError                    exit 78   the photos, files or archives are wrong
    │   ├── TooFewImages
    │   ├── UnreadableInput
    │   ├── TooManyRejected           more items were declined than the stage tolerates
    │   ├── PhotosDoNotConnect
    │   ├── UrlRefused                a URL leads where a stranger's URL must not, or is written oddly
    │   │   └── Redirected            a webhook or an upload is sent on to another address, which is not followed
    │   └── UploadExpired             a presigned URL has expired, or its signature does not fit
    ├── StageFailed                   exit 78   a stage raised; the cause is chained
    │   ├── ChildDied                 a supervised child was killed or aborted
    │   └── OutputsInvalid            a stage returned what its annotations do not promise
    ├── StorageError                  exit 78
    │   ├── StoreUnwritable
    │   ├── NoSpace
    │   └── DamagedBlob
    │       └── DamagedInput          found by a task: the step that made it is computed again
    ├── Transient                     exit 75   worth another attempt
    │   └── ServerBusy                a server asked to be left alone for a while
    └── KilledForMemory               exit 137

`Cancelled` stands apart: it derives from BaseException, so that no `except Exception` in a stage can swallow it.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_TRANSIENT = 75
EXIT_CONFIGURATION = 78
EXIT_CANCELLED = 130
EXIT_KILLED_FOR_MEMORY = 137


class CalotypeError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code: int = EXIT_CONFIGURATION


class ConfigurationError(CalotypeError):
    """The request cannot be carried out as asked."""


class InvalidParameter(ConfigurationError):
    """A parameter is unknown, has the wrong type, or lies out of range."""


class InvalidPipeline(ConfigurationError):
    """Stages do not fit together, or a stage's `run` is not annotated as the contract asks."""


class UnknownName(ConfigurationError):
    """No run, stage, pipeline or kind has this name."""


class MachineTooSmall(ConfigurationError):
    """A stage needs more memory, or a GPU, than the machine has."""


class MissingExtra(ConfigurationError):
    """An optional library is needed and not installed; the message names the extra."""


class InputError(CalotypeError):
    """What the user brought cannot be used."""


class TooFewImages(InputError):
    """Fewer photos than the job needs are present or usable."""


class UnreadableInput(InputError):
    """A file is not what its name says, is truncated, or breaks a safety limit."""


class TooManyRejected(InputError):
    """A stage declined a larger share of its items than it tolerates."""


class PhotosDoNotConnect(InputError):
    """No camera poses can be found: the photos do not overlap, or show no texture."""


class UrlRefused(InputError):
    """A URL is not contacted: it leads into a private network, is written in a misleading way, or redirects too often."""


class Redirected(UrlRefused):
    """A server answers that it is found elsewhere, where redirects are not followed."""


class UploadExpired(InputError):
    """An upload was refused because its presigned URL has expired or was signed for something else."""


class StageFailed(CalotypeError):
    """A stage ended with an error; the original is its cause."""


class ChildDied(StageFailed):
    """A supervised child process was killed or aborted; the message holds the reason and its last lines."""


class OutputsInvalid(StageFailed):
    """A stage returned something its annotations do not promise."""


class StorageError(CalotypeError):
    """Bytes could not be read or written."""


class StoreUnwritable(StorageError):
    """The store refuses writes."""


class NoSpace(StorageError):
    """The disk or scratch budget cannot hold what is needed."""


class DamagedBlob(StorageError):
    """A blob is gone, or its bytes do not match its digest."""


class DamagedInput(DamagedBlob):
    """What a task was given is gone or has other bytes than its digest says."""


class Transient(CalotypeError):
    """A failure that another attempt may not meet: a dropped connection, a busy server."""

    exit_code = EXIT_TRANSIENT


class ServerBusy(Transient):
    """A server answered that it cannot serve now."""

    wait_s: float | None = None
    """Seconds that it asked to be left alone, where it said so."""


class KilledForMemory(StageFailed):
    """A worker was killed by the system, most likely for its memory."""

    exit_code = EXIT_KILLED_FOR_MEMORY


class Cancelled(BaseException):
    """The run was cancelled; raised where a stage reports progress."""

    exit_code = EXIT_CANCELLED
