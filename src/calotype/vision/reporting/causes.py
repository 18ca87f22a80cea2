"""Say what most likely makes one unseen view worse than the others, from what was measured about it."""

from __future__ import annotations

import numpy as np

from calotype.vision.reporting.data import HeldOutView, ReportData

_BEHIND_DB = 1.0
_EXPOSURE_DB = 1.5
_FAR_DEG = 15.0
_FEW_POINTS = 0.4
_FLOATERS = 0.02


def likely_cause(view: HeldOutView, data: ReportData) -> str:
    """In words; empty for a view that is not clearly below the median, or where nothing measured explains it."""
    values = [other.psnr for other in data.held_out if other.psnr is not None and np.isfinite(other.psnr)]
    if view.psnr is None or len(values) < 2 or float(np.median(values)) - view.psnr < _BEHIND_DB:
        return ""
    found = [
        _exposure(view),
        _distance(view),
        _few_points(view, data),
        _hidden_by_floaters(view, data),
    ]
    return "; ".join(cause for cause in found if cause)


def exposure_gain_db(view: HeldOutView) -> float:
    """What the best change of its colours gains, 0 where it was not measured."""
    if view.psnr is None or view.fitted_psnr is None:
        return 0.0
    return view.fitted_psnr - view.psnr


def _exposure(view: HeldOutView) -> str:
    gain = exposure_gain_db(view)
    return (
        f"it is exposed or balanced otherwise than its neighbours ({gain:.1f} dB of it)"
        if gain > _EXPOSURE_DB
        else ""
    )


def _distance(view: HeldOutView) -> str:
    if view.away_deg is None or view.away_deg < _FAR_DEG:
        return ""
    return f"no training photo looks from nearby: the nearest is turned by {view.away_deg:.0f}°"


def _few_points(view: HeldOutView, data: ReportData) -> str:
    known = [other.points for other in data.held_out if other.points is not None]
    if view.points is None or not known or view.points >= _FEW_POINTS * float(np.median(known)):
        return ""
    return f"few points to build on ({view.points:,}, where others have {float(np.median(known)):,.0f})"


def _hidden_by_floaters(view: HeldOutView, data: ReportData) -> str:
    found = data.floaters
    if found is None or found.worst != view.name or found.worst_share < _FLOATERS:
        return ""
    return f"Gaussians that hang in the air hold {100 * found.worst_share:.0f} % of it"
