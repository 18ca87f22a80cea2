"""What must be fast on a CPU: splatting forward and backward, the training loss and the optimizer, in C++ with SIMD and threads.

Arrays in, arrays out, float32 and C-contiguous unless said; nothing is copied or converted on the way in, and the GIL
is released.
For one SIMD level the same bits come back for any number of threads (`threads=0`: all cores this process may use).
Levels differ in the last bits. Slow, obvious references live in `calotype.vision.splatting.reference`.
"""

from calotype.kernels._native import Workspace, set_simd_level, simd_level, simd_levels, usable_cores
from calotype.kernels.projection import (
    ALPHA_MIN,
    ParameterGrads,
    Projected,
    ProjectedGrads,
    project,
    project_backward,
)
from calotype.kernels.rasterization import (
    Contributions,
    Rasterized,
    contributions,
    rasterize,
    rasterize_backward,
)
from calotype.kernels.training import Loss, adam, l1_ssim

__all__ = [
    "ALPHA_MIN",
    "Contributions",
    "Loss",
    "ParameterGrads",
    "Projected",
    "ProjectedGrads",
    "Rasterized",
    "Workspace",
    "adam",
    "contributions",
    "l1_ssim",
    "project",
    "project_backward",
    "rasterize",
    "rasterize_backward",
    "set_simd_level",
    "simd_level",
    "simd_levels",
    "usable_cores",
]
