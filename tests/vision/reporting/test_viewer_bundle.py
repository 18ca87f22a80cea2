"""The viewer's built files are those of its sources, and say what is in them."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "web/viewer"
BUILT = ROOT / "src/calotype/vision/reporting/viewer"


def test_the_viewer_was_built_from_the_sources_that_are_here() -> None:
    told = dict(
        reversed(line.split("  ")) for line in (BUILT / "digests.txt").read_text().splitlines()
    )  # path -> digest
    here = [
        path
        for folder in (SOURCES, BUILT)
        for path in folder.rglob("*")
        if path.is_file()
        and path.name != "digests.txt"
        and not any(part == "node_modules" or part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    found = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in here
    }
    assert found == told, "web/viewer was changed, and its bundle was not; run: make web"


def test_every_package_in_the_script_is_named_with_its_version_and_licence() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    notice = (BUILT / "LICENSES.txt").read_text()
    script = (BUILT / "viewer.js").read_text()
    named = dict(re.findall(r"^(\S+) (\d+\.\d+\.\d+)$", notice, re.MULTILINE))
    assert set(named) == {"three", "@sparkjsdev/spark", "fflate"}
    for package, version in named.items():
        locked = lock[f"node_modules/{package}"]
        assert (locked["version"], locked["license"]) == (version, "MIT")
    assert notice.count("Permission is hereby granted, free of charge") == len(named)
    # A page is a copy of the script, so that the licences go with it.
    assert notice.partition("\n\n")[2] in script
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (BUILT / "LICENSES.txt").relative_to(ROOT).as_posix() in project["license-files"]


def test_the_script_compiles_nothing_that_it_reads() -> None:
    script = (BUILT / "viewer.js").read_text()
    for way in ("eval(", "new Function(", "WebAssembly.compile(", "document.write(", "importScripts("):
        assert way not in script, way
    assert len(script) < 900_000
