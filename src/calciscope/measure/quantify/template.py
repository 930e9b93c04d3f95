"""Form and contrast of a deposit that, blurred as the scanner blurs, looks like what is seen.

For a contrast level C the deposit's region is the densest part of the up-sampled contrast map whose volume is excess / C.
Too low a C gives a flat, wide picture, too high a C a peaked one: the C whose blurred region fits best is taken. A
spread of C by how well each fits gives the uncertainty of volume.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.quantify.optics import Optics, along_axes, blur_matrix, interpolation_matrix

Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]

LEVELS = 13  # contrast levels tried
LEVEL_LOW, LEVEL_HIGH = 0.55, 4.0  # times the robust peak: noise can raise a peak, blur lowers that of small deposits
PRIOR_CONTRAST_HU, PRIOR_LOG_SD = 600.0, 0.8  # deposits hold 200-1000 mg/ml, some 50 or 2,500 [seen: imaging.md]
FORM_ERROR = 0.04  # relative misfit of any binary model to a real deposit, per voxel
GRAIN = 2.0  # noise variance counts this many times: neighbouring voxels share noise
SHARPENING_STEPS = 2
MAX_FINE_CELLS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """``share``: float32 window, blurred occupancy (0..1) of the deposit; ``contrast_hu`` and the spread of its log."""

    share: Float32
    contrast_hu: float
    log_contrast_sd: float
    misfit: float


def make_optics(
    shape: tuple[int, int, int], spacing_mm: tuple[float, float, float], sigma_mm: tuple[float, float, float]
) -> tuple[Optics, tuple[Float32, Float32, Float32]]:
    """The blur of a window and the matrices that up-sample it; finely cut while the window is small."""
    fine = [max(1, min(4, round(spacing / 0.4))) for spacing in spacing_mm]
    while np.prod(shape) * np.prod(fine) > MAX_FINE_CELLS and max(fine) > 1:
        fine[int(np.argmax(fine))] -= 1
    cuts = (fine[0], fine[1], fine[2])
    blurs = [blur_matrix(n, f, d, s) for n, f, d, s in zip(shape, cuts, spacing_mm, sigma_mm, strict=True)]
    ups = [interpolation_matrix(n, f) for n, f in zip(shape, cuts, strict=True)]
    return Optics(matrices=(blurs[0], blurs[1], blurs[2]), fine=cuts), (ups[0], ups[1], ups[2])


def fit_template(
    contrast: Float32,
    own: Bool,
    excess: float,
    optics: Optics,
    ups: tuple[Float32, Float32, Float32],
    noise: Float32,
) -> Template:
    """Best template for a ``contrast`` window (HU over background).

    ``own``: voxels that may be this deposit's; ``excess``: its sum of contrast, HU x voxels; ``noise``: noise SD (HU) per
    voxel, large where the picture should not count.
    """
    seen = np.where(own, contrast, 0.0).astype(np.float32)
    peak = _robust_peak(seen, own)
    levels = peak * np.geomspace(LEVEL_LOW, LEVEL_HIGH, LEVELS)
    cell = 1.0 / float(np.prod(optics.fine))
    fitted = []
    for level in levels:
        share = _region(seen, float(level), excess, optics, ups, cell)
        amplitude = float((share * seen).sum() / max(float((share * share).sum()), 1e-6))
        variance = GRAIN * noise**2 + (FORM_ERROR * level) ** 2
        misfit = float((((seen - level * share) ** 2) / variance)[own].sum())
        fitted.append((misfit, share, amplitude))
    return _best(levels, fitted)


def _robust_peak(seen: Float32, own: Bool) -> float:
    """Mean of the top few voxels: a start for the search."""
    values = np.sort(seen[own])[::-1]
    count = max(1, min(len(values) // 20, 50))
    return max(float(values[: count + 1].mean()), 20.0)


def _region(
    seen: Float32,
    level: float,
    excess: float,
    optics: Optics,
    ups: tuple[Float32, Float32, Float32],
    cell: float,
) -> Float32:
    """Blurred occupancy of the densest region of volume excess / level, sharpened by what its blur leaves over."""
    residual = seen
    fine = along_axes(residual, ups)
    share = np.zeros_like(seen)
    for step in range(SHARPENING_STEPS):
        occupied = _densest(fine, excess / level / cell, level)
        share = optics.blur(occupied)
        if step < SHARPENING_STEPS - 1:
            fine = fine + along_axes(seen - level * share, ups)
    return share


def _densest(fine: Float32, cells: float, level: float) -> Float32:
    """Occupancy of the ``cells`` densest cells; cells about the threshold are partly filled, so volume is continuous."""
    flat = fine.ravel()
    count = int(min(max(cells, 1.0), flat.size - 1))
    cut = float(np.partition(flat, flat.size - count)[flat.size - count])
    ramp = 0.25 * level
    occupied = np.clip((fine - cut) / ramp + 0.5, 0.0, 1.0)
    total = float(occupied.sum())
    for _ in range(3):
        slope = float(((occupied > 0) & (occupied < 1)).sum()) / ramp
        if slope <= 0:
            break
        cut += (total - cells) / slope
        occupied = np.clip((fine - cut) / ramp + 0.5, 0.0, 1.0)
        total = float(occupied.sum())
    return np.asarray(occupied, dtype=np.float32)


def _best(levels: NDArray[np.float64], fitted: list[tuple[float, Float32, float]]) -> Template:
    """Mean of log contrast over the levels, weighted by fit and prior; template of the nearest level."""
    logs = np.log(levels)
    misfits = np.array([row[0] for row in fitted])
    score = -0.5 * misfits - 0.5 * ((logs - np.log(PRIOR_CONTRAST_HU)) / PRIOR_LOG_SD) ** 2
    fine_logs = np.linspace(logs[0], logs[-1], 8 * len(logs))
    fine_score = np.interp(fine_logs, logs, score)
    weight = np.exp(fine_score - fine_score.max())
    weight /= weight.sum()
    mean = float((weight * fine_logs).sum())
    spread = float(np.sqrt((weight * (fine_logs - mean) ** 2).sum()))
    nearest = int(np.argmin(np.abs(logs - mean)))
    return Template(
        share=fitted[nearest][1],
        contrast_hu=float(np.exp(mean)),
        log_contrast_sd=float(np.hypot(spread, 0.02)),
        misfit=float(misfits[nearest]),
    )
