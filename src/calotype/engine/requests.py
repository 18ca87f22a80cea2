"""What somebody asked a service for, as an object in the store, `requests/<run>.json`, until the run has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.engine.pipeline import RecipeCall
from calotype.errors import DamagedBlob
from calotype.storage.store import Store


class StoredRequest(BaseModel):
    """A run that is wanted. Its inputs stand here only until they have been read: their addresses may hold signatures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    """The run that is wanted; where it is a client's job, the id of that."""
    asker: str
    """Id of the API key that asked."""
    idempotency_key: str | None = None
    digest: str = ""
    """sha256 of what was asked."""
    call: RecipeCall | None = None
    """The pipeline; None when the run is there and only has to go on."""
    inputs: dict[str, str] | None = None
    """By source, as `Session.create` takes them; None once they have been read."""
    endpoint: str = ""
    """Where a client's job was given; empty for a run."""
    job: dict[str, Any] | None = None
    """The body of a client's job."""


def request_path(run: str) -> str:
    return f"requests/{run}.json"


def write_request(store: Store, request: StoredRequest) -> None:
    """Keep the request, in the place of what was there for its run."""
    store.put(request_path(request.run), request.model_dump_json(indent=1).encode())


def read_request(store: Store, run: str) -> StoredRequest | None:
    """The request for a run; None when there is none, DamagedBlob when it cannot be read."""
    data = store.find(request_path(run))
    if data is None:
        return None
    try:
        return StoredRequest.model_validate_json(data)
    except ValidationError as error:
        raise DamagedBlob(f"{request_path(run)} cannot be read: {error.errors()[0]['msg']}.") from error


def requested_runs(store: Store) -> Iterator[str]:
    """Ids of the runs that are wanted."""
    for info in store.list("requests"):
        yield info.key.removeprefix("requests/").removesuffix(".json")
