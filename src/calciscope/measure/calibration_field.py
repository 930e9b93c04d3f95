"""How calcium's CT number changes over one body: the water that rays through each place cross, from the image itself.

A deposit's integral in the reconstructed image is the mean over all view angles of what its projections show, so the
factor at a place is the mean over angles of the table's value behind that ray's water. Under the skin a ray along the
surface crosses little, so the factor is higher there than in the middle; the rays of one leg that cross the other leg
too lower it. Bone on a ray hardens the beam as several times its thickness of water does. A deposit's own mineral does
so as well, from nothing at its near side to all of it at its far side, so half of it counts. Parallel rays within the
slice are assumed; a fan beam sees the same lines over half a turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.terms.geometry import Float64, Volume
from calciscope.terms.tissue import Tissue

SLICE_STEP_MM = 30.0  # path changes slowly along the body (judgement)
MOST_SLICES = 48  # bounds the time of a whole body
PIXEL_MM = 6.0  # coarse pixels: paths are smooth (within 0.11 % of the factor at 2 mm on discs of 10-32 cm, measured)
ANGLES = 24  # over half a turn (within 0.01 % of 96 on the same discs, measured)
MINERAL_HU = 150  # CT numbers above this are read as mineral in soft tissue (above muscle and noise; judgement)
MATRIX_HU = 40.0  # of the soft tissue that mineral sits in, as in the table
MINERAL_MG_ML = 3160.0  # density of hydroxyapatite
DEPOSIT_SHARE = 0.5  # of mineral outside bone: the mean over a deposit's own thickness
SOFT = (Tissue.SKIN_OTHER, Tissue.FAT, Tissue.MUSCLE)
MOST_POINTS = 4000  # of a deposit that are looked at: the field is smooth
LEAST_BODY_CM2 = 1.0  # a slice with less body than this is not used


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardening:
    """``factor`` (HU per mg/ml) behind ``path_cm`` of water, and the water (cm) that 1 g/cm2 of mineral counts as."""

    path_cm: Float64
    factor: Float64
    water_cm_of_mineral: float

    def water_of_hu(self, share: float) -> NDArray[np.float32]:
        """Water-equivalent density of every int16 CT number from -32768; ``share`` of the mineral counts."""
        hu = np.arange(-32768, 32768, dtype=np.float64)
        mg_ml = (hu - MATRIX_HU) / float(np.interp(12.0, self.path_cm, self.factor))
        mineral = share * mg_ml / 1000.0 * self.water_cm_of_mineral
        tissue = 1.0 + MATRIX_HU / 1000.0 - mg_ml / MINERAL_MG_ML
        return np.where(hu > MINERAL_HU, mineral + np.maximum(tissue, 0), np.maximum(1 + hu / 1000, 0)).astype(
            np.float32
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationField:
    """HU per mg/ml on a coarse grid.

    ``hu_per_mg_ml``: float32 [sampled slice, coarse row, coarse column]; ``slices``: the sampled slice indices, rising;
    ``block``: (rows, columns) of fine pixels in a coarse one. ``typical_hu_per_mg_ml``: mean over soft tissue.
    ``cut_off_share``: 0..1, share of the sampled slices in which the body runs out of the image.
    """

    hu_per_mg_ml: NDArray[np.float32]
    slices: tuple[int, ...]
    block: tuple[int, int]
    typical_hu_per_mg_ml: float
    cut_off_share: float

    def at(self, index: tuple[float, float, float]) -> float:
        """Factor at a fractional [slice, row, column] index, linear between the coarse pixels and slices."""
        return float(self._at(np.array([index], dtype=np.float64))[0])

    def mean_ratio(self, indices: NDArray[np.integer] | Float64) -> float:
        """Mean factor at (n, 3) [slice, row, column] indices over the scan's typical one.

        A sheet around a limb or a lace lies where its voxels are, not at its centre.
        """
        step = max(1, len(indices) // MOST_POINTS)
        chosen = np.asarray(indices[::step], dtype=np.float64)
        return float(self._at(chosen).mean()) / self.typical_hu_per_mg_ml

    def _at(self, indices: Float64) -> Float64:
        """Factor at (n, 3) indices."""
        along = np.interp(indices[:, 0], self.slices, np.arange(len(self.slices)))
        across = [(indices[:, axis + 1] + 0.5) / self.block[axis] - 0.5 for axis in (0, 1)]
        found = ndimage.map_coordinates(self.hu_per_mg_ml, [along, *across], order=1, mode="nearest")
        return np.asarray(found, dtype=np.float64)


def calibration_field(volume: Volume, tissue: NDArray[np.uint8], hardening: Hardening) -> CalibrationField | None:
    """HU per mg/ml over the body, from the water and mineral in its image; None when there is no body."""
    slice_mm, row_mm, column_mm = volume.grid.spacing_mm
    block = max(1, round(PIXEL_MM / row_mm)), max(1, round(PIXEL_MM / column_mm))
    size_cm = block[0] * row_mm / 10.0, block[1] * column_mm / 10.0
    of_bone, of_others = hardening.water_of_hu(1.0), hardening.water_of_hu(DEPOSIT_SHARE)
    maps, chosen, weights, cut = [], [], [], []
    for index in _sampled(tissue, slice_mm):
        body = tissue[index] != Tissue.OUTSIDE
        soft = _coarse(np.isin(tissue[index], SOFT).astype(np.float32), block)
        if body.sum() * row_mm * column_mm < 100.0 * LEAST_BODY_CM2 or not soft.any():
            continue
        code = volume.hu[index].astype(np.intp) + 32768
        density = np.where(tissue[index] == Tissue.BONE, of_bone[code], of_others[code]) * body
        maps.append(_mean_over_angles(_coarse(density, block), size_cm, hardening))
        chosen.append(index)
        weights.append(soft)
        cut.append(_runs_out(body, volume.field))
    if not maps:
        return None
    stack = np.stack(maps).astype(np.float32)
    return CalibrationField(
        hu_per_mg_ml=stack,
        slices=tuple(chosen),
        block=block,
        typical_hu_per_mg_ml=float(np.average(stack, weights=np.stack(weights))),
        cut_off_share=float(np.mean(cut)),
    )


def _sampled(tissue: NDArray[np.uint8], slice_mm: float) -> list[int]:
    """Evenly spaced slice indices, ends included."""
    count = tissue.shape[0]
    wanted = int(np.clip(round(count * slice_mm / SLICE_STEP_MM) + 1, min(2, count), min(MOST_SLICES, count)))
    return sorted({int(index) for index in np.linspace(0, count - 1, wanted).round()})


def _coarse(image: NDArray[np.float32], block: tuple[int, int]) -> NDArray[np.float32]:
    """Means over blocks, [coarse row, coarse column]; the edge is padded with zeros."""
    pad = [(0, -size % step) for size, step in zip(image.shape, block, strict=True)]
    padded = np.pad(image, pad)
    shape = padded.shape[0] // block[0], block[0], padded.shape[1] // block[1], block[1]
    return np.asarray(padded.reshape(shape).mean(axis=(1, 3)), dtype=np.float32)


def _mean_over_angles(density: NDArray[np.float32], size_cm: tuple[float, float], hardening: Hardening) -> Float64:
    """Mean over view angles of the factor behind the water on the ray through each pixel; density 1 is water."""
    rows, columns = (np.arange(size) - (size - 1) / 2 for size in density.shape)
    mass_cm2 = density.ravel().astype(np.float64) * size_cm[0] * size_cm[1]
    bin_cm = max(size_cm)
    centre = int(np.ceil(np.hypot(len(rows) * size_cm[0], len(columns) * size_cm[1]) / bin_cm / 2)) + 2
    total = np.zeros(density.size)
    for angle in np.arange(ANGLES) * np.pi / ANGLES:
        across = np.add.outer(rows * size_cm[0] * np.sin(angle), columns * size_cm[1] * np.cos(angle)).ravel()
        place = across / bin_cm + centre
        low = np.floor(place).astype(np.intp)
        part = place - low
        water_cm = np.bincount(low, mass_cm2 * (1 - part), 2 * centre + 2)
        water_cm += np.bincount(low + 1, mass_cm2 * part, 2 * centre + 2)
        seen = np.interp(water_cm / bin_cm, hardening.path_cm, hardening.factor)
        total += seen[low] * (1 - part) + seen[low + 1] * part
    return total.reshape(density.shape) / ANGLES


def _runs_out(body: NDArray[np.bool_], field: NDArray[np.bool_] | None) -> bool:
    """Whether the body touches the image's edge or the edge of the reconstructed field."""
    if field is not None:
        inner = field[1:-1, 1:-1] & field[:-2, 1:-1] & field[2:, 1:-1] & field[1:-1, :-2] & field[1:-1, 2:]
        if (body[1:-1, 1:-1] & field[1:-1, 1:-1] & ~inner).any():
            return True
    return bool(body[0].any() or body[-1].any() or body[:, 0].any() or body[:, -1].any())
