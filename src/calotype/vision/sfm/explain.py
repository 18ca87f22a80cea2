"""Say in words why photos found no place, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calotype.vision.sfm.judge import Candidate
from calotype.vision.sfm.ladder import Attempt
from calotype.vision.sfm.photos import Photo
from calotype.vision.sfm.report import GpsReport, PhotoReport

FEW_KEYPOINTS = 150
_LOOKED_AT = 256
# Of 255: nine in ten values below the first, or above the second.
_DARK, _BRIGHT = 50, 235

CAPTURE_ADVICE = (
    "Neighbouring photos should share about 70 % of what they show",
    "move sideways between photos instead of turning on the spot",
    "keep the focal length fixed",
    "avoid blur, bare walls, glass and moving things",
)


def photo_reports(photos: Sequence[Photo], attempt: Attempt) -> list[PhotoReport]:
    """One report per photo, in order."""
    from calotype.vision.sfm.model import per_photo

    placed = per_photo(attempt.chosen.model) if attempt.chosen else {}
    registered_ids = {number for number, photo in enumerate(photos, start=1) if photo.name in placed}
    partners: dict[int, dict[int, int]] = {number: {} for number in range(1, len(photos) + 1)}
    for (a, b), count in attempt.matches.items():
        partners[a][b] = count
        partners[b][a] = count
    reports: list[PhotoReport] = []
    for number, photo in enumerate(photos, start=1):
        observations, error_px = placed.get(photo.name, (0, float("nan")))
        keypoints = attempt.keypoints.get(number, 0)
        matched = partners[number]
        inside = sum(other in registered_ids for other in matched)
        reports.append(
            PhotoReport(
                name=photo.name,
                registered=photo.name in placed,
                keypoints=keypoints,
                matched_photos=len(matched),
                matches=sum(matched.values()),
                observations=observations,
                reprojection_px=error_px if np.isfinite(error_px) else None,
                reason="" if photo.name in placed else _reason(photo, keypoints, len(matched), inside),
            )
        )
    return reports


def _reason(photo: Photo, keypoints: int, matched: int, inside: int) -> str:
    if keypoints < FEW_KEYPOINTS:
        return f"few keypoints ({keypoints}): {_flaw(photo)}"
    if matched == 0:
        return "few matches: it resembles no other photo"
    if inside == 0:
        return f"not connected: it matches {matched} photos, none of them part of the model"
    return f"few consistent matches: it matches {inside} photos of the model, but no pose fits them"


def _flaw(photo: Photo) -> str:
    """What most likely keeps a photo from having keypoints: its exposure, or else blur or bare surfaces."""
    from calotype.vision.images.decode import load_rgb

    rgb = load_rgb(photo.path, _LOOKED_AT)
    if np.percentile(rgb, 90) < _DARK:
        return "it is dark"
    if np.percentile(rgb, 10) > _BRIGHT:
        return "it is overexposed"
    return "it is blurred, or shows surfaces without texture"


def does_not_connect(photos: Sequence[Photo], attempts: Sequence[Attempt], least: int) -> str:
    """The message for photos that do not belong together: figures, then what to do."""
    best = max(attempts, key=lambda attempt: attempt.registered)
    count = len(photos)
    most = max(best.report.pairs, 1)
    tried = ", ".join(attempt.rung.what for attempt in attempts)
    weak = [photos[n - 1].name for n, found in sorted(best.keypoints.items()) if found < FEW_KEYPOINTS]
    parts = [
        f"No common model of these {count} photos was found: {best.report.matched_pairs} of {most} compared pairs match, and the "
        f"largest model holds {best.registered} photos where {least} are needed (tried: {tried})."
    ]
    if weak:
        named = ", ".join(weak[:5]) + (" ..." if len(weak) > 5 else "")
        parts.append(f"{len(weak)} photos show hardly any texture: {named}.")
    parts.append("; ".join(CAPTURE_ADVICE) + ".")
    if best.registered >= 5:
        parts.append(
            "Photos of several places belong in several jobs. To accept the largest model as it is, lower "
            f"min_registered_fraction to {best.registered / count:.2f} or less."
        )
    return " ".join(parts)


def advice(
    photos: Sequence[PhotoReport], chosen: Candidate, sizes: Sequence[int], gps: GpsReport | None
) -> list[str]:
    """Short hints for the next capture; empty when all went well."""
    hints: list[str] = []
    missing = [photo for photo in photos if not photo.registered]
    if missing:
        names = ", ".join(photo.name for photo in missing[:5]) + (" ..." if len(missing) > 5 else "")
        hints.append(
            f"{len(missing)} of {len(photos)} photos have no pose ({names}). {'; '.join(CAPTURE_ADVICE[:2])}."
        )
    if len([size for size in sizes if size >= 3]) > 1:
        hints.append(
            f"The photos fall into {len(sizes)} groups that do not connect ({', '.join(map(str, sizes))} photos); only the largest "
            "is used. Take photos that lead from one to the other."
        )
    if chosen.focal_deviation > 1.25:
        hints.append(
            f"The focal length found is {chosen.focal_deviation:.2f} times off what EXIF says: the photos may be cropped, or the "
            "model may be bent. Compare it with what you know of the place."
        )
    if chosen.model.mean_track_length < 3:
        hints.append("Points are seen by few photos each: take photos closer together.")
    if gps is not None and gps.horizontal_rms_m > 0.05 * gps.extent_m:
        hints.append(
            f"GPS and poses differ by {gps.horizontal_rms_m:.1f} m over {gps.extent_m:.0f} m: weak reception, or a bent model."
        )
    return hints
