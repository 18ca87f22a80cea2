"""Names of the formats a splat can be written in besides PLY, without loading what writes them."""

from __future__ import annotations

from typing import Literal

ExportFormat = Literal["spz", "sog", "splat", "compressed-ply", "glb"]
"""SPZ (Niantic), SOG (PlayCanvas), .splat (antimatter15), compressed PLY (PlayCanvas), glTF with KHR_gaussian_splatting."""

SpzFrame = Literal["rub", "rdf"]
"""Axes of an SPZ file: x right, y up, z back as its document says, or x right, y down, z forward as our world and PLY have."""
