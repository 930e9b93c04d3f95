"""Calcified arteries: mineral in the wall of a round lean tube amid fat, or specks in line along a limb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.tubes import RADII_MM, Course, goes_on_beyond, radii, tube_score
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind

ORDER = 50
LENGTH = 2.5
"""Length along the scan over width in the slice from which a candidate may be a calcified length of vessel (judgement)."""
WIDEST_MM = 2.0 * max(RADII_MM)
"""Width of the widest artery, mm."""
SLENDER_WIDTH_MM = 8.0
"""Width up to which a calcified length may be one of a slender artery, mm: its lumen, both walls and the blur (judgement)."""
AMID_FAT_HU = -15.0
LEAST_FAT = 0.03
"""Share of fat in the surroundings below which no vessel can be told from muscle."""
WALL_MM = 1.9
"""Half width of the wall with blur, mm."""
THICKEST_MM = 1.5
"""Half the thickness of a plaque in a vessel's wall, mm, blur included; what is thicker is a whole calcified length (judgement)."""
SLENDER = 2.0
"""Length along the scan over thickness from which a thick candidate may be a calcified vessel and is no nodule (judgement)."""
LARGEST_ML = 3.0
ALONG_MM = (-9.0, -5.0, 5.0, 9.0)
"""Distances along the scan at which the tube must go on, mm."""
GOES_ON = 3
"""In so many of these places, of those in view, must the tube be seen (all when fewer are in view)."""
WITHIN, AT_RIM, RIM = 0.85, 0.5, 0.45
"""Shares of a plaque's voxels that lie within the tube and its wall, and beyond this share of its radius (judgement)."""
STEP_MM = 2.0
"""How far a tube's middle may move from one slice of the candidate to the next, mm (judgement)."""
DRIFT_MM = 3.0
"""How far its middle may have moved by then, mm."""

Float = NDArray[np.float64]


def judge(view: View, scan: Scan) -> Finding | None:
    """Vascular when it sits in the wall of a tube that goes on above and below."""
    if view.piece.volume_ml > LARGEST_ML or ((view.hu > -150) & (view.hu < AMID_FAT_HU)).mean() < LEAST_FAT:
        return None
    if _is_length(view) and goes_on_beyond(view, Course(slender=_width_mm(view) <= SLENDER_WIDTH_MM)):
        return Finding(
            kind=Kind.VASCULAR,
            confidence=0.8,
            reason="A calcified length of vessel: the vessel goes on beyond both ends.",
        )
    if not _is_nodule(view) and _in_tube_wall(view):
        return Finding(
            kind=Kind.VASCULAR,
            confidence=0.8,
            reason="Lies in the wall of a round vessel that goes on above and below.",
        )
    return None


def _is_length(view: View) -> bool:
    """Long along the scan, and no wider in any slice than an artery: a sheet is."""
    planes = np.flatnonzero(view.core.any(axis=(1, 2)))
    width_mm = _width_mm(view)
    long_mm = float(planes[-1] - planes[0]) * view.spacing_mm[0]  # its ends fill their slices in part
    return bool(width_mm <= WIDEST_MM and long_mm >= LENGTH * width_mm)


def _width_mm(view: View) -> float:
    """Greatest width of its sections across the scan."""
    sections = (np.argwhere(plane) * np.array(view.spacing_mm[1:]) for plane in view.core if plane.any())
    return max(float(np.ptp(places, axis=0).max()) for places in sections) + max(view.spacing_mm[1:])


def _is_nodule(view: View) -> bool:
    """Too thick for a wall's plaque and too short for a calcified length of vessel: muscle bellies in fat look like vessels."""
    per_slice = view.core.sum(axis=(1, 2))
    plane = np.pad(view.core[int(per_slice.argmax())], 1)
    half_mm = ndimage.distance_transform_edt(plane, sampling=view.spacing_mm[1:]).max() - 0.5 * min(view.spacing_mm[1:])
    long_mm = np.count_nonzero(per_slice) * view.spacing_mm[0]
    return bool(half_mm > THICKEST_MM and long_mm < SLENDER * 2.0 * half_mm)


def _in_tube_wall(view: View) -> bool:
    """Search tubes in the slice that holds most of the candidate, then follow them."""
    plane = int(view.core.sum(axis=(1, 2)).argmax())
    for radius in radii(view):
        score = tube_score(view, plane, radius)
        for centre in _centres(score, view):
            if (
                _in_wall(view, plane, centre, radius)
                and _goes_on(view, plane, centre, radius)
                and _wall_all_along(view, plane, centre, radius)
            ):
                return True
    return False


def _in_wall(view: View, plane: int, centre: Float, radius: float) -> bool:
    """Whether the candidate's part in a slice lies within a tube, near its rim."""
    distance = np.linalg.norm(np.argwhere(view.core[plane]) * np.array(view.spacing_mm[1:]) - centre, axis=1)
    return bool((distance < radius + WALL_MM).mean() > WITHIN and (distance > RIM * radius).mean() > AT_RIM)


def _wall_all_along(view: View, plane: int, centre: Float, radius: float) -> bool:
    """Whether the tube's wall holds the candidate in its other slices too; a sheet leaves a round muscle's edge."""
    planes = np.flatnonzero(view.core.any(axis=(1, 2)))
    for way in (planes[planes > plane], planes[planes < plane][::-1]):
        middle = centre
        for other in way:
            near = [
                c for c in _centres(tube_score(view, int(other), radius), view) if np.linalg.norm(c - middle) <= STEP_MM
            ]
            if not near:
                return False
            middle = min(near, key=lambda c: float(np.linalg.norm(c - middle)))
            if not _in_wall(view, int(other), middle, radius):
                return False
    return True


def _centres(score: NDArray[np.float32], view: View) -> list[Float]:
    """Local maxima of the score, mm in the crop's plane, best first."""
    top = (score == ndimage.maximum_filter(score, size=3)) & np.isfinite(score)
    places = np.argwhere(top)
    order = np.argsort(-score[top], kind="stable")[:12]
    return [places[n] * np.array(view.spacing_mm[1:]) for n in order]


def _goes_on(view: View, plane: int, centre: Float, radius: float) -> bool:
    """Whether a tube of this radius is seen above and below, near the same place."""
    seen = asked = 0
    for along in ALONG_MM:
        other = plane + round(along / view.spacing_mm[0])
        if not 0 <= other < view.hu.shape[0]:
            continue
        asked += 1
        score = tube_score(view, other, radius)
        index = np.argwhere(np.isfinite(score)) * np.array(view.spacing_mm[1:])
        if len(index) and np.linalg.norm(index - centre, axis=1).min() <= DRIFT_MM:
            seen += 1
    return asked >= 2 and seen >= min(GOES_ON, asked)
