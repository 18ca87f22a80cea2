"""Commands that move runs between stores: export, import."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.show import RunName
from calotype.cli.terminal import show, tell
from calotype.engine.admission import examine
from calotype.engine.archive_index import Progress
from calotype.engine.exchange import Exported, export_run, import_run
from calotype.errors import CalotypeError, InvalidParameter, UnknownName
from calotype.runners.session import Session, open_session
from calotype.runners.settings import scratch_from
from calotype.storage.archives import ArchiveReader
from calotype.storage.bucket_file import BucketFile
from calotype.storage.faults import readable_size
from calotype.storage.s3 import S3Settings
from calotype.storage.scratch import Scratch
from calotype.storage.store import folder_of

if TYPE_CHECKING:
    from rich.progress import TaskID


def export(
    run: RunName = "latest",
    *,
    output: Annotated[
        str,
        Parameter(
            name=("--output", "-o"),
            help="The archive to write, a file or `s3://bucket/name.zip`; `RUN.zip` here by default.",
        ),
    ] = "",
    force: Annotated[bool, Parameter(negative="", help="Replace what is there already.")] = False,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Pack a run into one zip archive: its inputs, results and history, for `calotype import` elsewhere.

    Results lie in it under readable names, below `outputs/`. The run may be unfinished.
    """
    with open_session(store) as session:
        found = session.find(run).id
        place = output or f"{found}.zip"
        with _showing("packing", "sending") as (packing, sending):
            if _is_url(place):
                made = _export_to_bucket(session, found, _new_object(place, force), packing, sending)
            else:
                path = _new_file(_local(place), force)
                made, place = export_run(session.store, found, path, packing), str(path)
    if json:
        print_json({**asdict(made), "path": place})
    else:
        show(f"{place}: run {made.run}, {made.files} files, {readable_size(made.size)}\n")


def import_archive(
    archive: Annotated[
        str, Parameter(help="A zip archive that `calotype export` wrote: a file or `s3://bucket/name.zip`.")
    ],
    *,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Take a run from an archive into a store, after every file in it was found to be what it says.

    `calotype resume RUN` then goes on with it; what it brought is not computed again.
    """
    with (
        _showing("fetching", "examining", "storing") as (fetching, examining, storing),
        _on_disk(archive, fetching) as path,
        ArchiveReader(path) as reader,
    ):
        parcel = examine(reader, examining)
        # Not before: a refused archive makes no store either.
        with open_session(store, make=True) as session:
            made = import_run(session.store, session.catalog, session.scratch, reader, parcel, storing)
    if json:
        print_json(asdict(made))
        return
    was_here = " (it was here already)" if made.was_here else ""
    show(f"run {made.run}{was_here}: {made.files} new files, {readable_size(made.size)}\n")
    for record in made.other_results:
        tell(f"{record}: this store has another result, which stays.\n")


def _is_url(name: str) -> bool:
    return "://" in name and not name.startswith("file://")


def _local(name: str) -> Path:
    return folder_of(name) if "://" in name else Path(name)


def _new_file(path: Path, force: bool) -> Path:
    """The path of a file to write. InvalidParameter when it cannot be one, or is there already and `force` is not given."""
    if path.is_dir():
        raise InvalidParameter(f"{path} is a folder; name the archive: -o {path / 'run.zip'}.")
    if path.exists() and not force:
        raise InvalidParameter(f"{path} exists; --force replaces it.")
    return path


def _new_object(url: str, force: bool) -> BucketFile:
    """The same for an object in a bucket; found out before hours of packing."""
    place = BucketFile(url, S3Settings.from_environment(os.environ))
    if place.size is not None and not force:
        raise InvalidParameter(f"{url} exists; --force replaces it.")
    place.check_writable()
    return place


def _export_to_bucket(
    session: Session, run: str, place: BucketFile, packing: Progress, sending: Progress
) -> Exported:
    """The archive, packed on scratch and sent: an object can only be written whole."""
    room: list[int] = []
    with ExitStack() as held, session.scratch.workdir("export") as folder:

        def reserving(done: int, total: int) -> None:
            if not room:  # How much it will be is told before the first file is packed.
                room.append(total)
                held.enter_context(session.scratch.reserve(total))
            packing(done, total)

        made = export_run(session.store, run, folder / "run.zip", reserving)
        place.send(made.path, sending)
    return made


@contextmanager
def _on_disk(archive: str, fetching: Progress) -> Generator[Path]:
    """The archive as a file: one in a bucket is fetched to scratch, where it lies until the end of the block."""
    if not _is_url(archive):
        yield _local(archive)
        return
    place = BucketFile(archive, S3Settings.from_environment(os.environ))
    size = place.size
    if size is None:
        raise UnknownName(f"There is nothing at {archive}. Check bucket and name.")
    with _scratch() as scratch, scratch.reserve(size), scratch.workdir("import") as folder:
        path = folder / PurePosixPath(archive).name
        place.fetch(path, fetching)
        try:
            yield path
        except CalotypeError as error:
            if str(path) not in str(error):
                raise
            raise type(error)(str(error).replace(str(path), archive)) from error


@contextmanager
def _scratch() -> Generator[Scratch]:
    scratch = scratch_from(os.environ)
    try:
        yield scratch
    finally:
        scratch.close()


@contextmanager
def _showing(*names: str) -> Generator[list[Progress]]:
    """A block in which progress, told to one function per name, is shown on a terminal; elsewhere nothing is."""
    if not sys.stderr.isatty():
        yield [lambda done, total: None for _ in names]
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=30),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = [bars.add_task(name, visible=False) for name in names]

        def shown(task: TaskID) -> Progress:
            return lambda done, total: bars.update(task, completed=done, total=total, visible=True)

        yield [shown(task) for task in tasks]
