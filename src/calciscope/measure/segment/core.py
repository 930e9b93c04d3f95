"""A candidate's core: its voxels above about half of the contrast that the mineral nearby reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.body import ball
from calciscope.measure.segment.dense import smoothing_weights
from calciscope.measure.segment.view import View

HALF = 0.45
"""Share of the local contrast: the half-contrast surface is where a blurred edge lies, less a margin for noise."""
LOCAL_MM = 2.5
"""The contrast that counts is the highest within this distance, so that a faint part beside a dense one stays, mm."""


def core_of(view: View) -> NDArray[np.bool_]:
    """Bool crop of ``view.piece.box``: the candidate's dense voxels above half of the local contrast."""
    spacing = view.spacing_mm
    box = view.piece.box
    dense = np.asarray(view.scan.labels[box] == view.piece.label)
    image = view.scan.series.volume.hu[box].astype(np.float32)
    for axis, weight in enumerate(smoothing_weights(spacing)):
        if weight > 0:
            image = ndimage.convolve1d(image, [weight, 1 - 2 * weight, weight], axis=axis, mode="nearest")
    image = image - np.float32(view.coarse_at_centre(view.scan.field.background_hu))
    own = np.where(dense, image, -np.inf)
    highest = ndimage.grey_dilation(own, footprint=ball(LOCAL_MM, spacing), mode="constant", cval=-np.inf)
    core = dense & (image >= HALF * highest)
    return core if core.any() else dense
