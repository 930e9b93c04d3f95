"""One candidate as a measure sees it: its crop, its mineral, the scan around it; shared intermediate results once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from calciscope.measure.form import Form, form_of
from calciscope.measure.neighbourhood import Neighbourhood, Quantity
from calciscope.measure.outline import outline_lps_mm, widest_mm
from calciscope.measure.scene import Scene
from calciscope.measure.tissue_around import TissueAround, look_around
from calciscope.terms.geometry import Bool, Float64

# Keeps weights positive where noise is all there is.
TINY_WEIGHT = 1e-6


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A candidate about to be measured."""

    scene: Scene
    neighbourhood: Neighbourhood
    quantity: Quantity

    @cached_property
    def own(self) -> Bool:
        """Voxels of the crop that may belong to this candidate: core and blurred rim, no other candidate, no bone."""
        labels = self.neighbourhood.labels
        mine = labels == self.neighbourhood.candidate.label
        return mine | (self.quantity.support & (labels == 0))

    @cached_property
    def voxels(self) -> Float64:
        """(n, 3) full-grid [slice, row, column] indices of the candidate's weighted voxels."""
        return np.argwhere(self.weighted).astype(np.float64) + np.array(self.neighbourhood.origin, dtype=np.float64)

    @cached_property
    def weighted(self) -> Bool:
        """Voxels that carry mineral: own voxels of positive contrast; the core where none is positive."""
        carries = self.own & (self.quantity.contrast_hu > 0)
        return carries if carries.any() else self.neighbourhood.core

    @cached_property
    def weights(self) -> Float64:
        """Contrast of those voxels, HU, all positive."""
        contrast = self.quantity.contrast_hu[self.weighted].astype(np.float64)
        return np.maximum(contrast, TINY_WEIGHT)

    @cached_property
    def points_lps_mm(self) -> Float64:
        """(n, 3) LPS mm of those voxels."""
        return self.scene.grid.to_lps(self.voxels)

    @cached_property
    def centre_lps_mm(self) -> Float64:
        """Mass centre, LPS mm."""
        return np.asarray(np.average(self.points_lps_mm, axis=0, weights=self.weights), dtype=np.float64)

    @cached_property
    def outline_lps_mm(self) -> Float64:
        """(n, 3) LPS mm of points on the candidate's sub-voxel surface."""
        return outline_lps_mm(self.neighbourhood, self.quantity, self.own, self.scene.grid)

    @cached_property
    def longest_mm(self) -> float:
        """The greatest distance between two points of that surface, mm."""
        return widest_mm(self.outline_lps_mm)

    @cached_property
    def form(self) -> Form:
        """Continuous descriptors of the candidate's form."""
        return form_of(self.neighbourhood.core, self.points_lps_mm, self.weights, self.neighbourhood.spacing_mm)

    @cached_property
    def around(self) -> TissueAround:
        """Tissue around the candidate with the candidate itself filled in."""
        return look_around(self.scene, self.neighbourhood, self.quantity)
