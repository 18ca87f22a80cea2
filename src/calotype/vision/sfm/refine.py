"""Polish the chosen reconstruction: a richer lens model where it is determined, outliers removed, all adjusted once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calotype.vision.sfm.model import Model, read_model
from calotype.vision.sfm.photos import Photo

# Four distortion terms need photos that see the same points in the middle and in the corners; few photos fit noise with them.
_LEAST_PHOTOS = 15
_LARGEST_ERROR_PX = 4.0


def refine(
    model: Model, photos: Sequence[Photo], lens_model_is_free: bool, threads: int
) -> tuple[Model, str]:
    """The model after a last bundle adjustment, and in words what was gained; the model itself if nothing was.

    Where a camera took at least 15 of the photos and `lens_model_is_free`, one radial term becomes COLMAP's OPENCV model (two focal
    lengths, two radial and two tangential terms).
    """
    import pycolmap

    refined = pycolmap.Reconstruction(model.reconstruction)
    before = model.cameras.cameras
    shared = [number for number in before if _photos_of(model, number) >= _LEAST_PHOTOS]
    enriched = [number for number in shared if before[number].model == "SIMPLE_RADIAL" and lens_model_is_free]
    for number in enriched:
        f, cx, cy, k1 = before[number].params
        camera = refined.cameras[number]
        camera.model = pycolmap.CameraModelId.OPENCV
        camera.params = [f, f, cx, cy, k1, 0.0, 0.0, 0.0]
    if not enriched:
        return model, ""
    _adjust(refined, threads)
    result = read_model(refined, photos)
    lost = 1 - len(result.observations.point) / max(1, len(model.observations.point))
    changed = max(abs(result.cameras.cameras[number].fx / before[number].fx - 1) for number in enriched)
    if result.reprojection_px >= model.reprojection_px or lost > 0.05 or changed > 0.1:
        return model, ""
    gained = f"{model.reprojection_px:.3f} to {result.reprojection_px:.3f} px"
    return result, f"the OPENCV lens model lowers the reprojection error from {gained}"


def _photos_of(model: Model, camera_id: int) -> int:
    return sum(frame.camera_id == camera_id for frame in model.cameras.frames)


def _adjust(reconstruction: Any, threads: int) -> None:
    import pycolmap

    options = pycolmap.BundleAdjustmentOptions()
    options.print_summary = False
    options.ceres.loss_function_type = pycolmap.LossFunctionType.SOFT_L1
    options.ceres.solver_options.num_threads = threads
    options.ceres.solver_options.max_num_iterations = 50
    pycolmap.bundle_adjustment(reconstruction, options)
    manager = pycolmap.ObservationManager(reconstruction)
    manager.filter_all_points3D(_LARGEST_ERROR_PX, 1.5)
    reconstruction.update_point_3d_errors()
