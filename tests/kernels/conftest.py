from __future__ import annotations

from collections.abc import Iterator

import pytest

from calotype import kernels


@pytest.fixture(params=kernels.simd_levels())
def level(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test once per SIMD level that this processor can run."""
    before = kernels.simd_level()
    kernels.set_simd_level(request.param)
    yield request.param
    kernels.set_simd_level(before)
