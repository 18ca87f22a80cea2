"""What flows: kinds of artifacts and their conventions."""

from calotype.artifacts.kinds import (
    BUILTIN_KINDS,
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

__all__ = [
    "BUILTIN_KINDS",
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
]
