"""What a rule sees: one candidate in its surroundings, and the scan as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.segment.coarse import Coarse
from calciscope.measure.segment.dense import Tissuefield
from calciscope.measure.segment.pieces import Box, Piece
from calciscope.measure.segment.significance import Standing, standing
from calciscope.measure.segment.solid import Build
from calciscope.terms.deposits import Kind
from calciscope.terms.series import Series

MARGIN_MM = 18.0
"""How far around a candidate the rules can see, mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: the kind, how sure (0..1), and why in one sentence."""

    kind: Kind
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The scan as the rules see it; ``body`` and the fields are on the coarse grid, ``labels`` on the full one."""

    series: Series
    coarse: Coarse
    body: NDArray[np.uint8]
    field: Tissuefield
    labels: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    bone: NDArray[np.bool_]  # coarse: where bone is
    pieces: tuple[Piece, ...]  # all candidates that are not bone


@dataclass(frozen=True, kw_only=True)
class View:
    """One candidate: crops reach MARGIN_MM beyond it."""

    piece: Piece
    scan: Scan
    build: Build | None = None  # of pieces large enough to have one
    knob_contact: float | None = None  # share of the surface that is neck, for a body split off bone

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """(slice, row, column) spacing."""
        return self.scan.series.volume.grid.spacing_mm

    @cached_property
    def box(self) -> Box:
        """The crop's slices in the full grid."""
        return self.piece.around(MARGIN_MM, self.spacing_mm, self.scan.labels.shape)

    @cached_property
    def hu(self) -> NDArray[np.int16]:
        """CT numbers of the crop."""
        return self.scan.series.volume.hu[self.box]

    @cached_property
    def core(self) -> NDArray[np.bool_]:
        """The candidate's own voxels in the crop."""
        return np.asarray(self.scan.labels[self.box] == self.piece.label)

    @cached_property
    def soft(self) -> NDArray[np.bool_]:
        """Tissue of the crop that is neither dense nor gas."""
        return np.asarray((self.scan.flags[self.box] == 0) & (self.hu > -250))

    @cached_property
    def standing(self) -> Standing:
        """How far the candidate stands out of noise."""
        return standing(self.hu, self.core, self.soft, self.spacing_mm)

    @cached_property
    def centre_index(self) -> tuple[int, int, int]:
        """Full-grid index of the candidate's middle voxel."""
        index = np.argwhere(self.core)
        middle = index[len(index) // 2] + [s.start for s in self.box]
        return int(middle[0]), int(middle[1]), int(middle[2])

    def coarse_at_centre(self, field: NDArray[np.float32]) -> float:
        """Value of a coarse field at the candidate."""
        k, j, i = (
            min(n // f, c - 1)
            for n, f, c in zip(self.centre_index, self.scan.coarse.factor, field.shape, strict=True)
        )
        return float(field[k, j, i])
