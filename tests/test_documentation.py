"""What is documented is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import calotype
from calotype.cli.app import _COMMANDS  # pyright: ignore[reportPrivateUsage]
from calotype.engine.registry import stage_class, stage_names

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))


@pytest.mark.parametrize("name", stage_names())
def test_every_stage_has_a_fresh_page(name: str) -> None:
    import stage_pages

    written = (ROOT / "docs/stages" / f"{name}.md").read_text()
    assert written == stage_pages.page(name), "run: python docs/stage_pages.py"


@pytest.mark.parametrize("name", stage_names())
def test_every_stage_and_parameter_says_what_it_is(name: str) -> None:
    stage = stage_class(name)
    assert stage.__doc__
    assert [one for one, field in stage.model_fields.items() if not field.description] == []


def test_every_public_name_loads_and_has_a_docstring() -> None:
    for name in calotype.__all__:
        value = getattr(calotype, name)
        assert name == "__version__" or name in {"SpeedOnly"} or value.__doc__, name


def test_links_in_the_documentation_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_command_is_documented() -> None:
    text = (ROOT / "README.md").read_text() + (ROOT / "docs/pipelines/splat.md").read_text()
    text += (ROOT / "docs/engine.md").read_text() + (ROOT / "docs/settings.md").read_text()
    text += (ROOT / "docs/runs.md").read_text()
    missing = [name for name in _COMMANDS if f"calotype {name}" not in text and f"`{name}`" not in text]
    assert missing == []


def test_importing_calotype_and_every_stage_loads_no_framework() -> None:
    code = (
        "import sys, calotype; "
        "[__import__(f'calotype.stages.{name}') for name in "
        "('prepare', 'sfm', 'import_poses', 'splat', 'render', 'report')]; "
        "print([m for m in ('torch', 'pycolmap', 'cv2', 'transformers', 'obstore', 'sqlalchemy') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_help_does_not_load_the_engine() -> None:
    code = (
        "import sys; from calotype.cli.app import run_command; run_command(['--help']); "
        "print([m for m in sys.modules if m.startswith(('calotype.engine', 'pydantic', 'numpy', 'obstore'))], file=sys.stderr)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    assert printed.strip() == "[]"


def test_no_file_is_much_longer_than_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for pattern in ("src/**/*.py", "src/**/*.h", "src/**/*.cpp", "tests/**/*.py", "bench/*.py")
        for path in ROOT.glob(pattern)
        if (count := len(path.read_text().splitlines())) > 430
    }
    assert long == {}
