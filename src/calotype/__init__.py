"""Photos and video in a bucket become 3D scenes: computed once, kept by key, printed as often as asked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calotype.artifacts import (
        Annotations,
        Artifact,
        Cameras,
        DepthMap,
        Gallery,
        Image,
        Mask,
        Mesh,
        Model,
        PointCloud,
        Report,
        Splat,
        Video,
    )
    from calotype.engine.context import Context
    from calotype.engine.pipeline import Pipeline
    from calotype.engine.ports import All, Each, PerItem, Rejected, Results
    from calotype.engine.stage import Resources, SpeedOnly, Stage
    from calotype.runners.session import RunResult, run

__version__ = "0.1.0"

_HOMES = {
    "calotype.artifacts": (
        "Annotations",
        "Artifact",
        "Cameras",
        "DepthMap",
        "Gallery",
        "Image",
        "Mask",
        "Mesh",
        "Model",
        "PointCloud",
        "Report",
        "Splat",
        "Video",
    ),
    "calotype.engine.context": ("Context",),
    "calotype.engine.pipeline": ("Pipeline",),
    "calotype.engine.ports": ("All", "Each", "PerItem", "Rejected", "Results"),
    "calotype.engine.stage": ("Resources", "SpeedOnly", "Stage"),
    "calotype.runners.session": ("RunResult", "run"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "All",
    "Annotations",
    "Artifact",
    "Cameras",
    "Context",
    "DepthMap",
    "Each",
    "Gallery",
    "Image",
    "Mask",
    "Mesh",
    "Model",
    "PerItem",
    "Pipeline",
    "PointCloud",
    "Rejected",
    "Report",
    "Resources",
    "Results",
    "RunResult",
    "SpeedOnly",
    "Splat",
    "Stage",
    "Video",
    "__version__",
    "run",
]


def __getattr__(name: str) -> Any:
    """Load a public name where it lives, on first use (PEP 562): importing calotype stays instant."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'calotype' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value
