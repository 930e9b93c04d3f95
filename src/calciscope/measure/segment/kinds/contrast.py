"""Contrast medium in bowel, urine and vessels, and organs that take it up."""

from __future__ import annotations

import numpy as np

from calciscope.measure.regions.likelihood import ARM
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind, Region

ORDER = 40
EVEN_MOST_HU = 420.0
"""Contrast in bowel, bladder and vessels stays below this on average, HU (judgement)."""
EVEN_SPREAD = 0.22
"""Spread (interquartile range over mean) of a filled space; clumps of mineral vary more (judgement)."""
EVEN_ML = 0.25
"""Smallest filled space judged, ml."""
ORGAN_HU = 165.0
"""Mean below which a large even piece is an organ or vessel that takes up contrast, HU (judgement)."""
ENCLOSED_GAS_HU = -300.0
"""No tissue is as low; small bubbles in thick slices are no lower, HU."""
GAS_DEEP_MM = 12.0
"""Gas this deep under the surface is in bowel or airways, not in a fold or an ulcer of the skin, mm (judgement)."""
GAS_MM, TOUCH_MM = 10.0, 5.0
"""Bowel content lies this close to bowel gas, mm; the nearer one where it is not surely inside (judgement)."""
FOLD_FAT_HU = -40.0
"""Surroundings below this are the fat under the skin, HU."""
TRUNK = frozenset({Region.CHEST, Region.ABDOMEN, Region.PELVIS, Region.GROIN, Region.HIP, Region.BUTTOCK, Region.BACK})
"""Regions that hold bowel, their borders included."""

VEIN_MM, LEAST_LONG_MM = 16.0, 20.0
"""Widest vein of an arm, distended, mm, and least length in view that shows its course, mm (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Contrast when it lies in the trunk's cavity evenly filled or beside gas, or in a vessel of a scan with contrast."""
    inside = view.in_cavity or _even(view)
    if (inside or _may_be_bowel(view)) and _beside_gas(view, GAS_MM if inside else TOUCH_MM):
        return _found(0.7, "Lies beside gas deep in the body: bowel content or contrast medium.")
    if view.in_cavity and _even(view):
        return _found(0.75, "An evenly filled space in the body cavity: contrast medium or an enhancing organ.")
    if scan.series.acquisition.contrast_agent and _even(view):
        return _found(0.6, "Evenly dense as a filled vessel, in a scan made with contrast medium.")
    if scan.series.acquisition.contrast_agent and view.region in ARM and _runs_through(view):
        return _found(0.5, "Runs through the scan along an arm, as a vein into which contrast medium was injected.")
    return None


def _runs_through(view: View) -> bool:
    """Slender, and in every slice from the first to the last."""
    planes, *sides = view.piece.box
    slice_mm, *mm = view.spacing_mm
    whole = planes.start == 0 and planes.stop == view.scan.labels.shape[0]
    long_mm = (planes.stop - planes.start) * slice_mm
    widest = max((side.stop - side.start) * size for side, size in zip(sides, mm, strict=True))
    return bool(whole and long_mm >= max(LEAST_LONG_MM, 2.0 * widest) and widest <= VEIN_MM)


def _found(confidence: float, reason: str) -> Finding:
    """A finding of this kind."""
    return Finding(kind=Kind.CONTRAST, confidence=confidence, reason=reason)


def _even(view: View) -> bool:
    """A large piece of little variation, of the density of diluted contrast."""
    if view.piece.volume_ml < EVEN_ML or view.piece.mean_hu > EVEN_MOST_HU:
        return False
    if view.piece.mean_hu < ORGAN_HU:
        return True
    low, high = np.percentile(view.hu[view.core], [25, 75])
    return bool(high - low < EVEN_SPREAD * view.piece.mean_hu + 1.5 * view.coarse_at_centre(view.scan.field.noise_hu))


def _may_be_bowel(view: View) -> bool:
    """In the trunk and not in the fat under the skin, where gas is that of a fold."""
    return view.region in TRUNK and view.coarse_at_centre(view.scan.field.background_hu) > FOLD_FAT_HU


def _beside_gas(view: View, reach_mm: float) -> bool:
    """Whether gas lies within reach, deep inside the body."""
    gas = (view.hu < ENCLOSED_GAS_HU) & (view.tissue > 0)
    if gas.sum() < 5:
        return False
    return bool((gas & view.near(reach_mm) & (view.inside_body_mm > GAS_DEEP_MM)).sum() >= 5)
