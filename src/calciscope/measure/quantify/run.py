"""Quantify every candidate of a segmentation: template, background, excess, corrected volume, their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.blur import Blur, estimate_blur
from calciscope.measure.in_order import in_order
from calciscope.measure.label_boxes import label_boxes
from calciscope.measure.neighbourhood import Candidate, Neighbourhood, Quantity, Segmentation
from calciscope.measure.quantify.net import is_net, strand_contrast, summed_net
from calciscope.measure.quantify.own_edges import MOST_DEPOSITS, SIZES_VOXELS, Sight, narrowed
from calciscope.measure.quantify.plain import SET_ASIDE, plain
from calciscope.measure.quantify.scenery import Scenery, look_around
from calciscope.measure.quantify.separate import FAINT, RIM_WIDTH, SHELL_MM, Separation, rim_weight, separate
from calciscope.measure.quantify.template import Template, fit_template
from calciscope.measure.reach import distance_within
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Volume
from calciscope.terms.progress import Progress, silent
from calciscope.terms.series import Acquisition
from calciscope.terms.tissue import Tissue

Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]
Window = tuple[slice, slice, slice]

GUARD_SIGMAS = 2.5  # blur reaches this far beyond the half-contrast surface
BEYOND_GUARD_SIGMAS = 0.7  # a first background, before any form is known, keeps this much farther away [judgement]
CORE_SIGMAS = (0.7, 1.6)  # the deposit itself ends by then: what lies beyond its core's surface is blur [judgement]
FORM_SD = 0.01  # relative error of excess from template and blur, beyond noise and background [judgement]
# A step of s HU between tissues at a deposit's surface moves the half-contrast surface by s / gradient, and the shell so won or lost
# reads s: area x sigma sqrt(2 pi) s^2 / contrast. The rim's weights add up to area x 4 sigma / sqrt(pi) x sqrt(1 + width^2) [derived].
BORDER_OF_RIM = np.pi / np.sqrt(8.0 * (1.0 + RIM_WIDTH**2))
CEILING_HU = 3071  # what 12-bit files can hold
BONE_DOUBT_HU = 300.0  # where bone's blur reaches, the picture tells little of a deposit's form
FARTHEST_MM = 12.0  # no blur reaches farther [derived: 2.5 sigma of a 10 mm slice, and half a slice]
ROUNDS = 2
PEAK_PERCENTILE = 90.0  # of a core's voxels: what a deposit's brightness is ordered by


@dataclass(frozen=True, slots=True, kw_only=True)
class Blurs:
    """``first``: as the skin's edge shows it; ``own``: as the deposits' own edges do, never wider."""

    first: Blur
    own: Blur


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """One candidate after a round."""

    window: Window
    template: Template
    separation: Separation
    scenery: Scenery


def find_blurs(volume: Volume, acquisition: Acquisition, segmentation: Segmentation) -> Blurs:
    """The blur that a whole scan shows at the skin, and the one that its clearest deposits show."""
    first = estimate_blur(volume, acquisition)
    boxes = label_boxes(segmentation.labels)
    windows = {c.label: _window(boxes[c.label], volume, first) for c in segmentation.candidates}
    exact = [candidate for candidate in segmentation.candidates if candidate.kind not in SET_ASIDE]
    thickness_mm = acquisition.slice_thickness_mm or volume.grid.spacing_mm[0]
    return Blurs(first=first, own=_own_blur(exact, windows, volume, segmentation, first, thickness_mm))


def quantify(
    volume: Volume,
    acquisition: Acquisition,
    segmentation: Segmentation,
    *,
    blurs: Blurs | None = None,
    progress: Progress = silent,
) -> dict[int, tuple[Neighbourhood, Quantity]]:
    """Label -> (crop, quantity) for every candidate of ``segmentation``; ``blurs`` where they are known already."""
    known = blurs or find_blurs(volume, acquisition, segmentation)
    blur = known.own
    boxes = label_boxes(segmentation.labels)
    windows = {c.label: _window(boxes[c.label], volume, known.first) for c in segmentation.candidates}
    fitted: dict[int, _Fitted] = {}
    exact = [candidate for candidate in segmentation.candidates if candidate.kind not in SET_ASIDE]
    total = max(1, ROUNDS * len(exact))
    done = 0
    for _ in range(ROUNDS):
        fresh: dict[int, _Fitted] = {}
        fit = partial(_fit, windows=windows, fitted=fitted, volume=volume, segmentation=segmentation, blur=blur)
        for candidate, made in zip(exact, in_order(fit, exact), strict=True):
            fresh[candidate.label] = made
            done += 1
            progress("Measuring deposits", done / total)
        fitted = fresh
    return {
        c.label: _result(c, fitted[c.label], volume, segmentation)
        if c.label in fitted
        else plain(c, boxes[c.label], volume, segmentation, blur)
        for c in segmentation.candidates
    }


def _window(box: Window, volume: Volume, blur: Blur) -> Window:
    """Crop around a core with room for its blurred rim and the tissue around it."""
    spacing = volume.grid.spacing_mm
    margin = [SHELL_MM + 3.0 * s for s in blur.sigma_mm]
    return tuple(  # type: ignore[return-value]
        slice(max(0, b.start - round(m / d) - 1), min(n, b.stop + round(m / d) + 1))
        for b, m, d, n in zip(box, margin, spacing, volume.hu.shape, strict=True)
    )


def _scenery(
    candidate: Candidate,
    windows: dict[int, Window],
    fitted: dict[int, _Fitted],
    volume: Volume,
    segmentation: Segmentation,
    blur: Blur,
) -> Scenery:
    """What surrounds one candidate, as far as the round before knows its neighbours."""
    window = windows[candidate.label]
    labels = segmentation.labels[window]
    return look_around(
        volume.hu[window],
        segmentation.tissue[window],
        (labels > 0) & (labels != candidate.label),
        _neighbours(candidate.label, window, labels, fitted),
        volume.grid.spacing_mm,
        blur.sigma_mm,
        segmentation.noise_hu,
    )


def _sight(core: Bool, scenery: Scenery, before: _Fitted | None, blur: Blur) -> tuple[Sight, Separation]:
    """What the form of one candidate is fitted to, and the background that it stands on."""
    away = _away(core, scenery.spacing_mm, blur)
    own = (away <= GUARD_SIGMAS) & _nearest(core, scenery.cores, scenery.spacing_mm)
    first = (
        before.separation
        if before
        else separate(scenery, np.zeros(core.shape, np.float32), guard=away <= GUARD_SIGMAS + BEYOND_GUARD_SIGMAS)
    )
    inside = own & scenery.usable
    if not inside.any():  # all of it in bone, metal or outside the body: measured as it lies
        inside = own
    noise = np.hypot(np.float32(scenery.noise_hu), scenery.edge_noise + BONE_DOUBT_HU * scenery.bone)
    sight = Sight(
        contrast=(scenery.seen - scenery.neighbours - first.background).astype(np.float32),
        inside=inside,
        likely=_likely(away),
        core_voxels=float(core.sum()),
        noise=noise.astype(np.float32),
        doubt_hu=float(np.hypot(scenery.noise_hu, first.covariance.smooth_hu if first.covariance else 0.0)),
    )
    return sight, first


def _fit(
    candidate: Candidate,
    windows: dict[int, Window],
    fitted: dict[int, _Fitted],
    volume: Volume,
    segmentation: Segmentation,
    blur: Blur,
) -> _Fitted:
    """One round for one candidate: background, template, background and excess again."""
    window, before = windows[candidate.label], fitted.get(candidate.label)
    scenery = _scenery(candidate, windows, fitted, volume, segmentation, blur)
    core = np.asarray(segmentation.labels[window] == candidate.label, dtype=np.bool_)
    sight, first = _sight(core, scenery, before, blur)
    template = fit_template(
        sight.contrast,
        sight.inside,
        sight.likely,
        sight.core_voxels,
        sight.noise,
        scenery.spacing_mm,
        blur.sigma_mm,
        near_voxels=float(before.template.share.sum()) if before else None,
        doubt_hu=sight.doubt_hu,
    )
    if is_net(volume.hu[window], core, scenery.spacing_mm):
        own = _nearest(core, scenery.cores, scenery.spacing_mm)
        away = _away(core, scenery.spacing_mm, blur)
        separation = summed_net(scenery, template, away, own, first.covariance)
        template = strand_contrast(template, scenery, core, float(np.median(separation.background[core])))
    else:
        separation = separate(scenery, template.share, known=first.covariance)
    return _Fitted(window=window, template=template, separation=separation, scenery=scenery)


def _own_blur(
    exact: Sequence[Candidate],
    windows: dict[int, Window],
    volume: Volume,
    segmentation: Segmentation,
    blur: Blur,
    thickness_mm: float,
) -> Blur:
    """The blur that the clearest deposits show, where it is narrower than ``blur``."""
    asked = _brightest(exact, windows, volume, segmentation)[: 2 * MOST_DEPOSITS]

    def sight(candidate: Candidate) -> Sight:
        core = segmentation.labels[windows[candidate.label]] == candidate.label
        return _sight(core, _scenery(candidate, windows, {}, volume, segmentation, blur), None, blur)[0]

    return narrowed(blur, list(in_order(sight, asked)), volume.grid.spacing_mm, thickness_mm)


def _brightest(
    exact: Sequence[Candidate], windows: dict[int, Window], volume: Volume, segmentation: Segmentation
) -> list[Candidate]:
    """Calcinosis of middling size, clear of bone and below the file's ceiling, the brightest first."""
    ceiling = min(volume.ceiling_hu or CEILING_HU, CEILING_HU)
    found = []
    for candidate in exact:
        box = windows[candidate.label]
        core = segmentation.labels[box] == candidate.label
        peak = float(np.percentile(volume.hu[box][core], PEAK_PERCENTILE))
        middling = SIZES_VOXELS[0] <= int(core.sum()) <= SIZES_VOXELS[1] and int(volume.hu[box][core].max()) < ceiling
        if candidate.kind is Kind.CALCINOSIS and middling and not (segmentation.tissue[box] == Tissue.BONE).any():
            found.append((-peak, candidate.label, candidate))
    return [candidate for _, _, candidate in sorted(found, key=lambda item: item[:2])]


def _likely(away: Float32) -> Float32:
    """How likely (0..1) a deposit itself, not only its blur, lies that far (sigmas) from its core's surface."""
    near, far = CORE_SIGMAS
    return np.clip((far - away) / (far - near), 0.0, 1.0).astype(np.float32)


def _away(core: Bool, spacing_mm: tuple[float, float, float], blur: Blur) -> Float32:
    """Distance of every voxel from a core's surface in sigmas of the blur; the surface lies half a voxel out.

    Exact where it matters, at ``GUARD_SIGMAS``; without the half voxel a slice thicker than that would be left out.
    """
    reach = [GUARD_SIGMAS * sigma + 0.5 * step for sigma, step in zip(blur.sigma_mm, spacing_mm, strict=True)]
    steps = [GUARD_SIGMAS * step / far for step, far in zip(spacing_mm, reach, strict=True)]
    return distance_within(core, (steps[0], steps[1], steps[2]), GUARD_SIGMAS + 2.0 * BEYOND_GUARD_SIGMAS)


def _neighbours(label: int, window: Window, labels: NDArray[np.uint16], fitted: dict[int, _Fitted]) -> Float32:
    """Contrast (HU) that other candidates' templates put into the window."""
    total = np.zeros(labels.shape, np.float32)
    for other in np.unique(labels):
        if other in (0, label) or other not in fitted:
            continue
        theirs = fitted[other]
        mine, yours = _overlap(window, theirs.window)
        total[mine] += theirs.template.contrast_hu * theirs.template.share[yours]
    return total


def _overlap(first: Window, second: Window) -> tuple[Window, Window]:
    """The common box of two windows, in the coordinates of each."""
    starts = [max(a.start, b.start) for a, b in zip(first, second, strict=True)]
    stops = [min(a.stop, b.stop) for a, b in zip(first, second, strict=True)]
    return (  # type: ignore[return-value]
        tuple(slice(s - a.start, max(e, s) - a.start) for s, e, a in zip(starts, stops, first, strict=True)),
        tuple(slice(s - b.start, max(e, s) - b.start) for s, e, b in zip(starts, stops, second, strict=True)),
    )


def _nearest(core: Bool, others: Bool, spacing_mm: tuple[float, float, float]) -> Bool:
    """Voxels nearer to this core than to any other."""
    if not others.any():
        return np.ones_like(core)
    mine, theirs = (distance_within(part, spacing_mm, FARTHEST_MM) for part in (core, others))
    return np.asarray(mine <= theirs, dtype=np.bool_)


def border_sd(template: Template, separation: Separation, scenery: Scenery) -> float:
    """Doubt of the excess (HU x voxels) because tissue at the deposit's surface may be taken for deposit, or it for tissue.

    Small where the deposit stands far out of the tissue's own differences, large for faint ones at borders of fat and muscle.
    """
    if separation.covariance is None:
        return 0.0
    rim = float(rim_weight(template.share, scenery).sum())
    return BORDER_OF_RIM * rim * separation.covariance.smooth_hu**2 / template.contrast_hu


def _result(
    candidate: Candidate, fitted: _Fitted, volume: Volume, segmentation: Segmentation
) -> tuple[Neighbourhood, Quantity]:
    """Crop and quantity of one candidate."""
    window, template, separation, scenery = fitted.window, fitted.template, fitted.separation, fitted.scenery
    neighbourhood = Neighbourhood(
        candidate=candidate,
        origin=(window[0].start, window[1].start, window[2].start),
        spacing_mm=volume.grid.spacing_mm,
        hu=volume.hu[window],
        labels=segmentation.labels[window],
        tissue=segmentation.tissue[window],
        noise_hu=segmentation.noise_hu,
    )
    voxel_ml = volume.grid.voxel_volume_ml
    support = (template.share > FAINT) | neighbourhood.core
    contrast = np.where(support, scenery.seen - scenery.neighbours - separation.background, 0.0)
    excess = separation.excess * voxel_ml
    own_sd = float(np.hypot(separation.excess_sd, border_sd(template, separation, scenery)))
    excess_sd = float(np.hypot(own_sd * voxel_ml, FORM_SD * excess))
    volume_ml = max(excess, 0.0) / template.contrast_hu
    share = np.maximum(template.share, 1e-6)
    return neighbourhood, Quantity(
        contrast_hu=contrast.astype(np.float32),
        support=support,
        excess_hu_ml=excess,
        excess_sd_hu_ml=excess_sd,
        volume_ml=volume_ml,
        volume_sd_ml=float(np.hypot(excess_sd / template.contrast_hu, template.log_contrast_sd * volume_ml)),
        excess_volume_covariance=excess_sd**2 / template.contrast_hu,
        background_hu=float((separation.background * share)[support].sum() / share[support].sum()),
        clipped=bool((neighbourhood.hu[support] >= min(volume.ceiling_hu or CEILING_HU, CEILING_HU)).any()),
    )
