"""Commands that move runs between stores: export, import."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.show import RunName
from calotype.engine.admission import examine
from calotype.engine.archive_index import Progress
from calotype.engine.exchange import export_run, import_run
from calotype.errors import InvalidParameter
from calotype.runners.session import open_session
from calotype.storage.archives import ArchiveReader
from calotype.storage.faults import readable_size

if TYPE_CHECKING:
    from rich.progress import TaskID


def export(
    run: RunName = "latest",
    *,
    output: Annotated[
        str, Parameter(name=("--output", "-o"), help="The archive to write; `RUN.zip` here by default.")
    ] = "",
    force: Annotated[bool, Parameter(negative="", help="Replace a file that is there already.")] = False,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Pack a run into one zip archive: its inputs, results and history, for `calotype import` elsewhere.

    Results lie in it under readable names, below `outputs/`. The run may be unfinished.
    """
    with open_session(store) as session:
        found = session.find(run).id
        path = _new_file(output or f"{found}.zip", force)
        with _showing("packing") as (packing,):
            made = export_run(session.store, found, path, packing)
    if json:
        print_json({**asdict(made), "path": str(made.path)})
    else:
        sys.stdout.write(f"{made.path}: run {made.run}, {made.files} files, {readable_size(made.size)}\n")


def import_archive(
    archive: Annotated[Path, Parameter(help="A zip archive that `calotype export` wrote.")],
    *,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Take a run from an archive into a store, after every file in it was found to be what it says.

    `calotype resume RUN` then goes on with it; what it brought is not computed again.
    """
    with ArchiveReader(archive) as reader, _showing("examining", "storing") as (examining, storing):
        parcel = examine(reader, examining)
        # Not before: a refused archive makes no store either.
        with open_session(store, make=True) as session:
            made = import_run(session.store, session.catalog, session.scratch, reader, parcel, storing)
    if json:
        print_json(asdict(made))
        return
    was_here = " (it was here already)" if made.was_here else ""
    sys.stdout.write(f"run {made.run}{was_here}: {made.files} new files, {readable_size(made.size)}\n")
    for record in made.other_results:
        sys.stderr.write(f"{record}: this store has another result, which stays.\n")


def _new_file(name: str, force: bool) -> Path:
    """The path of a file to write. InvalidParameter when it cannot be one, or is there already and `force` is not given."""
    path = Path(name)
    if "://" in name:
        raise InvalidParameter(f"{name} is not a file on this machine; export to a file, then copy it.")
    if path.is_dir():
        raise InvalidParameter(f"{path} is a folder; name the archive: -o {path / 'run.zip'}.")
    if path.exists() and not force:
        raise InvalidParameter(f"{path} exists; --force replaces it.")
    return path


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
