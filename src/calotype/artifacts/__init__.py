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
from calotype.artifacts.reference import ArtifactRef, PackedRefs, References, names_of, stem_of

__all__ = [
    "BUILTIN_KINDS",
    "Annotations",
    "Artifact",
    "ArtifactRef",
    "Cameras",
    "DepthMap",
    "Gallery",
    "Image",
    "Mask",
    "Mesh",
    "Model",
    "PackedRefs",
    "PointCloud",
    "References",
    "Report",
    "Splat",
    "Video",
    "names_of",
    "stem_of",
]
