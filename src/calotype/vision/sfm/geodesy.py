"""Turn GPS positions into metres east, north and up of their middle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calotype.vision.sfm.photos import GpsPosition

Array = NDArray[np.float64]

# WGS 84: semi-major axis in metres, and flattening.
_A = 6378137.0
_F = 1 / 298.257223563


def ecef(latitude_deg: float, longitude_deg: float, altitude_m: float) -> Array:
    """Earth-centred, earth-fixed coordinates [3] in metres."""
    latitude, longitude = np.deg2rad([latitude_deg, longitude_deg])
    e2 = _F * (2 - _F)
    n = _A / np.sqrt(1 - e2 * np.sin(latitude) ** 2)
    return np.array(
        [
            (n + altitude_m) * np.cos(latitude) * np.cos(longitude),
            (n + altitude_m) * np.cos(latitude) * np.sin(longitude),
            (n * (1 - e2) + altitude_m) * np.sin(latitude),
        ]
    )


def enu_origin(positions: Sequence[GpsPosition | None]) -> tuple[float, float, float]:
    """Latitude, longitude (degrees) and altitude (metres) of the middle of the positions."""
    known = [position for position in positions if position is not None]
    altitudes = [position.altitude_m for position in known if position.altitude_m is not None]
    return (
        float(np.mean([position.latitude_deg for position in known])),
        float(np.mean([position.longitude_deg for position in known])),
        float(np.median(altitudes)) if altitudes else 0.0,
    )


def enu_positions(
    positions: Sequence[GpsPosition | None], origin: tuple[float, float, float] | None = None
) -> Array:
    """[n, 3] metres east, north, up of `origin` (the middle, if none is given); NaN where a position is None.

    A missing altitude counts as the origin's. The frame is flat: over 10 km it departs from the earth by 8 m.
    """
    latitude_deg, longitude_deg, altitude_m = origin or enu_origin(positions)
    sin_lat, sin_lon = np.sin(np.deg2rad([latitude_deg, longitude_deg]))
    cos_lat, cos_lon = np.cos(np.deg2rad([latitude_deg, longitude_deg]))
    enu_from_ecef = np.array(
        [
            [-sin_lon, cos_lon, 0.0],
            [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
        ]
    )
    start = ecef(latitude_deg, longitude_deg, altitude_m)
    result = np.full((len(positions), 3), np.nan)
    for row, position in enumerate(positions):
        if position is not None:
            altitude = altitude_m if position.altitude_m is None else position.altitude_m
            place = ecef(position.latitude_deg, position.longitude_deg, altitude)
            result[row] = enu_from_ecef @ (place - start)
    return result
