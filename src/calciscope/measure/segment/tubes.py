"""Round lean tubes amid fat, as vessels without contrast medium look in a slice, and whether they go on beyond a candidate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from calciscope.measure.segment.view import View
from calciscope.terms.deposits import Region

RADII_MM = (2.5, 3.3, 4.2, 5.2, 6.5, 8.0)
"""Radii of arteries whose wall calcifies, mm: popliteal 3 to common iliac 8 (textbook anatomy, memory)."""
SLENDER_MM = (1.8,)
"""Radii of a child's arteries and of those of a lower leg, mm: popliteal of a child 1.5-2.2, tibial 1-1.5 (memory). So slender
a tube is looked for beyond a calcified length alone: strands of fascia look like one in a single slice."""
LIMB_RADIUS_MM = 5.5
"""No artery of a limb is thicker, mm: femoral and axillary 4-5 (textbook anatomy, memory); slender muscles are."""
LUMEN_HU = (5.0, 110.0)
"""Blood, HU, without contrast, with a margin for noise."""
FAT_STEP_HU = 40.0
"""The tissue just outside a vessel is at least this much lower on average: it runs in fat (judgement)."""
FAT_HU, FAT_AROUND = -15.0, 0.55
"""Share of the ring around a vessel that is fat: a muscle may lie on one side, not on more (judgement)."""
AIR_HU = -200.0
"""Smoothed HU below which there is air, not fat: skin beside air is no wall of a vessel."""
LUMEN_SEEN = 0.45
"""Share of a vessel's disc that must be free of mineral, so that blood is seen (judgement)."""
LIMB = frozenset(set(Region) - {
    Region.CHEST, Region.ABDOMEN, Region.PELVIS, Region.GROIN, Region.HIP, Region.BACK, Region.SHOULDER, Region.NECK,
    Region.UNKNOWN,
})  # fmt: skip

BLUR_MM = 0.8
"""Smoothing with which fat is told from noise, standard deviation in mm; a third of the radius where that is less."""

COURSE_MM = (4.0, 8.0)
"""How far beyond either end of a candidate the tube is looked for, mm."""
COURSE_DRIFT_MM = 2.5
"""How far from the candidate's own line its middle may lie there, mm (measured: vessels to 2.4, mineral elsewhere 2.7 and
more in all but chance hits)."""
COURSE_SEEN = 0.75
"""Share of the places in view at which it must be seen, at both ends (judgement)."""
DIRECTION_MM = 6.0
"""Length of a candidate's end from which its direction is taken, mm."""

Float = NDArray[np.float64]


def radii(view: View) -> tuple[float, ...]:
    """Radii (mm) of the arteries and veins that may run in the candidate's region."""
    return tuple(r for r in RADII_MM if r <= LIMB_RADIUS_MM) if view.region in LIMB else RADII_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What counts as a tube that goes on: largest radius, slender ones or not, share of the places in view, of fat around."""

    widest_mm: float = max(RADII_MM)
    slender: bool = False  # tubes as slender as a child's arteries count as well
    seen: float = COURSE_SEEN
    fat_around: float = FAT_AROUND


def goes_on_beyond(view: View, course: Course) -> bool:
    """Whether a tube is seen on the candidate's own line beyond both of its ends along the scan."""
    planes = np.flatnonzero(view.core.any(axis=(1, 2)))
    seen = []
    for end, step in ((int(planes[0]), -1), (int(planes[-1]), 1)):
        places = [place for place in _line(view, end, step, planes) if 0 <= place[0] < view.hu.shape[0]]
        if not places:
            return False
        seen.append([_tube_near(view, plane, centre, course) for plane, centre in places])
        if not any(seen[-1]):
            return False
    every = seen[0] + seen[1]
    return sum(every) >= course.seen * len(every)


def _line(view: View, end: int, step: int, planes: NDArray[np.intp]) -> list[tuple[int, Float]]:
    """(plane, centre in mm) beyond one end, on the line of that end."""
    slice_mm, mm = view.spacing_mm[0], np.array(view.spacing_mm[1:])
    inner = int(np.clip(end - step * max(1, round(DIRECTION_MM / slice_mm)), planes[0], planes[-1]))
    inner = int(planes[np.abs(planes - inner).argmin()])
    last, before = (np.argwhere(view.core[plane]).mean(axis=0) * mm for plane in (end, inner))
    slope = (last - before) / max(1, abs(end - inner))
    away = [max(1, round(distance / slice_mm)) for distance in COURSE_MM]
    return [(end + step * n, last + slope * n) for n in away]


def _tube_near(view: View, plane: int, centre: Float, course: Course) -> bool:
    """Whether the middle of a tube lies near this place of the plane."""
    slender = SLENDER_MM if course.slender else ()
    for radius in (*slender, *(r for r in radii(view) if r <= course.widest_mm)):
        index = np.argwhere(np.isfinite(tube_score(view, plane, radius, course.fat_around))) * np.array(
            view.spacing_mm[1:]
        )
        if len(index) and np.linalg.norm(index - centre, axis=1).min() <= COURSE_DRIFT_MM:
            return True
    return False


def tube_score(view: View, plane: int, radius: float, fat_around: float = FAT_AROUND) -> NDArray[np.float32]:
    """How much the disc of this radius stands out of its surroundings, HU; -inf where it is no vessel."""
    usable = (view.hu[plane] > -200) & (view.hu[plane] < 180) & ~view.core[plane]
    image = np.where(usable, view.hu[plane], 0).astype(np.float32)
    blur_mm = min(BLUR_MM, radius / 3.0)
    smooth = ndimage.gaussian_filter(view.hu[plane].astype(np.float32), [blur_mm / s for s in view.spacing_mm[1:]])
    inner, ring = _kernels(radius, view.spacing_mm[1:])
    known, fat = usable.astype(np.float32), ((smooth < FAT_HU) & (smooth > AIR_HU)).astype(np.float32)
    weight_in, total_in = _convolved((known, image), inner)
    weight_out, total_out, fatty = _convolved((known, image, fat), ring)
    lumen = total_in / np.maximum(weight_in, 1e-3)
    around = total_out / np.maximum(weight_out, 1e-3)
    vessel = (lumen > LUMEN_HU[0]) & (lumen < LUMEN_HU[1]) & (weight_in > LUMEN_SEEN) & (weight_out > 0.6)
    vessel &= fatty > fat_around
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
    """Normalised disc (to radius less 0.8 mm) and ring (radius plus 0.8 to 2.8 mm, thinner around slender tubes)."""
    outer = radius + (2.8 if radius >= RADII_MM[0] else radius)
    half = [int(np.ceil(outer / s)) for s in spacing_mm]
    y, x = np.ogrid[-half[0] : half[0] + 1, -half[1] : half[1] + 1]
    distance = np.hypot(y * spacing_mm[0], x * spacing_mm[1])
    disc = (distance <= max(radius - 0.8, 1.2)).astype(np.float32)
    ring = ((distance >= radius + 0.8) & (distance <= outer)).astype(np.float32)
    return disc / disc.sum(), ring / max(1.0, float(ring.sum()))
