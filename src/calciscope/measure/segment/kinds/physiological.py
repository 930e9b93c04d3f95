"""Mineral that belongs where it is: stones and phleboliths in the trunk, cartilage around the airway, brain and teeth."""

from __future__ import annotations

import numpy as np

from calciscope.measure.segment.kinds.contrast import TRUNK
from calciscope.measure.segment.tubes import Course, goes_on_beyond
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind, Region

ORDER = 60
PHLEBOLITH_ML = 0.6
"""Largest phlebolith, ml: about 10 mm across (judgement)."""
VEIN_STONE_ML = 0.2
"""Largest phlebolith in a vein of a limb, ml, its blurred edge included: about 5 mm across (judgement)."""
STONE_ROUND = 1.8
"""Length over width of a stone in a slice: it is as round as the vein it lies in; a flat piece is none (judgement)."""
VEIN = Course(widest_mm=4.5, seen=1.0, fat_around=0.7)
"""A vein in full view, fat nearly all around: thicker round things and those with muscle beside them are muscles as well
(judgement)."""
VEIN_MM = 10.0
"""Nearer to the skin deposits are far more common than phleboliths, mm (judgement)."""
MIDLINE_MM, MIDLINE_ML = 12.0, 1.5
"""Unpaired bones end within this of the middle plane, mm; largest such end, ml (judgement)."""
OFF_CENTRE_MM = 45.0
"""A trunk in whole view lies in the middle of the scanner to so much, mm; else the image is a part of it (judgement)."""
MIDLINE_FAT_HU = -60.0
"""Surroundings below this are the fat under the skin, where deposits form over bony points, HU (judgement)."""
AIRWAY_MM = 12.0
"""Laryngeal and tracheal cartilage lies this close to the airway, mm (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Physiological by place: inside the trunk's cavity, or around the airway of the neck."""
    if view.region in (Region.NECK, Region.CHEST, Region.SHOULDER) and _at_airway(view):
        return _found(0.6, "Lies around the airway: calcified cartilage of larynx or trachea.")
    if not view.in_cavity:
        if _in_midline(view):
            return _found(
                0.5, "In the midline of the trunk: tip of breastbone, coccyx or a spinous process, or the symphysis."
            )
        if _may_be_vein_stone(view) and goes_on_beyond(view, VEIN):
            return _found(0.6, "Lies within a vessel that goes on above and below: a phlebolith.")
        return None
    if view.region in (Region.HEAD, Region.FACE):
        return _found(0.6, "Inside the skull or jaws: mineral of choroid, pineal gland, falx, vessels or teeth.")
    if view.region in (Region.PELVIS, Region.GROIN, Region.HIP) and view.piece.volume_ml < PHLEBOLITH_ML:
        return _found(0.6, "A small body inside the pelvis: a phlebolith is far more common than a deposit there.")
    return _found(0.5, "Lies inside the body cavity: a stone, node or vessel is more common than a deposit there.")


def _found(confidence: float, reason: str) -> Finding:
    """A finding of this kind."""
    return Finding(kind=Kind.PHYSIOLOGICAL, confidence=confidence, reason=reason)


def _in_midline(view: View) -> bool:
    """Small, in the middle plane of a trunk in whole view, and not in the fat under the skin."""
    middle = view.middle_mm
    if middle is None or abs(middle) > OFF_CENTRE_MM or view.region not in TRUNK or view.piece.volume_ml > MIDLINE_ML:
        return False
    in_fat = view.coarse_at_centre(view.scan.field.background_hu) < MIDLINE_FAT_HU
    return not in_fat and abs(float(view.centre_lps_mm[0]) - middle) <= MIDLINE_MM


def _may_be_vein_stone(view: View) -> bool:
    """Small, apart from bone and not just under the skin."""
    deep = view.coarse_at_centre(view.scan.depth_mm) >= VEIN_MM
    return view.piece.volume_ml < VEIN_STONE_ML and view.knob_contact is None and deep and _round(view)


def _round(view: View) -> bool:
    """Whether its largest section across the scan is about as wide as long."""
    plane = int(view.core.sum(axis=(1, 2)).argmax())
    places = np.argwhere(view.core[plane]) * np.array(view.spacing_mm[1:])
    own = np.diag([mm**2 / 12.0 for mm in view.spacing_mm[1:]])  # of one voxel
    spread = own + (np.cov(places.T, bias=True) if len(places) > 1 else 0.0)
    least, most = np.linalg.eigvalsh(spread)
    return bool(np.sqrt(most / least) <= STONE_ROUND)


def _at_airway(view: View) -> bool:
    """Whether a column of air within the body lies close by in this slice and its neighbours."""
    enclosed = (view.hu < -600) & (view.tissue > 0)
    if enclosed.sum() < 20:
        return False
    gas = view.near(AIRWAY_MM) & enclosed
    slices = gas.any(axis=(1, 2)).mean()
    return bool(gas.sum() >= 20 and slices > 0.3)
