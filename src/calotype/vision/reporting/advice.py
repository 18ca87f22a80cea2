"""Say what to do better in the next capture, from the figures of this one."""

from __future__ import annotations

import numpy as np

from calotype.vision.reporting.data import PoseFigures, ReportData

# The thresholds are rules of thumb of photogrammetry, kept lenient: advice that always shows is not read.
_REGISTERED_SHARE = 0.9
_SHORT_TRACKS = 3.0
_LARGE_REPROJECTION_PX = 1.2
_SMALL_GAIN_DB = 3.0
_BEHIND_THE_REST_DB = 5.0
_TRAINING_AHEAD_DB = 6.0


def advice_for(data: ReportData) -> tuple[str, ...]:
    """What to do next time, most important first: what the data brings along, then what its figures show."""
    found = list(data.advice)
    if data.poses is not None:
        found += _about_poses(data.poses)
    found += _about_views(data)
    if data.rejected:
        files = "1 file" if len(data.rejected) == 1 else f"{len(data.rejected)} files"
        found.append(f"{files} could not be used; the list below says why and what to do.")
    return tuple(dict.fromkeys(found))


def _about_poses(poses: PoseFigures) -> list[str]:
    found: list[str] = []
    total = len(poses.photos)
    if total and poses.registered < _REGISTERED_SHARE * total:
        found.append(
            f"Only {poses.registered} of {total} photos found their place. Walk in smaller steps, so that neighbouring "
            "photos share about 70 % of their view, and go from one part of the scene to the next without a jump."
        )
    if len(poses.model_sizes) > 1:
        sizes = " and ".join(str(size) for size in poses.model_sizes)
        found.append(
            f"The photos fell apart into groups of {sizes}. Take a few photos that show what the groups have in common."
        )
    if poses.mean_track_length is not None and poses.mean_track_length < _SHORT_TRACKS:
        found.append(
            f"A point is seen in {poses.mean_track_length:.1f} photos on average. More overlap makes the cameras firmer: "
            "take each part of the scene from at least five places."
        )
    if poses.reprojection_px is not None and poses.reprojection_px > _LARGE_REPROJECTION_PX:
        found.append(
            f"Points are off by {poses.reprojection_px:.1f} px on average. Keep focus and zoom fixed, switch off digital "
            "stabilisation, and avoid motion blur and things that move."
        )
    return found


def _about_views(data: ReportData) -> list[str]:
    found: list[str] = []
    psnr, nearest = data.mean("psnr"), data.mean("nearest_psnr")
    if psnr is not None and nearest is not None and psnr - nearest < _SMALL_GAIN_DB:
        found.append(
            f"The splat shows unseen views only {psnr - nearest:.1f} dB better than copying the nearest photo. Train "
            "longer, or take photos from more directions."
        )
    training = data.training
    if (
        psnr is not None
        and training is not None
        and training.history
        and training.history[-1].psnr is not None
    ):
        ahead = training.history[-1].psnr - psnr
        if ahead > _TRAINING_AHEAD_DB:
            found.append(
                f"Training photos are matched {ahead:.1f} dB better than unseen ones: the splat fits each photo by itself. "
                "More photos help most, and the same exposure and white balance in all of them."
            )
    known = [view for view in data.held_out if view.psnr is not None]
    if len(known) >= 3:
        values = np.array([view.psnr for view in known], dtype=float)
        worst = known[int(values.argmin())]
        if np.median(values) - values.min() > _BEHIND_THE_REST_DB:
            found.append(
                f"{worst.name} is {np.median(values) - values.min():.1f} dB worse than the median view. Few photos show "
                "what it shows: add some around it."
            )
    return found
