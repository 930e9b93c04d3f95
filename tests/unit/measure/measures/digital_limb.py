"""A digital limb of exactly known shape for the measures' tests: bone, muscle, fat, skin and one deposit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter

from calciscope.measure.measures import describe
from calciscope.measure.neighbourhood import Candidate, Neighbourhood, Quantity, Segmentation
from calciscope.measure.scene import Scene, survey
from calciscope.measure.subject import Subject
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition
from calciscope.terms.tissue import Tissue

FAT_HU, MUSCLE_HU, SKIN_HU, BONE_HU, DEPOSIT_HU = -100.0, 50.0, 40.0, 900.0, 600.0
BLUR_MM = 0.45  # standard deviation


@dataclass(frozen=True, kw_only=True)
class Limb:
    """A limb along z around (x0, y0): radii of bone, muscle, fat and skin surface, mm; ``deposit`` takes x, y, z in mm."""

    deposit: object
    spacing_mm: tuple[float, float, float] = (1.0, 0.8, 0.8)  # slice, row, column
    centre_mm: tuple[float, float] = (60.0, 0.0)
    radii_mm: tuple[float, float, float, float] = (9.0, 38.0, 48.0, 49.5)
    field_mm: float = 112.0
    field_shift_mm: float = 0.0  # sideways, to cut the limb off
    height_mm: float = 44.0
    flip: tuple[int, int, int] = (1, 1, 1)  # direction of slice, row, column
    noise_hu: float = 0.0
    acquisition: Acquisition = field(default_factory=lambda: Acquisition(kvp=120.0))

    def grid(self) -> Grid:
        """The scan's grid."""
        mm = self.spacing_mm
        shape = tuple(round(length / step) for length, step in zip(self._lengths(), mm, strict=True))
        affine = np.eye(4)
        middle = np.array([self.centre_mm[0] + self.field_shift_mm, self.centre_mm[1], 0.0])
        for column, (axis, step, sign) in enumerate(zip((0, 1, 2), mm[::-1], self.flip[::-1], strict=True)):
            affine[axis, column] = step * sign
            affine[axis, 3] = middle[axis] - sign * step * (shape[2 - axis] - 1) / 2
        return Grid(shape=shape, affine=affine)

    def _lengths(self) -> tuple[float, float, float]:
        return self.height_mm, self.field_mm, self.field_mm

    def build(self) -> tuple[Volume, Segmentation, Quantity, Neighbourhood]:
        """The scan, its segmentation, and one candidate with its true mineral."""
        grid = self.grid()
        z, y, x = np.moveaxis(grid.to_lps(np.stack(np.indices(grid.shape), axis=-1).astype(float)), -1, 0)[::-1]
        radius = np.hypot(x - self.centre_mm[0], y - self.centre_mm[1])
        tissue_hu = np.select(
            [radius < limit for limit in self.radii_mm], [BONE_HU, MUSCLE_HU, FAT_HU, SKIN_HU], -1000.0
        )
        share = _occupancy(self.deposit, grid)
        sigma = [BLUR_MM / mm for mm in self.spacing_mm]
        background = gaussian_filter(tissue_hu, sigma)
        blurred = gaussian_filter(share, sigma)
        hu = background + blurred * (DEPOSIT_HU - background)
        hu += np.random.default_rng(5).normal(0, self.noise_hu, hu.shape) if self.noise_hu else 0.0
        contrast = hu - background
        core = blurred > 0.5 * maximum_filter(blurred, size=5)
        core &= blurred > 0.1
        support = maximum_filter(core, size=(3, 5, 5))
        tissue = _tissue(hu, radius, self.radii_mm)
        tissue[core] = Tissue.SKIN_OTHER
        candidate = Candidate(label=1, kind=Kind.CALCINOSIS, confidence=1.0, reason="test")
        volume = Volume(hu=np.rint(hu).astype(np.int16), grid=grid)
        segmentation = Segmentation(
            labels=core.astype(np.uint16), tissue=tissue, candidates=(candidate,), noise_hu=self.noise_hu
        )
        volume_ml = float(share.sum()) * grid.voxel_volume_ml
        return volume, segmentation, *_candidate(volume, segmentation, candidate, contrast, support, volume_ml)

    def scene(self) -> Scene:
        """The whole-scan context."""
        volume, segmentation, _, _ = self.build()
        return survey(volume, self.acquisition, segmentation)

    def subject(self) -> Subject:
        """The candidate about to be measured."""
        volume, segmentation, quantity, neighbourhood = self.build()
        scene = survey(volume, self.acquisition, segmentation)
        return Subject(scene=scene, neighbourhood=neighbourhood, quantity=quantity)

    def describe(self) -> dict[str, object]:
        """All measures of the deposit."""
        subject = self.subject()
        return describe(subject.scene, subject.neighbourhood, subject.quantity)


def ball(x_mm: float, y_mm: float, z_mm: float, diameter_mm: float) -> object:
    """A ball."""
    return lambda x, y, z: (x - x_mm) ** 2 + (y - y_mm) ** 2 + (z - z_mm) ** 2 < (diameter_mm / 2) ** 2


def _occupancy(deposit: object, grid: Grid, fine: int = 3) -> np.ndarray:
    """Share of each voxel that the deposit fills, by sampling."""
    share = np.zeros(grid.shape)
    index = np.stack(np.indices(grid.shape), axis=-1).astype(float)
    near = maximum_filter(deposit(*np.moveaxis(grid.to_lps(index), -1, 0)), size=5)
    found = index[near]
    steps = (np.arange(fine) + 0.5) / fine - 0.5
    filled = np.zeros(len(found))
    for offset in np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3):
        filled += deposit(*grid.to_lps(found + offset).T)
    share[near] = filled / fine**3
    return share


def _tissue(hu: np.ndarray, radius: np.ndarray, radii_mm: tuple[float, float, float, float]) -> np.ndarray:
    """Codes as thresholds give them: a deposit's rim in fat reads as muscle."""
    tissue = np.where(hu < -30, Tissue.FAT, Tissue.MUSCLE).astype(np.uint8)
    tissue[radius > radii_mm[2]] = Tissue.SKIN_OTHER
    tissue[radius < radii_mm[0]] = Tissue.BONE
    tissue[radius > radii_mm[3]] = Tissue.OUTSIDE
    return tissue


def _candidate(
    volume: Volume,
    segmentation: Segmentation,
    candidate: Candidate,
    contrast: np.ndarray,
    support: np.ndarray,
    volume_ml: float,
) -> tuple[Quantity, Neighbourhood]:
    used = np.argwhere(support)
    low, high = np.maximum(used.min(axis=0) - 2, 0), used.max(axis=0) + 3
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    quantity = Quantity(
        contrast_hu=np.where(support, contrast, 0.0)[box].astype(np.float32),
        support=support[box],
        excess_hu_ml=float(contrast[support].sum()) * volume.grid.voxel_volume_ml,
        excess_sd_hu_ml=0.0,
        volume_ml=volume_ml,
        volume_sd_ml=0.0,
        excess_volume_covariance=0.0,
        background_hu=0.0,
        clipped=False,
    )
    neighbourhood = Neighbourhood(
        candidate=candidate,
        origin=tuple(int(k) for k in low),
        spacing_mm=volume.grid.spacing_mm,
        hu=volume.hu[box],
        labels=segmentation.labels[box],
        tissue=segmentation.tissue[box],
        noise_hu=segmentation.noise_hu,
    )
    return quantity, neighbourhood
