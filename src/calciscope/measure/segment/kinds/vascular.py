"""Calcified arteries: mineral in the wall of a round lean tube amid fat, or specks in line along a limb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind, Region

ORDER = 50
RADII_MM = (2.5, 3.3, 4.2, 5.2, 6.5, 8.0)
"""Radii of arteries whose wall calcifies, mm: popliteal 3 to common iliac 8 (textbook anatomy, memory)."""
LIMB_RADIUS_MM = 5.5
"""No artery of a limb is thicker, mm: femoral and axillary 4-5 (textbook anatomy, memory); slender muscles are."""
LIMB = frozenset(set(Region) - {
    Region.CHEST, Region.ABDOMEN, Region.PELVIS, Region.GROIN, Region.HIP, Region.BACK, Region.SHOULDER, Region.NECK,
    Region.UNKNOWN,
})  # fmt: skip
LUMEN_HU = (5.0, 110.0)
"""Blood, HU, without contrast, with a margin for noise."""
FAT_STEP_HU = 40.0
"""The tissue just outside a vessel is at least this much lower on average: it runs in fat (judgement)."""
FAT_HU, FAT_AROUND = -15.0, 0.55
"""Share of the ring around a vessel that is fat: a muscle may lie on one side, not on more (judgement)."""
LEAST_FAT = 0.03
"""Share of fat in the surroundings below which no vessel can be told from muscle."""
LUMEN_SEEN = 0.45
"""Share of a vessel's disc that must be free of mineral, so that blood is seen (judgement)."""
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
DRIFT_MM = 4.5
"""How far its middle may have moved by then, mm."""

Float = NDArray[np.float64]


def judge(view: View, scan: Scan) -> Finding | None:
    """Vascular when it sits in the wall of a tube that goes on above and below."""
    if view.piece.volume_ml > LARGEST_ML or _is_nodule(view):
        return None
    if _in_tube_wall(view):
        return Finding(
            kind=Kind.VASCULAR, confidence=0.8, reason="Lies in the wall of a round vessel that goes on above and below."
        )
    return None


def _is_nodule(view: View) -> bool:
    """Too thick for a wall's plaque and too short for a calcified length of vessel: muscle bellies in fat look like vessels."""
    per_slice = view.core.sum(axis=(1, 2))
    plane = np.pad(view.core[int(per_slice.argmax())], 1)
    half_mm = ndimage.distance_transform_edt(plane, sampling=view.spacing_mm[1:]).max() - 0.5 * min(view.spacing_mm[1:])
    long_mm = np.count_nonzero(per_slice) * view.spacing_mm[0]
    return bool(half_mm > THICKEST_MM and long_mm < SLENDER * 2.0 * half_mm)


def _in_tube_wall(view: View) -> bool:
    """Search tubes in the slice that holds most of the candidate, then follow them."""
    if ((view.hu > -150) & (view.hu < FAT_HU)).mean() < LEAST_FAT:
        return False
    plane = int(view.core.sum(axis=(1, 2)).argmax())
    own = np.argwhere(view.core[plane]) * np.array(view.spacing_mm[1:])
    widest = LIMB_RADIUS_MM if view.region in LIMB else max(RADII_MM)
    for radius in (r for r in RADII_MM if r <= widest):
        score = _tube_score(view, plane, radius)
        for centre in _centres(score, view):
            distance = np.linalg.norm(own - centre, axis=1)
            in_wall = (distance < radius + WALL_MM).mean()
            at_rim = (distance > 0.45 * radius).mean()
            if in_wall > 0.85 and at_rim > 0.5 and _goes_on(view, plane, centre, radius):
                return True
    return False


def _tube_score(view: View, plane: int, radius: float) -> NDArray[np.float32]:
    """How much the disc of this radius stands out of its surroundings, HU; -inf where it is no vessel."""
    usable = (view.hu[plane] > -200) & (view.hu[plane] < 180) & ~view.core[plane]
    image = np.where(usable, view.hu[plane], 0).astype(np.float32)
    smooth = ndimage.gaussian_filter(view.hu[plane].astype(np.float32), [0.8 / s for s in view.spacing_mm[1:]])
    inner, ring = _kernels(radius, view.spacing_mm[1:])
    known, fat = usable.astype(np.float32), (smooth < FAT_HU).astype(np.float32)
    weight_in, total_in = _convolved((known, image), inner)
    weight_out, total_out, fatty = _convolved((known, image, fat), ring)
    lumen = total_in / np.maximum(weight_in, 1e-3)
    around = total_out / np.maximum(weight_out, 1e-3)
    vessel = (lumen > LUMEN_HU[0]) & (lumen < LUMEN_HU[1]) & (weight_in > LUMEN_SEEN) & (weight_out > 0.6)
    vessel &= fatty > FAT_AROUND
    step = lumen - around
    return np.where(vessel & (step > FAT_STEP_HU), step, -np.inf).astype(np.float32)


def _convolved(fields: tuple[NDArray[np.float32], ...], kernel: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Each field convolved with the (symmetric) kernel, zero beyond its edges."""
    rows, columns = fields[0].shape
    shape = (fft.next_fast_len(rows + kernel.shape[0]), fft.next_fast_len(columns + kernel.shape[1]))
    transfer = fft.rfft2(kernel, shape)
    top, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    full = (fft.irfft2(fft.rfft2(field, shape) * transfer, shape) for field in fields)
    return [np.asarray(image[top : top + rows, left : left + columns], dtype=np.float32) for image in full]


def _kernels(radius: float, spacing_mm: tuple[float, float]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalised disc (to radius less 0.8 mm) and ring (radius plus 0.8 to 2.8 mm)."""
    half = [int(np.ceil((radius + 2.8) / s)) for s in spacing_mm]
    y, x = np.ogrid[-half[0] : half[0] + 1, -half[1] : half[1] + 1]
    distance = np.hypot(y * spacing_mm[0], x * spacing_mm[1])
    disc = (distance <= max(radius - 0.8, 1.2)).astype(np.float32)
    ring = ((distance >= radius + 0.8) & (distance <= radius + 2.8)).astype(np.float32)
    return disc / disc.sum(), ring / max(1.0, float(ring.sum()))


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
        score = _tube_score(view, other, radius)
        index = np.argwhere(np.isfinite(score)) * np.array(view.spacing_mm[1:])
        if len(index) and np.linalg.norm(index - centre, axis=1).min() <= DRIFT_MM:
            seen += 1
    return asked >= 2 and seen >= min(GOES_ON, asked)
