"""A plain reading for candidates that were set aside: excess over the median of a ring of tissue.

They count in no burden and are listed only so that a reader sees what was set aside; the full fit is kept for what may be
a deposit. A scan with a hundred streaks is then measured about as fast as one without.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.blur import Blur
from calciscope.measure.neighbourhood import Candidate, Neighbourhood, Quantity, Segmentation
from calciscope.measure.reach import distance_within
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Volume
from calciscope.terms.tissue import Tissue

SET_ASIDE = frozenset({Kind.ARTEFACT, Kind.OUTSIDE_BODY, Kind.METAL, Kind.BONE, Kind.CONTRAST})
"""Kinds that are read plainly; the others are, or may be taken for, mineral worth an exact figure."""
RIM_SIGMAS = 2.0  # the blurred rim that is summed
RING_MM = 3.0  # thickness of the ring beyond it
GRAIN_VOXELS = 4.0  # noise is correlated over about so many voxels (a cautious round figure)
PLAIN_SD = 0.25  # relative error of such a reading: a plain ring is off by up to 23 % beside bone (measured, docs)
PEAK_PERCENTILE = 90.0


def plain(
    candidate: Candidate, box: tuple[slice, slice, slice], volume: Volume, segmentation: Segmentation, blur: Blur
) -> tuple[Neighbourhood, Quantity]:
    """Crop and plain quantity of one candidate; excess in HU ml above the median of its ring."""
    spacing = volume.grid.spacing_mm
    rim = [RIM_SIGMAS * sigma for sigma in blur.sigma_mm]
    window = _grown(box, [r + RING_MM + s for r, s in zip(rim, spacing, strict=True)], spacing, volume.hu.shape)
    neighbourhood = Neighbourhood(
        candidate=candidate,
        origin=(window[0].start, window[1].start, window[2].start),
        spacing_mm=spacing,
        hu=volume.hu[window],
        labels=segmentation.labels[window],
        tissue=segmentation.tissue[window],
        noise_hu=segmentation.noise_hu,
    )
    return neighbourhood, _quantity(neighbourhood, volume, max(rim))


def _grown(
    box: tuple[slice, slice, slice], margin: list[float], spacing: tuple[float, ...], shape: tuple[int, ...]
) -> tuple[slice, slice, slice]:
    """The box with a margin (mm) on every side, within the scan."""
    steps = [int(np.ceil(m / s)) for m, s in zip(margin, spacing, strict=True)]
    grown = [slice(max(0, b.start - n), min(size, b.stop + n)) for b, n, size in zip(box, steps, shape, strict=True)]
    return grown[0], grown[1], grown[2]


def _quantity(neighbourhood: Neighbourhood, volume: Volume, rim_mm: float) -> Quantity:
    """Sum over core and rim above the ring's median."""
    core = neighbourhood.core
    others = (neighbourhood.labels > 0) & ~core
    spacing = neighbourhood.spacing_mm
    away = distance_within(core, spacing, rim_mm + RING_MM + max(spacing))
    support = ((away <= rim_mm) & ~others & _like(core, neighbourhood)) | core
    ring = (away > rim_mm) & (away <= rim_mm + RING_MM) & ~others & _like(core, neighbourhood)
    hu = neighbourhood.hu.astype(np.float32)
    background = float(np.median(hu[ring])) if ring.any() else float(hu[~core].min(initial=hu.min()))
    contrast = np.where(support, hu - background, 0.0).astype(np.float32)
    voxel_ml = volume.grid.voxel_volume_ml
    excess = float(contrast.sum()) * voxel_ml
    level = max(float(np.percentile(contrast[core], PEAK_PERCENTILE)), 1.0)
    noise = neighbourhood.noise_hu * voxel_ml * float(np.sqrt(GRAIN_VOXELS * support.sum()))
    excess_sd = float(np.hypot(noise, PLAIN_SD * excess))
    volume_ml = max(excess, 0.0) / level
    return Quantity(
        contrast_hu=contrast,
        support=support,
        excess_hu_ml=excess,
        excess_sd_hu_ml=excess_sd,
        volume_ml=volume_ml,
        volume_sd_ml=float(np.hypot(excess_sd / level, PLAIN_SD * volume_ml)),
        excess_volume_covariance=excess_sd**2 / level,
        background_hu=background,
        clipped=bool(volume.ceiling_hu is not None and (hu[core] >= volume.ceiling_hu).any()),
    )


def _like(core: NDArray[np.bool_], neighbourhood: Neighbourhood) -> NDArray[np.bool_]:
    """Voxels on the same side of the body's surface as most of the candidate, bone left out."""
    outside = neighbourhood.tissue == int(Tissue.OUTSIDE)
    mostly_outside = bool(outside[core].mean() > 0.5) if core.any() else False
    bone = ndimage.binary_dilation(neighbourhood.tissue == int(Tissue.BONE)) & ~core
    return np.asarray((outside == mostly_outside) & ~bone)
