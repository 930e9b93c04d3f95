"""Form and contrast of a deposit that, blurred as the scanner blurs, looks like what is seen.

For a trial volume the deposit's region is the densest part of the up-sampled contrast map of that volume. Blurred, it
is scaled to what is seen by least squares. Too small a volume gives a peaked picture, too large a one a flat, wide
picture: the volume that fits best is taken, and how fast the fit worsens gives its uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.quantify.optics import Optics, along_axes, blur_matrix, interpolation_matrix

Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]
Triple = tuple[float, float, float]

WIDE_SEARCH = (0.25, 2.2, 9, 3)  # multiples of the start volume from, to; how many; halvings of the step at the best
NARROW_SEARCH = (0.62, 1.6, 5, 2)
PRIOR_CONTRAST_HU, PRIOR_LOG_SD = 600.0, 0.8  # deposits hold 200-1000 mg/ml, some 50 or 2,500 [seen: imaging.md]
FORM_ERROR = 0.03  # relative misfit of any even-density model to a real deposit, per voxel [judgement]
GRAIN = 2.0  # noise variance counts this many times: neighbouring voxels share noise
# Landweber's steps: what the blur leaves over, blurred back, moves the region. More steps the wider the blur, but fewer
# where it is narrow, lest noise be sharpened (volumes of 5 mm balls, 1 and 3 mm slices [measured]).
SHARPENING_GAIN, SHARPENING_PER_MM, MAX_SHARPENING = 1.5, 1 / 0.45, 5
# Unsharpened, the map is off by some 10 % of the contrast at the edge; where noise and tissue differ by more than that, sharpening
# brings out those, not the deposit. The gain falls as a Wiener filter's does [share: judgement].
UNSHARPENED_ERROR = 0.1
CORE_LOG_SD = (
    0.3  # log volume beyond the core's: a core holds what is above half contrast, blur only widens it [judgement]
)
RAMP = 0.15  # width of the partly filled band about the threshold, as a share of the peak
FINE_MM = 0.4  # cells about this small
MAX_FINE_CELLS = 400_000
MIN_LOG_SD = 0.02
BLUR_DOUBT = (
    0.1  # log volume per share of rim when the blur is off by a sixth, as skin edges leave it [measured on balls]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """``share``: float32 window, blurred occupancy (0..1); ``contrast_hu`` of the full deposit and its log's SD."""

    share: Float32
    contrast_hu: float
    log_contrast_sd: float
    misfit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What a trial needs: the picture seen, weights, where the deposit may lie, its core's size, optics."""

    seen: Float32
    fine: Float32
    weight: Float32
    likely: Float32
    core_cells: float
    optics: Optics
    ups: tuple[Float32, Float32, Float32]
    ramp: float
    steps: int
    gain: float


def fit_template(
    contrast: Float32,
    own: Bool,
    likely: Float32,
    core_voxels: float,
    noise: Float32,
    spacing_mm: Triple,
    sigma_mm: Triple,
    *,
    near_voxels: float | None = None,
    doubt_hu: float = 0.0,
) -> Template:
    """Best template for a ``contrast`` window (HU over background).

    ``own``: voxels that the blur of this deposit may reach; ``likely``: how likely (0..1) the deposit itself lies
    there; ``core_voxels``: size of its core; ``noise``: noise SD (HU) per voxel, large where it should not count;
    ``near_voxels``: a volume found before, to search about; ``doubt_hu``: SD of noise and of
    the tissue around, beside which a faint deposit is not sharpened.
    """
    box = _box(own)
    seen = np.where(own[box], contrast[box], 0.0).astype(np.float32)
    peak = _robust_peak(seen[own[box]])
    optics, ups = make_optics(seen.shape, spacing_mm, sigma_mm)
    steps = min(1 + round(max(sigma_mm) * SHARPENING_PER_MM), MAX_SHARPENING)
    variance = GRAIN * noise[box] ** 2 + (FORM_ERROR * peak) ** 2
    weight = (own[box] / variance).astype(np.float32)
    per_voxel = float(np.prod(optics.fine))
    view = _View(
        seen=seen,
        fine=along_axes(seen, ups),
        weight=weight,
        likely=np.clip(along_axes(likely[box], ups), 0.0, 1.0),
        core_cells=core_voxels * per_voxel,
        optics=optics,
        ups=ups,
        ramp=RAMP * peak,
        steps=steps,
        gain=SHARPENING_GAIN / (1.0 + (doubt_hu / (UNSHARPENED_ERROR * peak)) ** 2),
    )
    if near_voxels is None:
        trials = _search(view, max(float(seen.sum()), 0.25 * peak) / peak * per_voxel, WIDE_SEARCH)
    else:
        trials = _search(view, near_voxels * per_voxel, NARROW_SEARCH)
    best, spread = _weigh(trials)
    rim_share = float((4.0 * best[2] * (1.0 - best[2])).sum()) / max(float(best[2].sum()), 1e-6)
    share = np.zeros(contrast.shape, np.float32)
    share[box] = best[2]
    return Template(
        share=share,
        contrast_hu=best[1],
        log_contrast_sd=float(np.hypot(spread, BLUR_DOUBT * rim_share)),
        misfit=-2.0 * max(trial[3] for trial in trials),
    )


def make_optics(
    shape: tuple[int, ...], spacing_mm: Triple, sigma_mm: Triple
) -> tuple[Optics, tuple[Float32, Float32, Float32]]:
    """The blur of a window and the matrices that up-sample it; finely cut while the window is small."""
    fine = [max(1, min(6, round(spacing / FINE_MM))) for spacing in spacing_mm]
    while np.prod(shape) * np.prod(fine) > MAX_FINE_CELLS and max(fine) > 1:
        fine[int(np.argmax(fine))] -= 1
    cuts = (fine[0], fine[1], fine[2])
    blurs = [blur_matrix(n, f, d, s) for n, f, d, s in zip(shape, cuts, spacing_mm, sigma_mm, strict=True)]
    ups = [interpolation_matrix(n, f) for n, f in zip(shape, cuts, strict=True)]
    return Optics(matrices=(blurs[0], blurs[1], blurs[2]), fine=cuts), (ups[0], ups[1], ups[2])


def _box(own: Bool) -> tuple[slice, slice, slice]:
    """Bounding box of ``own`` with a voxel's margin."""
    found = ndimage.find_objects(own.astype(np.uint8))[0]
    grown = [slice(max(0, s.start - 1), min(n, s.stop + 1)) for s, n in zip(found, own.shape, strict=True)]
    return grown[0], grown[1], grown[2]


def _robust_peak(values: Float32) -> float:
    """Mean of the top few voxels: sets the scale of the search only."""
    top = np.sort(values)[::-1][: max(2, min(len(values) // 20, 50))]
    return max(float(top.mean()), 20.0)


_Trial = tuple[float, float, Float32, float]  # cells, contrast HU, share, log score


def _search(view: _View, cells: float, search: tuple[float, float, int, int]) -> list[_Trial]:
    """Trials over volume: coarse, then finer about the best."""
    low, high, count, halvings = search
    step = float(np.log(high / low)) / (count - 1)
    trials = [_trial(view, cells * low * float(np.exp(step * k))) for k in range(count)]
    for _ in range(halvings):
        step /= 2.0
        middle = max(trials, key=lambda trial: trial[3])[0]
        trials += [_trial(view, middle * float(np.exp(sign * step))) for sign in (-1, 1)]
    return sorted(trials, key=lambda trial: trial[0])


def _trial(view: _View, cells: float) -> _Trial:
    """Blurred region of ``cells`` densest fine cells, scaled to what is seen, sharpened by what its blur leaves over."""
    fine = view.fine
    for step in range(view.steps):
        share = view.optics.blur(_densest(fine * view.likely, cells, view.ramp))
        weighted = share * view.weight
        contrast = max(float((weighted * view.seen).sum()) / max(float((weighted * share).sum()), 1e-12), 1.0)
        left = view.seen - contrast * share
        if step < view.steps - 1:
            fine = fine + view.gain * view.optics.back(left)
    misfit = float((view.weight * left**2).sum())
    prior = (np.log(contrast / PRIOR_CONTRAST_HU) / PRIOR_LOG_SD) ** 2
    prior += (max(np.log(cells / view.core_cells), 0.0) / CORE_LOG_SD) ** 2
    return cells, contrast, share, -0.5 * misfit - 0.5 * float(prior)


def _densest(fine: Float32, cells: float, ramp: float) -> Float32:
    """Occupancy of the ``cells`` densest cells; those about the threshold are partly filled: volume is continuous."""
    flat = fine.ravel()
    count = int(min(max(cells, 1.0), flat.size - 1))
    risen = flat[flat > 0]  # most cells are not: they lie beyond the core, or in noise below it
    highest = risen if risen.size >= count else flat
    cut = float(np.partition(highest, highest.size - count)[highest.size - count])
    for _ in range(4):
        scaled = (fine - cut) / ramp + 0.5
        occupied = np.clip(scaled, 0.0, 1.0)
        slope = float(((scaled > 0) & (scaled < 1)).sum()) / ramp
        if slope <= 0:
            break
        cut += (float(occupied.sum()) - cells) / slope
    return np.asarray(occupied, dtype=np.float32)


def _weigh(trials: list[_Trial]) -> tuple[_Trial, float]:
    """The trial next to the mean of log volume under its fit, and the spread of log contrast there."""
    logs = np.log([trial[0] for trial in trials])
    scores = np.array([trial[3] for trial in trials])
    contrasts = np.log([trial[1] for trial in trials])
    finer = np.linspace(logs[0], logs[-1], 200)
    between = np.interp(finer, logs, scores)
    weight = np.exp(between - between.max())  # the best trial may lie between two of the finer steps
    weight /= weight.sum()
    mean = float((weight * finer).sum())
    along = np.interp(finer, logs, contrasts)
    middle = float((weight * along).sum())
    spread = float(np.sqrt((weight * (along - middle) ** 2).sum()))
    nearest = trials[int(np.argmin(np.abs(logs - mean)))]
    chosen = (nearest[0], float(np.exp(middle)), nearest[2], nearest[3])
    return chosen, float(np.hypot(spread, MIN_LOG_SD))
