"""Names that would command a terminal are shown instead."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.engine.toy_stages import Double

from calotype.cli.terminal import visible
from calotype.runners.session import Session, pipeline_of
from commands import Called

Calotype = Callable[..., Called]
HOSTILE = "\x1b]0;owned\x07\x9b2Jnumbers"
CLI = Path(__file__).parents[2] / "src/calotype/cli"


@given(some.text())
def test_what_is_visible_commands_nothing_and_the_rest_is_as_it_was(text: str) -> None:
    shown = visible(text)
    assert not [one for one in shown if one not in "\t\n" and (ord(one) < 32 or 127 <= ord(one) < 160)]
    assert visible(shown) == shown
    assert shown == text or any(ord(one) < 32 or 127 <= ord(one) < 160 for one in text)


@pytest.mark.parametrize("command", ["runs", "status", "explain", "lineage"])
def test_a_run_of_a_hostile_name_commands_no_terminal(
    calotype: Calotype, tmp_path: Path, command: str
) -> None:
    numbers = tmp_path / HOSTILE
    numbers.mkdir()
    for value in range(2):
        (numbers / f"{value}.json").write_text(json.dumps(value))
    session = Session(tmp_path / "store", os.environ)
    try:
        run = session.conduct(
            session.create(pipeline_of(Double()), {"numbers": str(numbers)}, output=str(tmp_path / "out"))
        )
    finally:
        session.close()
    called = calotype(
        command,
        *(
            [tmp_path / "out/report/0.json"]
            if command == "lineage"
            else [run.run]
            if command != "runs"
            else []
        ),
    )
    assert called.code == 0
    assert "\x1b" not in called.out + called.err
    assert "\x9b" not in called.out + called.err


def test_nothing_else_in_the_cli_writes_to_the_terminal() -> None:
    direct = [path.name for path in CLI.glob("*.py") if re.search(r"std(out|err)\.write\(", path.read_text())]
    assert sorted(direct) == ["terminal.py"]


def test_long_upkeep_says_how_far_it_is(
    calotype: Calotype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calotype.cli import store

    monkeypatch.setattr(store, "_LINE_EVERY_S", -1.0)
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    (numbers / "1.json").write_text("1")
    session = Session(tmp_path / "store", os.environ)
    try:
        session.conduct(session.create(pipeline_of(Double()), {"numbers": str(numbers)}))
    finally:
        session.close()
    assert "runs: 1 of 1" in calotype("catalog", "rebuild").err


def test_output_that_nobody_reads_ends_quietly(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, calotype.cli.app as a; sys.exit(a.run_command(['stages', 'splat']))",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None and child.stderr is not None
    child.stdout.close()
    _, printed = child.wait(60), child.stderr.read()
    child.stderr.close()
    assert "Traceback" not in printed


def test_a_pipe_of_our_own_that_breaks_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    from calotype.cli import app

    def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(app, "app", broken)
    with pytest.raises(BrokenPipeError):
        app.run_command(["runs"])
