"""Strands and grains beside a sure deposit that alone would found no candidate: the rest of a net, the small ones of a cluster.

A limit that keeps a whole scan free of false deposits is too high for the thinnest parts of a deposit that is there for sure.
Beside it, what is no thicker than the blur is told by how it stands out of what lies all around it. Kinds are judged before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cc3d
import edt
import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.amid_fat import (
    ALL_AROUND,
    AROUND_HALF_MM,
    AROUND_MM,
    MOSTLY,
    STRAND_MM,
    is_strand,
    shell_offsets,
)
from calciscope.measure.amid_fat import FAT_HU as FAT_RANGE_HU
from calciscope.measure.segment.body import ball
from calciscope.measure.segment.core import HALF, LOCAL_MM
from calciscope.measure.segment.dense import FAT_HU, LEAN_HU, smoothing_weights
from calciscope.measure.segment.pieces import Box
from calciscope.measure.segment.solid import Spacing
from calciscope.measure.segment.strands import STRAND_HU, STRAND_SIGMAS
from calciscope.terms.geometry import Volume
from calciscope.terms.tissue import Tissue

REACH_MM = 8.0
"""How far from sure mineral a strand is followed that reaches the lower limit only, mm: about one mesh of a net (judgement)."""
GAP_MM = 4.0
"""Grains no farther than this from sure mineral belong to it, mm (judgement)."""
LINKED_HU, LINKED_SIGMAS = -30.0, 6.0
"""Smoothed HU of a strand that goes on from sure mineral, and standard deviations of the smoothed noise above fat: a septum of
0.5 mm stays below -55 HU, a vein of 1.5 mm below -40 HU (derived)."""
NET_LINKED_HU, NET_LINKED_SIGMAS = -50.0, 5.0
"""The same beside a strand or net that is there for sure: what is so faint is a part of it far more often than it is a vein
(judgement: a vein of 1.5 mm that is followed for 8 mm adds 2 HU ml)."""
BRIGHT, BRIGHT_SIGMAS = 0.1, 3.0
"""Share of a strand apart from a net that lies so many standard deviations above what a vein reads; one apart is of the net
where it is brighter
(measured on phantom nets: a vein's brightest tenth reaches 2.2, strands' 3 and more)."""
GRAIN_HU, GRAIN_SIGMAS = 40.0, 4.5
"""Smoothed HU, and standard deviations of the smoothed noise, by which a grain stands out of lean tissue all around: tendon in
muscle does by 50, but is no grain (judgement)."""
OUT_OF_LEAN = 0.85
"""Share of the surroundings that read less than a grain in lean tissue (judgement)."""
LEAST_VOXELS = 3
"""A grain has at least so many voxels at half its contrast (judgement)."""
LONG_MM = 4.0
"""From this length on it is a strand, fitted together with the core; what is shorter is a grain of its own, mm (judgement)."""
RIM_MM = 2.0
"""So near to the core its own blur and bulk hide what a strand has around it, mm (judgement)."""
PEAK_MM = 1.6
"""A grain's peak is the highest within this distance, mm; the rim of a larger part is not (judgement)."""
BONE_MM = 4.0
"""So near to bone no grain is told from it, mm (judgement)."""
CALM_FAT_HU, ENOUGH_FAT = (-140.0, -50.0), 400
"""Fat without what lies in it, HU, and voxels of it that tell the noise: a net lifts that of the scan's own map twofold."""
ROUNDS = 6
"""Strands that are as dense as no lean tissue is are followed on; so often at most."""

Bool = NDArray[np.bool_]
Float32 = NDArray[np.float32]


def join_beside(
    volume: Volume, tissue: NDArray[np.uint8], labels: NDArray[np.uint16], label: int, box: Box, noise_hu: float
) -> tuple[Box, list[tuple[Box, Bool]]]:
    """Add to the core ``label``, which lies in ``box``, the strands that go on from it; return its box then, and the grains beside it.

    ``labels`` and ``tissue`` are changed in place, grains as (box, mask of the box) are left to the caller; ``noise_hu``:
    standard deviation of the smoothed image there.
    """
    spacing = volume.grid.spacing_mm
    core, whole = labels[box] == label, box
    for _ in range(ROUNDS):
        crop = _with_room(whole, spacing, labels.shape)
        own = labels[crop] == label
        added = own & ~_placed(core, box, crop)
        beside = _Beside.of(volume.hu[crop], own, added, _free(tissue[crop], labels[crop], spacing), spacing, noise_hu)
        strands, grains = beside.parts()
        if not strands.any():
            break
        labels[crop][strands] = label
        tissue[crop][strands] = int(Tissue.SKIN_OTHER)
        whole = _within(crop, ndimage.find_objects((own | strands).view(np.uint8))[0])
    number = cc3d.connected_components(grains, connectivity=26)
    found = [(place, number[place] == n) for n, place in enumerate(ndimage.find_objects(number), start=1)]
    return whole, [(_within(crop, place), grain) for place, grain in found if grain.sum() >= LEAST_VOXELS]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Crops [slice, row, column] about a core: what is thin amid fat or stands out of lean tissue around it (``thin``), where
    that is the core of its neighbourhood (``core``), voxels that are surely mineral and the peak of a grain (``peak``), voxels
    brighter than a vein (``bright``), what links a strand to the core (``own``, ``added`` strands with it, and its ``rim``), and
    distances to the core and to its dense voxels, mm; ``net``: the core is a strand itself, or a net of strands."""

    own: Bool
    net: bool
    added: Bool
    rim: Bool
    thin: Bool
    in_fat: Bool
    core: Bool
    peak: Bool
    bright: Bool
    away_mm: NDArray[np.float32]
    reach_mm: NDArray[np.float32]
    spacing_mm: Spacing

    @classmethod
    def of(
        cls, hu: NDArray[np.int16], own: Bool, added: Bool, free: Bool, spacing_mm: Spacing, noise_hu: float
    ) -> Self:
        """Look at every free voxel that is dense enough."""
        image = _smoothed(hu, spacing_mm)
        noise_hu = min(noise_hu, _fat_noise(image))
        net = is_strand(hu, np.argwhere(own), spacing_mm)
        sure_hu, no_lean_hu = STRAND_HU + STRAND_SIGMAS * noise_hu, LEAN_HU + STRAND_SIGMAS * noise_hu
        anchors = own & (image >= (sure_hu if net else no_lean_hu))
        away_mm = edt.edt(~own, anisotropy=spacing_mm)
        reach_mm = edt.edt(~anchors, anisotropy=spacing_mm) if anchors.any() else np.full_like(away_mm, np.inf)
        lowest_hu, sigmas = (NET_LINKED_HU, NET_LINKED_SIGMAS) if net else (LINKED_HU, LINKED_SIGMAS)
        least_hu = max(lowest_hu, FAT_HU + sigmas * noise_hu)
        looked_at = (reach_mm <= REACH_MM + net * AROUND_MM) | (away_mm <= GAP_MM)
        dense = free & looked_at & (image >= least_hu)
        places = np.argwhere(dense)
        least_contrast_hu = max(GRAIN_HU, GRAIN_SIGMAS * noise_hu)
        least_fat = np.where(net & (image[dense] >= no_lean_hu), MOSTLY, ALL_AROUND)
        level_hu, fatty, stands_out = _surroundings(
            hu, places, image[dense], shell_offsets(spacing_mm), FAT_RANGE_HU, least_fat, least_contrast_hu
        )
        in_fat, thin, peak = np.zeros_like(own), np.zeros_like(own), np.zeros_like(own)
        in_fat[dense] = fatty
        thin[dense] = stands_out
        peak[dense] = stands_out & (image[dense] >= np.where(fatty, sure_hu, -np.inf))
        contrast = np.where(thin | own, image, -np.inf).astype(np.float32)
        contrast[dense] -= level_hu
        contrast[own] -= np.median(level_hu[stands_out]) if thin.any() else FAT_HU
        return cls(
            own=own,
            net=net,
            added=added,
            rim=dense & (away_mm <= RIM_MM),
            thin=thin,
            in_fat=in_fat,
            core=_reaches(contrast, thin | added, ball(LOCAL_MM, spacing_mm), HALF),
            peak=_reaches(image, peak, ball(PEAK_MM, spacing_mm), 1.0),
            bright=thin & (image >= STRAND_HU + BRIGHT_SIGMAS * noise_hu),
            away_mm=away_mm,
            reach_mm=reach_mm,
            spacing_mm=spacing_mm,
        )

    def parts(self) -> tuple[Bool, Bool]:
        """Strands that go on from the core, and grains apart from it."""
        number = cc3d.connected_components(self.own | self.rim | self.thin, connectivity=26)
        linked = np.isin(number, np.unique(number[self.own]))
        part = cc3d.connected_components(self.thin | self.added, connectivity=26)
        strands, grains = np.zeros_like(self.own), np.zeros_like(self.own)
        touching = ndimage.binary_dilation(self.own, np.ones((3, 3, 3))) & self.core
        for n, place in enumerate(ndimage.find_objects(part), start=1):
            mask = part[place] == n
            longest_mm = max((s.stop - s.start) * mm for s, mm in zip(place, self.spacing_mm, strict=True))
            no_vein = self.bright[place][mask].mean() >= BRIGHT
            if longest_mm >= LONG_MM and (linked[place][mask].any() or (self.net and no_vein)):
                strands[place] |= mask
            elif touching[place][mask].any():
                continue  # a part of the core's own rim
            elif longest_mm >= STRAND_MM and not no_vein:
                continue
            elif self.peak[place][mask].any() and self.away_mm[place][mask].min() <= GAP_MM:
                grains[place] |= mask
        kept = self.core & self.thin
        return strands & kept & self.in_fat & (self.reach_mm <= REACH_MM), grains & kept


def _free(tissue: NDArray[np.uint8], labels: NDArray[np.uint16], spacing_mm: Spacing) -> Bool:
    """Voxels within the body, clear of bone, that are no candidate's."""
    bone = tissue == int(Tissue.BONE)
    free = (tissue != int(Tissue.OUTSIDE)) & (labels == 0)
    return np.asarray(free & (edt.edt(~bone, anisotropy=spacing_mm) > BONE_MM) if bone.any() else free)


def _fat_noise(image: Float32) -> float:
    """Standard deviation of the smoothed image in fat, which strands in it hardly lift; infinite where there is little fat."""
    fat = image[(image > CALM_FAT_HU[0]) & (image < CALM_FAT_HU[1])]
    if fat.size < ENOUGH_FAT:
        return np.inf
    low, middle = np.percentile(fat, [15.9, 50.0])
    return float(middle - low)


def _smoothed(hu: NDArray[np.int16], spacing_mm: Spacing) -> NDArray[np.float32]:
    """The image smoothed as where dense voxels are sought."""
    image = hu.astype(np.float32)
    for axis, weight in enumerate(smoothing_weights(spacing_mm)):
        if weight > 0:
            image = ndimage.convolve1d(image, [weight, 1 - 2 * weight, weight], axis=axis, mode="nearest")
    return image


def _with_room(box: Box, spacing_mm: Spacing, shape: tuple[int, ...]) -> Box:
    """The box with room for what may be added and for the tissue around that."""
    steps = [int(np.ceil((REACH_MM + AROUND_MM + AROUND_HALF_MM) / mm)) + 1 for mm in spacing_mm]
    grown = [slice(max(0, b.start - n), min(size, b.stop + n)) for b, n, size in zip(box, steps, shape, strict=True)]
    return grown[0], grown[1], grown[2]


def _within(outer: Box, inner: tuple[slice, ...]) -> Box:
    """``inner``, a box of the crop ``outer``, in the full grid."""
    slices = [slice(o.start + i.start, o.start + i.stop) for o, i in zip(outer, inner, strict=True)]
    return slices[0], slices[1], slices[2]


def _placed(mask: Bool, box: Box, crop: Box) -> Bool:
    """``mask`` of ``box`` in a crop that holds it."""
    room = [(b.start - c.start, c.stop - b.stop) for b, c in zip(box, crop, strict=True)]
    return np.pad(mask, room)


def _reaches(image: Float32, where: Bool, around: Bool, share: float) -> Bool:
    """Of the voxels ``where``, those that reach ``share`` of the highest of ``around`` them; what lies beyond counts nothing."""
    offsets = np.argwhere(around) - np.array(around.shape) // 2
    out = np.zeros_like(where)
    out[where] = image[where] >= share * _highest(image, np.argwhere(where), offsets)
    return out


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _highest(image, places, offsets):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """The highest of the image at ``offsets`` about each place (n, 3)."""
    out = np.empty(len(places), dtype=np.float32)
    for n in prange(len(places)):
        highest = image[places[n, 0], places[n, 1], places[n, 2]]
        for m in range(len(offsets)):
            z, y, x = places[n, 0] + offsets[m, 0], places[n, 1] + offsets[m, 1], places[n, 2] + offsets[m, 2]
            if 0 <= z < image.shape[0] and 0 <= y < image.shape[1] and 0 <= x < image.shape[2]:
                highest = max(highest, image[z, y, x])
        out[n] = highest
    return out


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _surroundings(hu, places, values, shell, fat_hu, least_fat, contrast_hu):  # type: ignore[no-untyped-def]  # pragma: no cover
    """For each place (n, 3) with its smoothed value: whether ``least_fat`` of its shell is fat, whether it is a strand in fat or
    stands out of lean tissue by ``contrast_hu``, and the median of the shell where it does one of these."""
    level, in_fat, thin = np.zeros(len(places)), np.zeros(len(places), np.bool_), np.zeros(len(places), np.bool_)
    for n in prange(len(places)):
        missing = (1.0 - least_fat[n]) * shell.shape[0]
        in_lean = values[n] - LEAN_HU >= contrast_hu
        seen = np.empty(shell.shape[0])
        count, fat, below = 0, 0, 0
        for m in range(shell.shape[0]):
            z, y, x = places[n, 0] + shell[m, 0], places[n, 1] + shell[m, 1], places[n, 2] + shell[m, 2]
            if 0 <= z < hu.shape[0] and 0 <= y < hu.shape[1] and 0 <= x < hu.shape[2]:
                value = hu[z, y, x]
                seen[count] = value
                count += 1
                fat += fat_hu[0] < value < fat_hu[1]
                below += value < values[n]
                if not in_lean and count - fat > missing:
                    break
        if count == 0 or (not in_lean and count - fat > missing):
            continue
        in_fat[n] = fat / count >= least_fat[n]
        if in_fat[n] or below / count >= OUT_OF_LEAN:
            level[n] = np.median(seen[:count])
            thin[n] = in_fat[n] or values[n] - max(level[n], LEAN_HU) >= contrast_hu
    return level, in_fat, thin
