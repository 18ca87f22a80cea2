"""fork, resume --from-step, compare and lineage as people call them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.commands import Called
from tests.engine.picture_stages import brightening, write_pictures

from calotype.engine.execute import Workplace
from calotype.runners.inline import InlineRunner
from calotype.runners.session import Session

Calotype = Callable[..., Called]


@pytest.fixture
def first(tmp_path: Path) -> str:
    """The only run in the commands' own store."""
    photos = write_pictures(tmp_path / "photos", 3)
    session = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
    definition = session.create(brightening(), {"photos": str(photos)}, output=str(tmp_path / "out"))
    session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))
    session.close()
    return definition.id


def test_a_fork_is_made_carried_out_and_shown_for_what_it_is(
    calotype: Calotype, first: str, tmp_path: Path
) -> None:
    forked = calotype("fork", first, "--set", "show.frame=5", "-o", tmp_path / "forked", "--json")
    assert (forked.code, forked.json["executed"], forked.json["frame"]) == (0, ["show"], 5)
    assert (tmp_path / "forked/previews/first.png").exists()
    assert f"forked from {first}: show.frame 2 -> 5" in forked.err
    run = forked.json["run"]
    assert f"(fork of {first})" in calotype("runs").out
    assert [row["parent"] for row in calotype("runs", "--json").json] == [first, ""]
    status = calotype("status", run)
    assert f"taken over from run {first}" in status.out
    assert "show.frame 2 -> 5" in status.out
    assert len(calotype("status", run, "--json").json["history"]) == 1
    explained = calotype("explain", run).out
    assert "taken over as it was when the run was forked" in explained
    assert "parameter frame: 2 -> 5" in explained


def test_several_things_are_set_in_one_fork_and_its_outputs_do_not_replace_the_parents(
    calotype: Calotype, first: str, tmp_path: Path
) -> None:
    before = (tmp_path / "out/figures.json").read_bytes()
    forked = calotype("fork", "latest", "--set", "brighten.by=40", "--set", "show.title=bright", "--json")
    assert forked.json["executed"] == ["brighten", "show"]
    assert (tmp_path / "out/figures.json").read_bytes() == before
    assert f"store/outputs/{forked.json['run']}" in forked.json["outputs"]["figures"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["fork", "latest", "--set", "paint.by=1"],
            "no step 'paint'; it has: brighten, show. There is brighten.by.",
        ),
        (["fork", "latest", "--set", "show.by=1"], "show has no parameter 'by'. It has: frame, title."),
        (["fork", "latest", "--set", "show.frame=wide"], "show: frame = 'wide' is not possible"),
        (["fork", "latest", "--set", "frame"], "Write STEP.PARAMETER=VALUE"),
        (["fork", "latest", "--from-step", "paint"], "no step 'paint'"),
        (["resume", "latest", "--from-step", "paint"], "no step 'paint'; it has: brighten, show."),
        (["fork", "nobody"], "nobody"),
        (["compare", "latest"], "2 to 26 different runs, not 1"),
        (["lineage", "latest:figures", "-o", "drawn.png"], ".svg or .html"),
    ],
)
def test_what_cannot_be_done_is_told_in_words_and_changes_nothing(
    calotype: Calotype, first: str, arguments: list[str], said: str
) -> None:
    refused = calotype(*arguments)
    assert refused.code == 78
    assert said in refused.err
    assert "Traceback" not in refused.err
    assert len(calotype("runs", "--json").json) == 1
    assert calotype("status", "--json").json["state"] == "done"


def test_a_run_is_computed_again_from_a_step_on(calotype: Calotype, first: str) -> None:
    again = calotype("resume", first, "--from-step", "show", "--json")
    assert (again.code, again.json["run"], again.json["executed"]) == (0, first, ["show"])
    assert "show and all after it computed again" in calotype("status", first).out
    assert calotype("resume", first, "--json").json["executed"] == []


def test_runs_are_compared_in_the_terminal_as_json_and_as_a_page(
    calotype: Calotype, first: str, tmp_path: Path
) -> None:
    second = calotype("fork", first, "--set", "show.frame=5", "--json").json["run"]
    table = calotype("compare", first, "latest", "-o", tmp_path / "compare.html")
    assert table.code == 0
    lines = [line.split() for line in table.out.splitlines()]
    assert ["show.frame", "2", "5"] in lines
    assert ["frame", "2", "*", "5"] in lines
    assert sum("reused" in line for line in lines) == 1, "brighten, in the second run"
    assert any(line[:4] == ["spent", "in", "this", "run"] for line in lines)
    page = (tmp_path / "compare.html").read_text()
    assert first in page
    assert second in page
    assert "<img" in page
    told = calotype("compare", first, second, "--json").json
    assert told["better"] == {"frame": [first]}


def test_lineage_is_told_as_a_tree_as_json_and_drawn(calotype: Calotype, first: str, tmp_path: Path) -> None:
    back = calotype("lineage", tmp_path / "out/figures.json", "-o", tmp_path / "back.svg")
    assert back.code == 0
    lines = back.out.splitlines()
    assert lines[0].startswith("figures.json (Report ")
    assert "└─ made by show (stage tests.engine.picture_stages:Show) version 1" in back.out
    assert "frame=2; title=empty" in back.out
    assert f"3 Image, given as {tmp_path / 'photos'}: p00.png, p01.png, p02.png" in back.out
    texts = {
        text.text
        for text in ElementTree.parse(tmp_path / "back.svg").iter("{http://www.w3.org/2000/svg}text")
    }
    assert {"figures.json", "by: 10", "3 Image"} <= texts
    forward = calotype("lineage", tmp_path / "photos/p01.png", "--forward", "--json").json
    assert forward["direction"] == "forward"
    assert [step["step"] for step in forward["steps"]] == ["brighten", "show"]
    assert calotype("lineage", f"{first}:figures", "-o", tmp_path / "back.html", "--json").code == 0
    assert "<svg" in (tmp_path / "back.html").read_text()
    given = calotype("lineage", tmp_path / "photos/p01.png").out
    assert "no step made it: it was given" in given
    end = calotype("lineage", f"{first}:figures", "--forward").out
    assert "nothing was made of it yet" in end


def test_a_source_file_that_belongs_to_no_run_is_not_of_this_store(
    calotype: Calotype, first: str, tmp_path: Path
) -> None:
    (tmp_path / "other.png").write_bytes(b"other")
    refused = calotype("lineage", tmp_path / "other.png")
    assert refused.code == 78
    assert "is not of this store" in refused.err
