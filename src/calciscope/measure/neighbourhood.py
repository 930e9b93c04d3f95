"""What the steps of a measurement hand to each other: the segmentation, and the crop around one candidate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.regions.atlas import BodyAtlas
from calciscope.terms.deposits import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One candidate as found: its label, what it seems to be, how sure (0..1), and why (one sentence)."""

    label: int
    kind: Kind
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """The whole scan, sorted.

    ``labels``: uint16 [slice, row, column], candidate label of core voxels (about those above half of the deposit's
    contrast), 0 elsewhere; candidates never overlap. ``tissue``: uint8 ``Tissue`` codes on the same grid; BONE is
    skeleton without the candidates that touch it; deposit voxels are SKIN_OTHER. ``noise_hu``: standard deviation of
    pixel noise in soft tissue. ``coarse`` and ``atlas``: the coarse copy, deposits still as the tissue they read as, and
    the map of body regions that candidates were judged with; None when the segmentation was made without them.
    """

    labels: NDArray[np.uint16]
    tissue: NDArray[np.uint8]
    candidates: tuple[Candidate, ...]
    noise_hu: float
    coarse: CoarseScan | None = None
    atlas: BodyAtlas | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """Crop around one candidate, views into the full arrays, all [slice, row, column].

    ``origin``: index of the crop's first voxel in the full grid; ``spacing_mm`` (slice, row, column).
    """

    candidate: Candidate
    origin: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    hu: NDArray[np.int16]
    labels: NDArray[np.uint16]
    tissue: NDArray[np.uint8]
    noise_hu: float

    @property
    def core(self) -> NDArray[np.bool_]:
        """The candidate's own core voxels."""
        return np.asarray(self.labels == self.candidate.label, dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How much mineral one candidate holds, before calibration.

    ``contrast_hu``: float32 crop, HU minus the background field inside ``support`` (deposit and blurred rim), 0
    elsewhere; ``background_hu``: mean of the background field over the corrected volume; standard deviations are of
    the candidate's own, independent errors (noise, background, partial volume), not of calibration or matrix.
    ``excess_volume_covariance`` is the covariance of the two, HU ml x ml.
    """

    contrast_hu: NDArray[np.float32]
    support: NDArray[np.bool_]
    excess_hu_ml: float
    excess_sd_hu_ml: float
    volume_ml: float
    volume_sd_ml: float
    excess_volume_covariance: float
    background_hu: float
    clipped: bool
