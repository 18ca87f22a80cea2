"""Say what to do better in the next capture, from the figures of this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from calotype.vision.reporting.causes import exposure_gain_db
from calotype.vision.reporting.data import PhotoOutcome, PoseFigures, ReportData
from calotype.vision.reporting.measured import Coverage, Floaters

# The thresholds are rules of thumb of photogrammetry, kept lenient: advice that always shows is not read.
_REGISTERED_SHARE = 0.9
_SHORT_TRACKS = 3.0
_LARGE_REPROJECTION_PX = 1.2
_SMALL_GAIN_DB = 3.0
_BEHIND_THE_REST_DB = 5.0
_TRAINING_AHEAD_DB = 6.0
_EXPOSURE_DB = 1.0
_FAR_DEG = 25.0
_NARROW_DEG = 60.0
_DOWN_DEG = -60.0
_BARE_PICTURE = 0.2
_IN_THE_AIR = 0.02
_SEEN_ONCE = 0.05
_COVERED = 0.9
_GPS_SHARE = 0.05

# What the reasons that structure from motion gives have in common, and what helps.
_REMEDIES = {
    "it is dark": "too dark: more light, or a longer exposure from a tripod",
    "it is overexposed": "overexposed: expose for the brightest part",
    "it is blurred": "blurred or bare: hold still, and keep something with texture in the picture",
    "resembles no other photo": "like no other: take two or three more from beside each",
    "not connected": "joined only to each other: take photos on the way from them to the rest",
    "no pose fits": "matched without a pose that fits: things that move, mirrors or repeated patterns; take them from more places",
}


def advice_for(data: ReportData) -> tuple[str, ...]:
    """What to do next time, most important first: what the data brings along, then what its figures show."""
    found = list(data.advice)
    if data.poses is not None:
        # Where the poses were found here, the data's own advice has judged overlap already: not twice.
        found += _about_overlap(data.poses) if not data.advice else []
        found += _about_lost_photos(data.poses.photos)
        found += _about_poses(data.poses)
    if data.coverage is not None:
        found += _about_coverage(data.coverage)
    found += _about_views(data)
    if data.floaters is not None:
        found += _about_floaters(data.floaters)
    if data.rejected:
        files = "1 file" if len(data.rejected) == 1 else f"{len(data.rejected)} files"
        found.append(f"{files} could not be used; the list below says why and what to do.")
    return tuple(dict.fromkeys(found))


def _about_overlap(poses: PoseFigures) -> list[str]:
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
    return found


def _about_lost_photos(photos: Sequence[PhotoOutcome]) -> list[str]:
    """One sentence about each cause that photos were lost to, the most frequent first."""
    counts = Counter(
        remedy
        for photo in photos
        if not photo.registered
        for words, remedy in _REMEDIES.items()
        if words in photo.reason
    )
    return [f"{_photos(count)} without a pose, {remedy}." for remedy, count in counts.most_common()]


def _about_poses(poses: PoseFigures) -> list[str]:
    found: list[str] = []
    if poses.reprojection_px is not None and poses.reprojection_px > _LARGE_REPROJECTION_PX:
        found.append(
            f"Points are off by {poses.reprojection_px:.1f} px on average. Keep focus and zoom fixed, switch off digital "
            "stabilisation, and avoid motion blur and things that move."
        )
    gps = poses.gps
    if gps is not None and gps.horizontal_max_m is not None and gps.horizontal_rms_m and gps.extent_m:
        stray = gps.horizontal_max_m > max(3 * gps.horizontal_rms_m, _GPS_SHARE * gps.extent_m)
        if stray:
            found.append(
                f"One photo's GPS lies {gps.horizontal_max_m:.1f} m from its place, where {gps.horizontal_rms_m:.1f} m is usual. "
                "Let the receiver settle for a minute before the first photo."
            )
    return found


def _about_coverage(coverage: Coverage) -> list[str]:
    found: list[str] = []
    if coverage.pitch_deg[1] < _DOWN_DEG:
        found.append(
            f"All photos look down, {-coverage.pitch_deg[1]:.0f}° or more: walls, and what stands under something, stay unseen. "
            "Fly or walk a second round with the camera tilted to about 45°."
        )
    elif coverage.yaw_deg is not None and coverage.yaw_deg < _NARROW_DEG:
        found.append(
            f"All photos look within {coverage.yaw_deg:.0f}° of the circle: the splat is good to look at from there only. If other "
            "sides are to be seen, walk on around the scene."
        )
    mean = coverage.mean_picture
    if mean is not None and mean < _BARE_PICTURE:
        found.append(
            f"Points cover only {100 * mean:.0f} % of a picture on average, least in {coverage.barest}: sky, bare walls, glass or "
            "blur fill the rest, and there the splat has nothing to hold on to. Come nearer to things with texture."
        )
    return found


def _about_floaters(floaters: Floaters) -> list[str]:
    found: list[str] = []
    share = floaters.in_the_air_share
    if share is not None and share > _IN_THE_AIR:
        found.append(
            f"Gaussians that hang in the air hold {100 * share:.0f} % of what the views show, most in {floaters.worst}. They "
            "stand in for what only some photos saw: people who pass, reflections, changing light. Keep the scene still, and show "
            "each part in at least three photos."
        )
    if floaters.covered is not None and floaters.covered < _COVERED:
        found.append(
            f"Only {100 * floaters.covered:.0f} % of the unseen pictures are covered by the splat; through the rest the background "
            "shows. Where the photos show something there, dark as it may be, train longer, or take more photos of it."
        )
    if floaters.seen_once_share > _SEEN_ONCE:
        found.append(
            f"{100 * floaters.seen_once_share:.0f} % of what training photos show is known from one photo only, so that its "
            "distance is a guess. Let neighbouring photos overlap more, also at the ends of the walk."
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
    gains = [exposure_gain_db(view) for view in data.held_out]
    if gains and float(np.mean(gains)) > _EXPOSURE_DB:
        found.append(
            f"A change of colours alone brings unseen views {np.mean(gains):.1f} dB closer: the photos are exposed or balanced "
            "differently. Lock exposure and white balance; for these photos, train with `--train.exposure`."
        )
    far = [view for view in data.held_out if view.away_deg is not None and view.away_deg > _FAR_DEG]
    if far:
        worst = max(far, key=lambda view: view.away_deg or 0)
        found.append(
            f"Of the unseen views {len(far)} are turned by more than {_FAR_DEG:.0f}° from every training photo that looks alike, "
            f"{worst.name} by {worst.away_deg:.0f}°: steps between photos are large. Half of that lets the splat turn smoothly."
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


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count} photos"
