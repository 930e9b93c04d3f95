"""The excess of a net of thin strands in fat, or of a line of mineral there: summed over the region that its blur reaches.

A template of such a form can not be told: no strand is wider than the blur, and a net of hundreds of voxels is looked at in blocks
that hold strand and fat alike. Each strand has its background close by on both sides, so the plain sum over it serves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.amid_fat import is_strand
from calciscope.measure.quantify.covariance import Covariance
from calciscope.measure.quantify.scenery import Scenery
from calciscope.measure.quantify.separate import Separation, separate
from calciscope.measure.quantify.template import PRIOR_CONTRAST_HU, Template

Bool = NDArray[np.bool_]
Float32 = NDArray[np.float32]

LARGEST_VOXELS = 20_000
"""What is larger is no net (judgement)."""
REACH_SIGMAS = 1.5
"""So far from its half-contrast surface a strand is summed, in sigmas of the blur (judgement)."""
BEYOND, MOST_BEYOND = 0.5, 0.2
"""Of what its template holds beyond, this share is added, for a template of the wide skin's blur fades out more slowly than the net
[measured on phantom nets: 2-5 % lie beyond]; and no more than this share of the whole (judgement)."""
SHELL_MM = 2.0
"""Fat so near tells its background: what lies between the strands [1.5-3 mm measure alike on phantom nets]."""
LEVEL_SD_HU = 3.5
"""Doubt of the background's mean under a net, HU [measured on phantom nets: 1-5]."""
GRAIN_VOXELS = 4.0
"""Noise is correlated over about so many voxels (a cautious round figure)."""
UNSEEN = 0.06
"""Share of a net that stays below what can be told from fat, or lies beyond where it is summed [measured on phantom nets: 0.01-0.2]."""
CONTRAST_LOG_SD = 0.35
"""Doubt of a strand's contrast, as a logarithm: thinner than the blur, it tells next to nothing of it (judgement)."""


def is_net(hu: NDArray[np.int16], core: Bool, spacing_mm: tuple[float, float, float]) -> bool:
    """Whether a core (window) is long, thin everywhere and amid fat."""
    places = np.argwhere(core)
    return len(places) <= LARGEST_VOXELS and is_strand(hu, places, spacing_mm)


def strand_contrast(template: Template, scenery: Scenery, core: Bool, background_hu: float) -> Template:
    """The template with its contrast drawn half way to what is usual, or to the brightest voxel where that is more."""
    brightest = float(scenery.seen[core].max()) - background_hu
    contrast = float(np.sqrt(template.contrast_hu * max(PRIOR_CONTRAST_HU, brightest)))
    return replace(template, contrast_hu=contrast, log_contrast_sd=CONTRAST_LOG_SD)


def summed_net(scenery: Scenery, template: Template, away: Float32, own: Bool, known: Covariance | None) -> Separation:
    """Background between the strands, and the excess over it.

    Windows: ``away``: distance from the core's surface (sigmas of the blur); ``own``: voxels nearer to
    it than to others.
    """
    region = (away <= REACH_SIGMAS) & own & scenery.usable
    share = template.share
    near = separate(scenery, np.zeros(region.shape, np.float32), guard=region, known=known, shell_mm=SHELL_MM)
    beyond = float(share.sum()) / max(float(share[region].sum()), 1e-6) - 1.0
    grow = 1.0 + min(BEYOND * beyond, MOST_BEYOND)
    excess = grow * float((scenery.seen - scenery.neighbours - near.background)[region].sum())
    count = float(region.sum())
    own_sd = np.hypot(scenery.noise_hu * np.sqrt(GRAIN_VOXELS * count), LEVEL_SD_HU * count)
    return Separation(
        background=near.background,
        excess=excess,
        excess_sd=float(np.hypot(own_sd, UNSEEN * excess)),
        covariance=near.covariance,
    )
