"""What the store remembers of a client's job: which run it has, what it asked for, and its answer once it is completed."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.contracts.splat_job import SplatJob, SplatResult
from calotype.engine.definition import definition_path, new_run_id
from calotype.errors import DamagedBlob, InvalidParameter
from calotype.storage.store import Store

log = logging.getLogger(__name__)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_NUMBER = re.compile(r"[0-9]{1,4}")


class JobObject(BaseModel):
    """A job that somebody took up: `jobs/<endpoint>/<job id>.json`, made once. Who is given the job again finds its run here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job_schema: int = 1
    endpoint: str
    id: str
    run: str
    """Id of its run. The run itself may not have been made yet."""
    digest: str
    """sha256 of what the job asks for: another job must not hide behind the same id."""
    created: str
    """UTC, ISO 8601."""


def job_path(endpoint: str, job_id: str) -> str:
    """Where a job's object lies. Raises InvalidParameter for what is no id."""
    return f"jobs/{_checked(endpoint, 'endpoint')}/{_checked_id(job_id)}.json"


def result_path(endpoint: str, job_id: str) -> str:
    """Where the answer of a completed job lies."""
    return f"results/{_checked(endpoint, 'endpoint')}/{_checked_id(job_id)}.json"


def scene_id(job_id: str, number: int) -> str:
    """The id of one scene of a job that holds several. No client's job can have this id: `~` is in none."""
    return f"{_checked(job_id, 'job id')}~{number}"


def check_job_id(job_id: str) -> None:
    """Nothing for an id that a client's job may have; InvalidParameter otherwise."""
    _checked(job_id, "job id")


def _checked_id(job_id: str) -> str:
    bare, mark, number = job_id.partition("~")
    if not mark or not _NUMBER.fullmatch(number):
        bare = job_id
    check_job_id(bare)
    return job_id


def _checked(name: str, what: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidParameter(
            f"{name[:100]!r} cannot be a{'n' if what[0] in 'aeiou' else ''} {what}: up to 128 letters, digits, dots, hyphens and "
            "underscores, the first a letter or digit."
        )
    return name


def take_up(store: Store, endpoint: str, job_id: str, job: SplatJob) -> JobObject:
    """The job's object: the one that is there, else a new one. Raises InvalidParameter where another job has this id.

    On a server that overwrites (`Store.conditional_put`), two at the very same moment may each have a run; what they compute has
    the same keys, and from then on one of the runs is the job's.
    """
    path = job_path(endpoint, job_id)
    spelled = json.dumps(job.identity, sort_keys=True, ensure_ascii=False).encode()
    mine = JobObject(
        endpoint=endpoint,
        id=job_id,
        run=new_run_id(),
        digest=hashlib.sha256(spelled).hexdigest(),
        created=datetime.now(UTC).isoformat(timespec="microseconds"),
    )
    data = store.find(path)
    if data is None:
        store.create(path, mine.model_dump_json(indent=1).encode())
        data = store.get(path)  # Ours or another's: what lies there counts.
    try:
        found = JobObject.model_validate_json(data)
    except ValidationError as error:
        raise DamagedBlob(f"{path} cannot be read: {error.errors()[0]['msg']}.") from error
    if found.digest != mine.digest:
        raise InvalidParameter(
            f"Job {job_id} was given before with another input (run {found.run}). Give a new job a new id."
        )
    return found


def known_result(store: Store, taken: JobObject) -> SplatResult | None:
    """What the job was answered before; None when it has not completed, or its run was purged since."""
    data = store.find(result_path(taken.endpoint, taken.id))
    if data is None or not store.exists(definition_path(taken.run)):
        return None
    try:
        return SplatResult.model_validate_json(data)
    except ValidationError as error:
        log.warning("the result of job %s cannot be read and is made anew: %s", taken.id, error)
        return None


def keep_result(store: Store, taken: JobObject, result: SplatResult) -> None:
    """Have the job answer this from now on."""
    store.put(result_path(taken.endpoint, taken.id), result.model_dump_json(indent=1).encode())
