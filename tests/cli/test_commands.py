"""Commands that look and act, on what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from calotype.engine.registry import stage_names
from commands import Called

Calotype = Callable[..., Called]


def test_stages_are_listed_with_their_parameters(calotype: Calotype) -> None:
    listed = calotype("stages", "--json").json
    assert sorted(listed) == stage_names()
    assert listed["sfm"]["inputs"]["photos"] == {"kinds": ["Image"], "arity": "all", "optional": False}
    assert "threads" in listed["sfm"]["speed_only"]
    assert "max_features" in calotype("stages", "sfm").out


def test_doctor_finds_what_is_there_and_what_cannot_work(calotype: Calotype, tmp_path: Path) -> None:
    sound = calotype("doctor", "--json")
    assert sound.code == 0
    assert {finding["state"] for finding in sound.json} <= {"ok", "note"}
    (tmp_path / "file").write_text("in the way")
    broken = calotype("doctor", "--store", tmp_path / "file/store", "--json")
    assert broken.code == 78
    assert [finding["what"] for finding in broken.json if finding["state"] == "missing"] == ["store"]


def test_an_estimate_grows_with_the_work_and_names_each_step(calotype: Calotype, photos: Path) -> None:
    low = calotype("estimate", "splat", photos, "--preset", "low", "--json").json
    best = calotype("estimate", "splat", photos, "--preset", "best", "--json").json
    assert low["workload"]["photos"] == 20
    assert set(low["steps"]) == {"prepare", "sfm", "splat", "render", "report"}
    assert best["steps"]["splat"]["seconds"] > 10 * low["steps"]["splat"]["seconds"]
    assert "minutes" in calotype("estimate", "splat", photos).out


def test_a_run_that_cannot_fit_is_refused_before_it_starts(calotype: Calotype, photos: Path) -> None:
    refused = calotype("run", "splat", photos, "--train.gaussians", 2_000_000_000)
    assert refused.code == 78
    assert "By estimate splat would need about" in refused.err
    assert "smaller" in refused.err
    assert calotype("runs", "--json").json == []


def test_a_task_is_executed_by_its_url_alone(
    calotype: Calotype, photos: Path, cropped_poses: Path, tmp_path: Path
) -> None:
    assert calotype("run", "splat", photos, "--poses", cropped_poses, "--json").code == 78  # After `prepare`.
    (task,) = (tmp_path / "store/tasks").glob("*/prepare/0000/*.json")
    for segment in (tmp_path / "store/segments").rglob("*.json"):
        segment.unlink()
    done = calotype("exec", f"file://{task}", "--json")
    assert (done.code, done.json["state"]) == (0, "done")
    made = [item for segment in done.json["segments"] for item in segment["items"]]
    assert len(made) == len(json.loads(task.read_text())["items"])
    assert list((tmp_path / "store/segments").rglob("*.json"))


def test_status_and_runs_tell_how_a_run_stands(calotype: Calotype, photos: Path, cropped_poses: Path) -> None:
    failed = calotype("run", "splat", photos, "--poses", cropped_poses, "--json")
    assert failed.json["state"] == "failed"
    (row,) = calotype("runs", "--json").json
    assert (row["id"], row["state"]) == (failed.json["run"], "failed")
    steps = {step["step"]: step["state"] for step in calotype("status", "--json").json["steps"]}
    assert (steps["prepare"], steps["import-poses"], steps["splat"]) == ("done", "failed", "waiting")
    assert "import-poses failed" in calotype("status").out.replace("  ", " ").replace("  ", " ")
    assert calotype("open").code == 78
    assert calotype("explain", "splat").out.count("not known yet") == 1
    run = failed.json["run"]
    assert "Trying again changes nothing." in failed.err
    assert f"calotype fork {run} --set" in failed.err
    assert calotype("cancel").out == f"Run {run} is already failed.\n"
    assert calotype("cancel", "--json").json == {"run": run, "asked": False}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "splat", "--help"], ["runs", "--help"], ["--version"]]
)
def test_help_is_there(calotype: Calotype, arguments: list[str]) -> None:
    called = calotype(*arguments)
    assert called.code == 0
    assert called.out


def test_help_shows_the_flags_of_the_run_first_and_then_those_of_each_stage(calotype: Calotype) -> None:
    text = calotype("run", "splat", "--help").out
    places = [
        text.index(part) for part in ("--output", "--poses", "Stage prepare", "Stage sfm", "Stage train")
    ]
    assert places == sorted(places)
    assert places[3] < text.index("--sfm.matching") < places[4]
