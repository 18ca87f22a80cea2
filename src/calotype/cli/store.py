"""Commands that keep a store in order: purge, purge-all, gc, catalog rebuild, catalog check."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

from cyclopts import App, Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show, tell
from calotype.engine.check import Checked, runs_hit
from calotype.engine.check import check as check_store
from calotype.engine.definition import definition_path, run_of
from calotype.engine.gc import collect
from calotype.engine.keep import KEPT, kept_path
from calotype.engine.purge import purge as purge_run
from calotype.engine.purge import refuse_runs_at_work
from calotype.errors import EXIT_CONFIGURATION, EXIT_OK, DamagedBlob, InvalidParameter, UnknownName
from calotype.runners.restoring import rebuild_catalog
from calotype.runners.session import Session, open_session
from calotype.runners.settings import is_store, store_at
from calotype.storage.faults import readable_size

KeepOutput = Annotated[
    bool,
    Parameter(negative="", help="Keep the files that were published; only the way to them is forgotten."),
]
Force = Annotated[bool, Parameter(negative="", help="Also where a run is at work: what it computes is lost.")]

catalog = App(name="catalog", help="Rebuild or check the catalog of a store.")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LINE_EVERY_S = 5.0
_RUNS_SHOWN = 10
_NOUNS = {
    "blobs": ("blob",),
    "segments": ("segment",),
    "records": ("record",),
    "runs": ("run",),
    "kept": ("run of which outputs are kept", "runs of which outputs are kept"),
    "datasets": ("data set version",),
    "deliveries": ("delivery", "deliveries"),
}


def purge(
    run: Annotated[str, Parameter(help="Id of a run, the beginning of one, or `latest`.")],
    *,
    keep_output: KeepOutput = False,
    force: Force = False,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Let go of a run: it can no longer be resumed or looked at. Files published with `-o` are not touched.

    What it computed stays until `calotype gc`, and for as long as another run uses it; what it still had to deliver is not
    sent any more. Purging a run again lets go of the outputs that were kept.
    """
    with open_session(store) as session:
        found = _run_or_kept(session, run)
        kept = purge_run(session.store, session.catalog, found, keep_output=keep_output, force=force)
    if json:
        print_json({"run": found, "kept": kept})
        return
    stay = f"{_count(kept, 'output file')} kept. " if kept else ""
    show(f"Run {found} is gone. {stay}{_what_is_left(store)}\n")


def purge_all(
    *,
    keep_output: KeepOutput = False,
    force: Force = False,
    yes: Annotated[bool, Parameter(negative="", help="Do not ask.")] = False,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Let go of every run of a store, as `calotype purge` does of one; of none while one is at work. Data sets stay."""
    with open_session(store) as session:
        runs = [run_of(info.key) for info in session.store.list("runs")]
        rows = [row.id for row in session.catalog.runs.list(limit=1_000_000)]
        wanted = set(runs)
        if not keep_output:
            wanted.update(rows, (_kept_run(info.key) for info in session.store.list(KEPT)))
        if not force:
            refuse_runs_at_work(session.catalog, sorted(wanted))
        if (
            wanted
            and not yes
            and not _agreed(f"Let go of {_count(len(wanted), 'run')} of {session.store.url}?")
        ):
            raise InvalidParameter(
                f"Nothing was purged: this would let go of {_count(len(wanted), 'run')} of {session.store.url}. Add --yes."
            )
        for run in sorted(wanted):
            purge_run(session.store, session.catalog, run, keep_output=keep_output, force=force)
    if json:
        print_json({"runs": sorted(wanted)})
    else:
        show(f"{_count(len(wanted), 'run')} gone. {_what_is_left(store)}\n")


def gc(
    *,
    dry_run: Annotated[bool, Parameter(negative="", help="Only say what would be removed.")] = False,
    older_than: Annotated[
        str, Parameter(help="Leave alone what is younger: `90s`, `30m`, `2h`, `7d`.")
    ] = "2h",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Remove what no run, kept output, data set version or pending delivery uses. Safe while runs are at work."""
    grace_s = _seconds(older_than)
    with open_session(store) as session, _telling() as say:
        collected = collect(
            session.store,
            session.catalog,
            older_than_s=grace_s,
            dry_run=dry_run,
            progress=lambda kind, count: say(f"{kind}: {count}"),
        )
    if json:
        print_json({"dry_run": dry_run, **asdict(collected)})
        return
    for kind, count in collected.objects.items():
        show(f"{kind:<12} {count:>8}  {readable_size(collected.bytes[kind])}\n")
    total, size = sum(collected.objects.values()), sum(collected.bytes.values())
    show(
        f"{_count(total, 'object')}, {readable_size(size)}, {'could be' if dry_run else 'were'} removed.\n"
        if total
        else f"Nothing to remove that is older than {older_than}.\n"
    )


@catalog.command
def rebuild(
    *,
    force: Annotated[
        bool,
        Parameter(negative="", help="Drop the rows that are there first; move a damaged catalog file aside."),
    ] = False,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Fill the catalog from the store: runs, items, lineage, data sets, pending deliveries. Only claims and events are lost."""
    if not is_store(store):
        raise UnknownName(f"There is no store at {store}. --store or CALOTYPE_STORE names it.")
    opened = store_at(store, os.environ)
    with _telling() as say:
        rebuilt, aside = rebuild_catalog(
            opened,
            os.environ,
            lambda what, done, total: say(f"{what}: {done} of {total}"),
            force=force,
        )
    if json:
        print_json({**asdict(rebuilt), "set_aside": str(aside) if aside else None})
        return
    if aside:
        show(f"The damaged catalog lies at {aside} now.\n")
    show(
        f"In the catalog now: {_count(rebuilt.runs, 'run')}, {_count(rebuilt.records, 'record')}, "
        f"{_count(rebuilt.segments, 'segment')}, {_count(rebuilt.versions, 'data set version')}, "
        f"{_count(rebuilt.deliveries, 'delivery', 'deliveries')} to make.\n"
    )
    for sentence in rebuilt.damaged:
        show(f"damaged: {sentence}\n")
    if rebuilt.damaged:
        show("`calotype catalog check --repair` sets aside what is damaged.\n")


@catalog.command
def check(
    *,
    deep: Annotated[
        bool, Parameter(negative="", help="Read and hash every blob, not only its size.")
    ] = False,
    repair: Annotated[
        bool,
        Parameter(
            negative="",
            help="Move what is damaged to `damaged/`, so that `calotype resume` computes it again.",
        ),
    ] = False,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Look a store over: records, segments, blobs, and whether the catalog agrees with them.

    Ends with 0 when all is well or was set aside, with 78 when something is damaged.
    """
    with open_session(store) as session, _telling() as say:
        checked = check_store(
            session.store,
            session.catalog,
            deep=deep,
            repair=repair,
            progress=lambda kind, count: say(f"{kind}: {count}"),
        )
        hit = runs_hit(session.catalog, checked)
    if json:
        print_json({"deep": deep, "repaired": repair, **asdict(checked), "runs": hit})
    else:
        _print_findings(checked, repair=repair, deep=deep)
        _print_runs(hit, store, repair=repair)
    return EXIT_CONFIGURATION if checked.findings and not repair else EXIT_OK


def _print_findings(checked: Checked, *, repair: bool, deep: bool) -> None:
    for finding in checked.findings:
        show(f"{finding.where}: {finding.what}\n    {finding.next}\n")
    counts = ", ".join(_count(count, *_NOUNS[kind]) for kind, count in checked.looked_at.items()) or "nothing"
    looked = "read" if deep else "looked at"
    if not checked.findings:
        unread = "" if deep else " Their bytes were not read: --deep does that."
        show(f"All is well: {counts} {looked}.{unread}\n")
        return
    wrong = f"{_count(len(checked.findings), 'thing')} wrong"
    then = "Mended as said above." if repair else "Nothing was changed; --repair does what is said above."
    show(f"{wrong}; {counts} {looked}. {then}\n")


def _print_runs(hit: Sequence[str], store: str, *, repair: bool) -> None:
    """What to do for the runs whose results are damaged, the newest first."""
    if not hit:
        return
    where = "" if store == DEFAULT_STORE else f" --store {store}"
    then = (
        "What was set aside is computed again by"
        if repair
        else "After --repair what is damaged is computed again by"
    )
    show(f"{then}\n")
    for run in hit[:_RUNS_SHOWN]:
        show(f"    calotype resume {run}{where}\n")
    if (more := len(hit) - _RUNS_SHOWN) > 0:
        show(f"and for {_count(more, 'more run')}, which --json names.\n")


def _run_or_kept(session: Session, run: str) -> str:
    """The id of a run; also of one of which only its outputs were kept, or that can no longer be read."""
    try:
        return session.find(run).id
    except (UnknownName, DamagedBlob):
        places = (kept_path(run), definition_path(run))
        if re.fullmatch(r"[\w-]+", run) and any(map(session.store.exists, places)):
            return run
        raise


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def _kept_run(path: str) -> str:
    return path.removeprefix(f"{KEPT}/").removesuffix(".json")


def _what_is_left(store: str) -> str:
    where = "" if store == DEFAULT_STORE else f" --store {store}"
    return f"`calotype gc{where}` removes what no other run uses and is two hours old; --dry-run says what that is."


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    tell(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _seconds(text: str) -> float:
    """A duration such as `2h` in seconds; InvalidParameter when it is none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    if found is None:
        raise InvalidParameter(f"--older-than {text}: give a number and s, m, h or d, as in 2h.")
    return float(found[1]) * _SECONDS[found[2]]


@contextmanager
def _telling() -> Generator[Callable[[str], None]]:
    """A function that says on stderr what is being looked at, every few seconds."""
    said = time.monotonic()

    def say(text: str) -> None:
        nonlocal said
        if time.monotonic() - said > _LINE_EVERY_S:
            said = time.monotonic()
            tell(f"{text}\n")
            sys.stderr.flush()

    yield say
