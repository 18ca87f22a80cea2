"""Check what is handed to the native kernels: nothing of a wrong shape, type or layout may reach a raw pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def floats(name: str, array: object, shape: Sequence[int | None]) -> Floats:
    """The array itself, once it is float32, C-contiguous and of the given shape (None: any length).

    Raises TypeError for another dtype or layout and ValueError for another shape; nothing is converted or copied, because a
    silent copy per training step is a bug that only shows as time.
    """
    return _checked(name, array, np.dtype(np.float32), shape)


def flags(name: str, array: object, count: int) -> Bytes:
    """One byte per item, not zero where the item takes part; bool arrays are viewed, not copied."""
    if isinstance(array, np.ndarray) and array.dtype == np.bool_:
        array = array.view(np.uint8)
    return _checked(name, array, np.dtype(np.uint8), (count,))


def pixels(name: str, array: object, shape: Sequence[int | None]) -> Bytes:
    """The array itself, once it is uint8, C-contiguous and of the given shape."""
    return _checked(name, array, np.dtype(np.uint8), shape)


def _checked(name: str, array: object, dtype: np.dtype[Any], shape: Sequence[int | None]) -> NDArray[Any]:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a numpy array, not {type(array).__name__}")
    if array.dtype != dtype:
        raise TypeError(f"{name} must be {dtype}, not {array.dtype}")
    if len(array.shape) != len(shape) or any(
        want is not None and want != got for want, got in zip(shape, array.shape, strict=True)
    ):
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise ValueError(f"{name} must have shape ({wanted}), not {array.shape}")
    if not array.flags.c_contiguous:
        raise TypeError(f"{name} must be C-contiguous; pass np.ascontiguousarray({name})")
    return array


def image_size(size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) as ints, each 1 to 32768."""
    width, height = (int(side) for side in size)
    if not (1 <= width <= 32768 and 1 <= height <= 32768):
        raise ValueError(f"size must be (width, height) with sides of 1 to 32768 pixels, not {tuple(size)}")
    return width, height


def numbers(name: str, values: ArrayLike, shape: tuple[int, ...]) -> list[float]:
    """The values as a flat list of finite floats."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array.ravel().tolist()


def thread_count(threads: int) -> int:
    """The number itself, once it is not negative."""
    if threads < 0:
        raise ValueError(f"threads must be 0 (all cores) or more, not {threads}")
    return int(threads)


def between(name: str, value: float, low: float, high: float) -> float:
    """The value as a float, once low <= value <= high."""
    value = float(value)
    if not low <= value <= high:
        raise ValueError(f"{name} must lie between {low} and {high}, not {value}")
    return value
