"""What a rule sees: one candidate in its surroundings, and the scan as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import edt
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.regions.atlas import BodyAtlas
from calciscope.measure.segment.coarse import Coarse
from calciscope.measure.segment.dense import Tissuefield
from calciscope.measure.segment.pieces import Box, Labels, Piece
from calciscope.measure.segment.significance import Standing, standing
from calciscope.measure.segment.solid import Build
from calciscope.terms.deposits import Kind, Region
from calciscope.terms.series import Series
from calciscope.terms.tissue import Tissue

MARGIN_MM = 18.0
"""How far around a candidate the rules can see, mm."""
MIDDLE_KNOWN_MM = 20.0
"""The middle plane of a level holds for those up to so far above and below, mm."""
FAR_MM = 1e4
"""Stands for a distance beyond any body, mm."""
BONE_BLUR_MM = 3.0
"""Bone brightens tissue this far from its surface, mm (blur of clinical CT, three standard deviations)."""
SKIN_SLICES, SKIN_LEAST = 24, 500
"""Slices from which the skin's brightness is told, and the least number of its voxels."""
SKIN_RIDGE_MM, SKIN_FROM_HU = 2.6, -300.0
"""Depth of skin that a kernel lifts at its edge, mm; what is below these HU is blurred with air."""
SKIN_FAT_MM, SKIN_FAT_HU = (3.5, 6.0), (-160, -50)
"""Depths at which fat lies beneath skin, mm, and its CT numbers, HU, undershoot of the kernel included."""
SKIN_BRIGHT = 85.0
"""Percentile of the skin's CT numbers: deposits hardly take more of it than the rest (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: the kind, how sure (0..1), and why in one sentence."""

    kind: Kind
    confidence: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Scan:
    """The scan as the rules see it; ``body`` and the fields are on the coarse grid, ``labels`` (of pieces, 0 where
    nothing is dense) on the full one."""

    series: Series
    coarse: Coarse
    body: NDArray[np.uint8]
    field: Tissuefield
    depth_mm: NDArray[np.float32]  # coarse: to the nearest voxel outside the body
    labels: Labels
    tissue: NDArray[np.uint8]  # full grid, bone painted in
    anatomy: CoarseScan
    atlas: BodyAtlas

    @cached_property
    def skin_hu(self) -> float | None:
        """What the brighter skin reads over the fat of the whole body, kernel's edge and all; None where little of it is in view."""
        grid = self.series.volume.grid
        planes = slice(None, None, -(-grid.shape[0] // SKIN_SLICES))
        values = [
            _skin_over_fat(hu, tissue != int(Tissue.OUTSIDE), grid.spacing_mm[1:])
            for hu, tissue in zip(self.series.volume.hu[planes], self.tissue[planes], strict=True)
        ]
        skin = np.concatenate(values)
        return float(np.percentile(skin, SKIN_BRIGHT)) if skin.size >= SKIN_LEAST else None


def _skin_over_fat(
    hu: NDArray[np.int16], inside: NDArray[np.bool_], spacing_mm: tuple[float, ...]
) -> NDArray[np.int16]:
    """CT numbers of one slice's skin where fat lies beneath: where the field of view cuts muscle there is no skin."""
    depth = edt.edt(inside, anisotropy=spacing_mm)
    fat = (depth > SKIN_FAT_MM[0]) & (depth <= SKIN_FAT_MM[1]) & (hu > SKIN_FAT_HU[0]) & (hu < SKIN_FAT_HU[1])
    ridge = inside & (depth <= SKIN_RIDGE_MM) & (hu > SKIN_FROM_HU)
    return np.asarray(hu[ridge & (edt.edt(~fat, anisotropy=spacing_mm) <= SKIN_FAT_MM[1])] if fat.any() else hu[:0, 0])


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
        """Tissue of the crop that is neither dense nor gas nor within the blur of bone."""
        bone = self.tissue == int(Tissue.BONE)
        free = (self.scan.labels[self.box] == 0) & (self.hu > -250)
        return np.asarray(free & (edt.edt(~bone, anisotropy=self.spacing_mm) > BONE_BLUR_MM) if bone.any() else free)

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

    @cached_property
    def centre_lps_mm(self) -> NDArray[np.float64]:
        """Where that voxel lies, LPS mm."""
        return self.scan.series.volume.grid.to_lps(np.array(self.centre_index, dtype=np.float64))

    @cached_property
    def region(self) -> Region:
        """Body region of the candidate."""
        return self.scan.atlas.region_at(self.scan.anatomy, self.centre_lps_mm)

    @cached_property
    def in_cavity(self) -> bool:
        """Whether it lies inside the chest, the belly or the pelvis."""
        return bool(self.scan.atlas.in_cavity(self.scan.anatomy, self.centre_lps_mm[None])[0])

    @cached_property
    def middle_mm(self) -> float | None:
        """x of the body's middle plane at the candidate's height; None unless a whole trunk is in view there."""
        middles = self.scan.atlas.middles
        if not middles:
            return None
        level = int(self.scan.anatomy.cell_of(self.centre_lps_mm)[0])
        nearest = min(middles, key=lambda other: (abs(other - level), other))
        away_mm = abs(nearest - level) * self.scan.anatomy.grid.spacing_mm[0]
        return middles[nearest] if away_mm <= MIDDLE_KNOWN_MM else None

    def cavity_within(self, reach_mm: float) -> bool:
        """Whether the inside of the body begins within ``reach_mm`` in the slice."""
        anatomy, cavity = self.scan.anatomy, self.scan.atlas.cavity
        k, j, i = (int(n) for n in anatomy.cell_of(self.centre_lps_mm))
        dj, di = (round(reach_mm / mm) for mm in anatomy.grid.spacing_mm[1:])
        return bool(cavity[k, max(0, j - dj) : j + dj + 1, max(0, i - di) : i + di + 1].any())

    @cached_property
    def tissue(self) -> NDArray[np.uint8]:
        """Tissue codes of the crop."""
        return self.scan.tissue[self.box]

    def bone_around(self, reach_mm: float) -> float:
        """Share of bone in the surroundings up to ``reach_mm`` away."""
        around = self.near(reach_mm)
        return float((self.tissue[around] == int(Tissue.BONE)).mean()) if around.any() else 0.0

    @cached_property
    def inside_body_mm(self) -> NDArray[np.float32]:
        """Distance of the crop's voxels to the nearest voxel outside the body; FAR_MM where none is in the crop."""
        inside = self.tissue != int(Tissue.OUTSIDE)
        if inside.all():
            return np.full(inside.shape, FAR_MM, dtype=np.float32)
        return np.asarray(edt.edt(inside, anisotropy=self.spacing_mm))

    def near(self, margin_mm: float) -> NDArray[np.bool_]:
        """Voxels of the crop within ``margin_mm`` of the candidate, itself left out."""
        spacing = self.spacing_mm
        far = edt.edt(~self.core, anisotropy=spacing)
        return np.asarray((far <= margin_mm) & ~self.core)

    def coarse_at_centre(self, field: NDArray[np.float32]) -> float:
        """Value of a coarse field at the candidate."""
        k, j, i = (
            min(n // f, c - 1) for n, f, c in zip(self.centre_index, self.scan.coarse.factor, field.shape, strict=True)
        )
        return float(field[k, j, i])
