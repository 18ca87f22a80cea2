"""What the main job promises about quality, on photos that training has not seen. Minutes long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.commands import Called

Calotype = Callable[..., Called]
FOX = Path(__file__).parents[3] / "shared" / "data" / "fox"

pytestmark = pytest.mark.slow


def test_the_demo_at_the_low_preset_reaches_28_db_and_8_above_the_nearest_photo(
    calotype: Calotype, tmp_path: Path
) -> None:
    shown = calotype("demo", "-o", tmp_path / "out", "--json")
    assert shown.code == 0, shown.err
    figures = shown.json
    assert figures["registered"] == figures["images"] == 40
    assert figures["psnr"] >= 28
    assert figures["psnr"] >= figures["nearest_psnr"] + 8
    assert figures["ssim"] >= 0.88
    assert figures["rotation_error_deg"] < 0.2


@pytest.mark.skipif(not FOX.is_dir(), reason="the real captures of ../shared/data are not here")
def test_photos_of_a_phone_reach_24_db_after_500_iterations(calotype: Calotype, tmp_path: Path) -> None:
    ran = calotype("run", "splat", FOX, "--max-side", 480, "--preset", "low", "--iterations", 500, "--json")
    assert ran.code == 0, ran.err
    figures = ran.json
    assert figures["registered"] == figures["images"] == 50
    assert figures["psnr"] >= 24
    assert figures["psnr"] >= figures["nearest_psnr"] + 6
