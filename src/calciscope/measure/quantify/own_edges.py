"""The scan's blur again, from the edges of the deposits themselves.

Skin's edge is only ever widened, by cloth, hair and slant, and a thin arm has little of it that is met head on. A dense deposit shows
the blur where it matters. The form of a few of them is fitted with narrower blurs, first within the slice, then across slices; the
blur with which they all fit best is taken, held to the first estimate by a prior. It is never made wider: a deposit that fades
out at its edge looks like a wider blur, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.blur import SIGMA_FLOOR_PIXELS, VOXEL_SIGMA, Blur
from calciscope.measure.in_order import in_order
from calciscope.measure.quantify.template import fit_template

Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]
Triple = tuple[float, float, float]

MOST_DEPOSITS = 4  # that are asked: more cost time and say the same [judgement]
SIZES_VOXELS = (6, 3000)  # smaller ones show no form, larger ones cost time [judgement]
LEAST_CONTRAST = (
    15.0  # in units of noise and of the tissue's differences: edges of fainter ones are those of tissue [judgement]
)
LEAST_CONTRAST_ACROSS = 25.0  # the same for the blur across slices, of which a deposit spans few [judgement]
NARROWER = (
    1.0,
    0.8,
    0.64,
)  # tried multiples of the first estimate: skin's edges are up to 60 % too wide (measured on phantoms)
FIRST_LOG_SD = 0.25  # of the first estimate [judgement]
ROUNDING = 1e-3
LEAST_SLICE_SIGMA = 0.33  # of the slice's thickness: its own box, and some focal spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the form of one deposit is fitted to (window arrays); as ``fit_template`` takes it."""

    contrast: Float32
    inside: Bool
    likely: Float32
    core_voxels: float
    noise: Float32
    doubt_hu: float

    @property
    def standing_out(self) -> float:
        """Contrast of the densest tenth of the core's size over noise and the tissue's differences."""
        values = np.sort(self.contrast[self.inside])[::-1]
        peak = float(values[: max(2, round(0.1 * self.core_voxels))].mean()) if values.size else 0.0
        return peak / max(self.doubt_hu, 1e-6)


def narrowed(blur: Blur, sights: Sequence[Sight], spacing_mm: Triple, slice_thickness_mm: float) -> Blur:
    """``blur``, or a narrower one that the deposits in ``sights`` show."""
    plane = blur.plane_mm
    if clear := _clearest(sights, LEAST_CONTRAST):
        least = SIGMA_FLOOR_PIXELS * spacing_mm[2]
        plane = _best(plane, least, clear, lambda mm: Blur(slice_mm=blur.slice_mm, plane_mm=mm), spacing_mm)
    across = blur.slice_mm
    if clear := _clearest(sights, LEAST_CONTRAST_ACROSS):
        least = max(LEAST_SLICE_SIGMA * slice_thickness_mm, VOXEL_SIGMA * spacing_mm[0])
        across = _best(across, least, clear, lambda mm: Blur(slice_mm=mm, plane_mm=plane), spacing_mm)
    return Blur(slice_mm=across, plane_mm=plane)


def _clearest(sights: Sequence[Sight], least: float) -> list[Sight]:
    """Those that stand out at least so far, the farthest first, no more than are asked."""
    clear = [sight for sight in sights if sight.standing_out >= least]
    return sorted(clear, key=lambda sight: -sight.standing_out)[:MOST_DEPOSITS]


def _best(
    start_mm: float, least_mm: float, clear: Sequence[Sight], made: Callable[[float], Blur], spacing_mm: Triple
) -> float:
    """Sigma (mm) at the top of a parabola through the scores of the tried ones, between ``least_mm`` and ``start_mm``."""
    tried = np.maximum(start_mm * np.array(NARROWER), min(least_mm, start_mm))
    logs = np.log(tried / start_mm)
    if logs.min() > -ROUNDING:
        return start_mm
    pairs = [(sight, made(float(mm))) for mm in tried for sight in clear]
    scores = list(in_order(lambda pair: _score(pair[0], pair[1], spacing_mm), pairs))
    total = np.array(scores).reshape(len(tried), len(clear)).sum(axis=1) - 0.5 * (logs / FIRST_LOG_SD) ** 2
    finer = np.linspace(float(logs.min()), 0.0, 33)
    curve = np.polyval(np.polyfit(logs, total, min(2, np.unique(logs).size - 1)), finer)
    return float(start_mm * np.exp(finer[int(np.argmax(curve))]))


def _score(sight: Sight, blur: Blur, spacing_mm: Triple) -> float:
    """Logarithm of how well a deposit's best form fits with a blur."""
    return -0.5 * fit_template(
        sight.contrast, sight.inside, sight.likely, sight.core_voxels, sight.noise, spacing_mm, blur.sigma_mm,
        doubt_hu=sight.doubt_hu,
    ).misfit  # fmt: skip
