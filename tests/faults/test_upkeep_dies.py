"""A purge, a collection or a rebuild that dies at any of its writes is done again, and takes nothing that another run needs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.faults.campaign import Committed, Place, Verdict, compare, dirt_in, end_leases
from tests.faults.nursery import Nursery, Order
from tests.faults.pipelines import numbers_run
from tests.faults.points import MOMENTS, Moment, Point

from calotype.engine.definition import read_definition
from calotype.engine.execute import Workplace
from calotype.engine.gc import collect
from calotype.engine.purge import purge
from calotype.engine.rebuild import rebuild
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session


@dataclass
class House:
    """A store with a run that stays and one that goes; both have inputs and items in common."""

    place: Place
    session: Session
    stays: str
    goes: str
    objects: frozenset[str]
    """Before the one that goes was made."""

    def everything(self) -> frozenset[str]:
        return _everything(self.session)

    def stays_whole(self) -> Verdict:
        """Carry the run that stays once more: everything of it must be there."""
        verdict = Verdict(self.stays)
        before = Committed.now(self.session.store)
        _carried(self.session, self.stays)
        compare(self.session.store, before, verdict)
        verdict.dirt += dirt_in(self.session)
        return verdict


def _everything(session: Session) -> frozenset[str]:
    kinds = ("runs", "states", "tasks", "records", "segments", "blobs", "outputs", "damaged", "checkpoints")
    return frozenset(info.key for kind in kinds for info in session.store.list(kind))


def _carried(session: Session, run: str) -> RunResult:
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(read_definition(session.store, run), runner=runner).check()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    place = Place(tmp_path)
    session = place.open()
    runs: list[str] = []
    objects: frozenset[str] = frozenset()
    for count in (3, 5):
        small = numbers_run(tmp_path / f"numbers-{count}", count=count, pause_s=0.0)
        runs.append(session.create(small.pipeline, small.inputs).id)
        _carried(session, runs[-1])
        objects = objects or _everything(session)
    yield House(place, session, *runs, objects)
    session.close()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("write", ["delete records", "delete segments", "delete blobs", "Upkeep._drop", "gc"])
def test_a_collection_that_dies_leaves_more_to_collect_and_nothing_broken(
    write: str, moment: Moment, born: Nursery, house: House
) -> None:
    session = house.session
    purge(session.store, session.catalog, house.goes, force=True)
    point = Point(write=write, moment=moment)
    assert born.exit_code(Order(place=house.place, point=point, action="collect")) == -signal.SIGKILL
    end_leases(house.place)
    assert house.stays_whole().is_clean
    collect(session.store, session.catalog, older_than_s=0)
    assert house.everything() == house.objects


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("write", ["delete runs", "delete states", "delete tasks", "Runs.forget"])
def test_a_purge_that_dies_is_asked_for_again(
    write: str, moment: Moment, born: Nursery, house: House
) -> None:
    session = house.session
    order = Order(place=house.place, point=Point(write=write, moment=moment), action="purge", run=house.goes)
    died = born.exit_code(order) == -signal.SIGKILL
    assert died or (moment == "inside" and write.startswith("delete"))  # What is deleted is given no name.
    purge(session.store, session.catalog, house.goes, force=True)
    assert [row.id for row in session.runs(9)] == [house.stays]
    assert house.stays_whole().is_clean
    assert house.everything() == house.objects


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("write", ["Upkeep.clear", "Runs.restore", "Results._insert"])
def test_a_rebuild_that_dies_is_done_again_and_comes_to_the_same(
    write: str, moment: Moment, born: Nursery, house: House
) -> None:
    session = house.session
    before = session.catalog.tables()
    end_leases(house.place)
    point = Point(write=write, moment=moment)
    assert born.exit_code(Order(place=house.place, point=point, action="rebuild")) == -signal.SIGKILL
    rebuild(session.store, session.catalog)
    after = session.catalog.tables()
    for table in before:
        assert after[table] == before[table], table
