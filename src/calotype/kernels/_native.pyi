import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

class Workspace:
    def __init__(self) -> None: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def pairs(self) -> int: ...

def simd_levels() -> list[str]: ...
def simd_level() -> str: ...
def set_simd_level(name: str) -> None: ...
def usable_cores() -> int: ...
def project(
    parameters: tuple[Floats, ...],
    degree: int,
    pose: list[float],
    intrinsics: tuple[float, ...],
    size: tuple[int, int],
    near: float,
    alpha_min: float,
    antialiased: bool,
    outputs: tuple[Floats, ...],
    visible: Bytes,
    threads: int,
    /,
) -> None: ...
def project_backward(
    parameters: tuple[Floats, ...],
    degree: int,
    pose: list[float],
    intrinsics: tuple[float, ...],
    size: tuple[int, int],
    near: float,
    alpha_min: float,
    antialiased: bool,
    rgb: Floats,
    visible: Bytes,
    gradients: tuple[Floats, ...],
    outputs: tuple[Floats, ...],
    threads: int,
    /,
) -> None: ...
def rasterize(
    workspace: Workspace,
    projected: tuple[Floats, ...],
    visible: Bytes,
    size: tuple[int, int],
    alpha_min: float,
    background: tuple[float, ...],
    memory_limit_bytes: int,
    rgb: Floats,
    alpha: Floats,
    depth: Floats | None,
    threads: int,
    /,
) -> int: ...
def rasterize_backward(
    workspace: Workspace,
    generation: int,
    projected: tuple[Floats, ...],
    visible: Bytes,
    d_rgb: Floats,
    d_alpha: Floats | None,
    d_depth: Floats | None,
    outputs: tuple[Floats, ...],
    absolute_xy: Floats | None,
    threads: int,
    /,
) -> None: ...
def contributions(
    workspace: Workspace,
    generation: int,
    error: Floats,
    weight_sum: Floats,
    error_sum: Floats,
    max_weight: Floats,
    threads: int,
    /,
) -> None: ...
def l1_ssim(
    workspace: Workspace,
    image: Floats,
    target: Floats | None,
    target_bytes: Bytes | None,
    weights: Floats | None,
    colour: Floats | None,
    ssim_weight: float,
    d_image: Floats,
    d_colour: NDArray[np.float64] | None,
    threads: int,
    /,
) -> tuple[float, float, float]: ...
def adam(
    params: Floats,
    grads: Floats,
    m: Floats,
    v: Floats,
    lr: Floats,
    columns: int,
    beta1: float,
    beta2: float,
    eps: float,
    step: int,
    mask: Bytes | None,
    threads: int,
    /,
) -> None: ...
