"""Runs that share some items, made by machines whose catalogs did not know of each other: what is mentioned twice counts once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.noisy_stages import Noisy, NoisyTotal

from calotype import Report
from calotype.engine.definition import read_definition
from calotype.engine.execute import Workplace
from calotype.engine.outputs import named_outputs
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.reach import Walk
from calotype.engine.rebuild import rebuild
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs

NOISE = 10**6


@pytest.fixture
def pipeline() -> PipelineSpec:
    made = Pipeline("noise")
    noise = made.add(Noisy(), step="noise", numbers=made.source("numbers", Report))
    total = made.add(NoisyTotal(), step="total", numbers=noise.report)
    made.publish("noise/", noise.report, label="noise")
    made.publish("total.json", total.report, label="total")
    return made.build()


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[tuple[Session, Session]]:
    """Two machines on one store, each with a catalog of its own."""
    opened = tuple(
        Session(
            tmp_path / "store",
            {"NVME_ROOT": str(tmp_path / name), "CALOTYPE_CATALOG": f"sqlite:///{tmp_path / name}.sqlite"},
        )
        for name in ("one", "two")
    )
    yield opened[0], opened[1]
    for session in opened:
        session.close()


def carry_out(session: Session, pipeline: PipelineSpec, folder: Path, numbers: list[int]) -> RunResult:
    folder.mkdir()
    for number in numbers:
        (folder / f"{number}.json").write_text(json.dumps(number))
    definition = session.create(pipeline, {"numbers": str(folder)})
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(definition, runner=runner).check()


def made_of(session: Session, run: str) -> tuple[int, int]:
    """The sum of a run's numbers, as the store lists them and as its total was made of them."""
    definition = read_definition(session.store, run)
    _, flows = Walk(session.store).follow(definition)
    blobs = Blobs(session.store)
    files = named_outputs(definition.pipeline, flows, blobs)
    listed = sum(json.loads(blobs.read(digest)) for digest in files["noise"].values())
    (total,) = files["total"].values()
    return listed, json.loads(blobs.read(total)) // NOISE


@pytest.mark.parametrize("turn", range(4))  # Which of two segments is listed first depends on random names.
def test_a_step_is_what_its_record_says_first_whatever_the_catalog_knew(
    sessions: tuple[Session, Session], pipeline: PipelineSpec, tmp_path: Path, turn: int
) -> None:
    first, second = sessions
    base = 10 * turn
    carry_out(first, pipeline, tmp_path / "a", [base + 1, base + 2])
    carry_out(second, pipeline, tmp_path / "b", [base + 1, base + 3])
    knows_both = second if turn % 2 else first
    rebuild(knows_both.store, knows_both.catalog)
    result = carry_out(knows_both, pipeline, tmp_path / "c", [base + 1, base + 2, base + 3])
    listed, summed = made_of(knows_both, result.run)
    assert listed == summed

    rebuild(knows_both.store, knows_both.catalog, replace=True)
    again = carry_out(knows_both, pipeline, tmp_path / "d", [base + 1, base + 2, base + 3])
    assert again.executed == ()
    assert made_of(knows_both, again.run) == (listed, summed)
    other = second if knows_both is first else first
    assert carry_out(other, pipeline, tmp_path / "e", [base + 1, base + 2, base + 3]).executed == ()
