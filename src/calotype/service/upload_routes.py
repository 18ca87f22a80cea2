"""/api/v1/uploads: bring files, one by one; what broke off is sent again, what has arrived stays."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from calotype.service.gate import caller_with
from calotype.service.keys import WRITE, Caller
from calotype.service.problems import Problem
from calotype.service.runs import Here, problems

UPLOADS = "/api/v1/uploads"

Writer = Annotated[Caller, Depends(caller_with(WRITE))]


class UploadDocument(BaseModel):
    """An upload that waits for files."""

    id: str = Field(examples=["upl_0f5f2d6c7b116f1c2f9e3c384d0a9a3e"])
    """Give it as `{"upload": ID}` among the inputs of a run."""


class FileDocument(BaseModel):
    """A file of an upload."""

    name: str = Field(examples=["photos/0001.jpg"])
    size: int
    """Bytes."""
    sha256: str | None = None
    """Of what has arrived; only told when it arrives."""


class UploadPage(UploadDocument):
    """An upload with what has arrived of it."""

    files: list[FileDocument]


router = APIRouter(prefix=UPLOADS, tags=["uploads"], responses=problems(401, 403, 422, 429, 500, 503))


@router.post("", status_code=201, summary="Begin an upload")
def begin_upload(here: Here, _: Writer) -> UploadDocument:
    """A place for files. It is dropped a day after its last file came."""
    return UploadDocument(id=here.uploads.begin())


@router.get("/{upload}", responses=problems(404), summary="Look at an upload")
def get_upload(upload: str, here: Here, _: Writer) -> UploadPage:
    """What has arrived: whoever goes on with an upload that broke off sends the rest."""
    files = [FileDocument(name=info.key, size=info.size) for info in here.uploads.files(upload)]
    return UploadPage(id=upload, files=files)


@router.put(
    "/{upload}/{name:path}",
    status_code=201,
    responses=problems(400, 404, 408, 411, 413, 507),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    summary="Bring a file",
)
async def put_file(upload: str, name: str, request: Request, here: Here, _: Writer) -> FileDocument:
    """The file's bytes are the body. It is there whole or not at all; sent again it takes the place of the one before."""
    announced = request.headers.get("content-length", "")
    if not announced.isdigit():
        raise Problem(411, "length-required", "Say in Content-Length how many bytes the file has.")
    got = await here.uploads.receive(upload, name, int(announced), request.stream())
    return FileDocument(name=got.name, size=got.size, sha256=got.sha256)


@router.delete("/{upload}", status_code=204, responses=problems(404), summary="Drop an upload")
def drop_upload(upload: str, here: Here, _: Writer) -> None:
    """Runs that have read it keep what they read."""
    here.uploads.drop(upload)
