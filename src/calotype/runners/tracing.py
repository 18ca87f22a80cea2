"""Find the artifact that somebody means: a file on disk, a digest or its beginning, or what a run published."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from calotype.catalog.lineage import LineageEnd
from calotype.engine.definition import read_definition, run_of
from calotype.engine.reach import Walk
from calotype.engine.rebuild import restore_run
from calotype.engine.registry import kind_class, kind_names
from calotype.engine.trace import Trace, trace
from calotype.errors import DamagedBlob, UnknownName, UnreadableInput
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs
from calotype.storage.files import sha256_of

log = logging.getLogger(__name__)

_BEGINNING = re.compile(r"[0-9a-f]{6,64}")
_ALL = 10**9
_DIGITS = 64
_NAMES_SHOWN = 5


def trace_of(session: Session, what: str, *, forward: bool) -> Trace:
    """Where the artifact came from, or what was made of it. UnknownName or UnreadableInput for what is not of this store."""
    _learn_lineage(session)
    start, run = locate(session, what)
    if not run and not forward:
        # Small files of the same bytes are made by many runs: the newest one's way is told.
        steps = session.catalog.runs.with_keys(session.catalog.lineage.makers(start.digest))
        run = max((row.run for rows in steps.values() for row in rows), default="")
    return trace(session.store, session.catalog, start, forward=forward, run=run)


def _learn_lineage(session: Session) -> None:
    """Read from the store what the catalog lacks: runs that other machines made, and steps whose lineage nobody wrote down."""
    known = {row.id for row in session.catalog.runs.list(_ALL)}
    stored = [run_of(info.key) for info in session.store.list("runs")]
    for run in [*(run for run in stored if run not in known), *session.catalog.lineage.unknown_runs()]:
        try:
            restore_run(session.store, session.catalog, run)
        except (DamagedBlob, UnknownName) as error:  # One run that cannot be read must not hide the others.
            log.warning("%s Its lineage is not known.", error)


def locate(session: Session, what: str) -> tuple[LineageEnd, str]:
    """The artifact that is meant, and the run it was asked of, if one was named.

    `what` is a file, a digest or at least six of its first digits, or `RUN:LABEL` or `RUN:LABEL/NAME`.
    """
    path = Path(what)
    if path.exists():
        return _of_file(session, path), ""
    run, colon, label = what.partition(":")
    if colon and label and "//" not in what:
        found = session.find(run).id
        return _of_run(session, found, label), found
    if _BEGINNING.fullmatch(what):
        return _of_digest(session, what), ""
    raise UnknownName(
        f"{what} is no file here, no digest and no RUN:LABEL. Give a file, six digits of a digest or more, or what a run "
        "published, for example latest:report."
    )


def _of_file(session: Session, path: Path) -> LineageEnd:
    if path.is_dir():
        raise UnreadableInput(f"{path} is a folder. Name a file in it.")
    digest, _ = sha256_of(path)
    if found := session.catalog.lineage.artifacts(digest):
        return found[0]
    if (folder := _folder_with(session, digest)) is not None:
        return folder
    raise UnknownName(
        f"{path} is not of this store: no step read or made a file with its bytes (sha256 {digest[:12]}...). "
        "Either it was changed since, or --store names another store."
    )


def _of_digest(session: Session, beginning: str) -> LineageEnd:
    found = session.catalog.lineage.artifacts(beginning)
    if len(found) > 1:
        names = ", ".join(f"{end.digest[:16]} ({end.name})" for end in found[:_NAMES_SHOWN])
        raise UnknownName(f"Several digests begin with {beginning}: {names}. Give more digits.")
    if found:
        return found[0]
    if len(beginning) == _DIGITS and (folder := _folder_with(session, beginning)) is not None:
        return folder
    raise UnknownName(f"No artifact of this store has a digest that begins with {beginning}.")


def _folder_with(session: Session, digest: str) -> LineageEnd | None:
    """The folder artifact that holds a file with these bytes: what is published file by file was made as one."""
    blobs, catalog = Blobs(session.store), session.catalog.lineage
    kinds = [name for name in kind_names() if kind_class(name).is_folder]
    for folder in catalog.of_kinds(kinds):
        try:
            if any(entry.digest == digest for entry in blobs.manifest(folder)):
                return catalog.artifacts(folder)[0]
        except DamagedBlob:
            continue  # What it held is not known any more.
    return None


def _of_run(session: Session, run: str, label: str) -> LineageEnd:
    """What a run published under a label, or one of several by name."""
    label, _, name = label.partition("/")
    definition = read_definition(session.store, run)
    specs = [spec for spec in definition.pipeline.publish if spec.label == label]
    if not specs:
        labels = ", ".join(dict.fromkeys(spec.label for spec in definition.pipeline.publish))
        raise UnknownName(f"Run {run} publishes no {label!r}; it publishes: {labels}.")
    _, flows = Walk(session.store).follow(definition)
    made = [
        LineageEnd(ref.digest, ref.name, ref.kind, spec.link.port)
        for spec in specs
        for ref in flows.get(spec.link, ())
    ]
    if not made:
        raise UnknownName(
            f"Run {run} has not made its {label} yet. `calotype status {run}` shows how far it is."
        )
    wanted = made if len(made) == 1 else [end for end in made if end.name == name]
    if len(wanted) != 1:
        raise UnknownName(
            f"{run}:{label} is {len(made)} artifacts. Name one of them, for example {run}:{label}/{made[0].name}."
        )
    return wanted[0]
