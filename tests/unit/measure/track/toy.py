"""A made-up knee, measured without a scanner: bones, muscle, skin and balls of mineral, placed and bent as asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.deposits import Deposit, Kind, Layer, Region, Shape, Side
from calciscope.terms.geometry import Grid
from calciscope.terms.measurement import Burden, Calibration, Coverage, Matrix
from calciscope.terms.tissue import AnatomyMap, Tissue
from calciscope.terms.tracking import LabelledVoxels, ScanFacts, TimePoint

Float64 = NDArray[np.float64]
SHAPE = (88, 56, 56)
CELL_MM = 3.0
FACTS = ScanFacts(
    scan_date=date(2025, 3, 7),
    kvp=120.0,
    kernel="SOFT",
    slice_thickness_mm=1.0,
    contrast_agent=None,
    patient_key="one",
    patient_age_years=40.0,
    body_part="KNEE",
    laterality="L",
    frame_uid="1.2.3",
    series_uid="1.2.3.4",
    pixel_sha256="first",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ball:
    """A deposit: middle in the body's own coordinates (mm), radius, mass."""

    at: tuple[float, float, float]
    radius_mm: float = 4.0
    mass_mg: float = 100.0
    kind: Kind = Kind.CALCINOSIS
    background_hu: float = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How the body lies: rotation matrix and shift of all of it, and how far the lower leg is bent (degrees)."""

    turn: Float64
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bend_deg: float = 0.0

    def forth(self, body_mm: Float64) -> Float64:
        """Body coordinates to the scanner's."""
        bent = np.where((body_mm[..., 2] < 0)[..., None], body_mm @ self._knee.T, body_mm)
        return np.asarray(bent @ self.turn.T + np.array(self.shift_mm))

    def back(self, lps_mm: Float64) -> Float64:
        """The scanner's coordinates to the body's."""
        still = (lps_mm - np.array(self.shift_mm)) @ self.turn
        bent = still @ self._knee
        return np.asarray(np.where((bent[..., 2] < 0)[..., None], bent, still))

    @property
    def _knee(self) -> Float64:
        angle = np.deg2rad(self.bend_deg)
        return np.array([[1, 0, 0], [0, np.cos(angle), np.sin(angle)], [0, -np.sin(angle), np.cos(angle)]])


HERE = Place(turn=np.eye(3))


def scan(
    balls: Sequence[Ball],
    place: Place = HERE,
    *,
    grown: float = 1.0,
    facts: ScanFacts = FACTS,
    first_z_mm: float = -130.0,
) -> TimePoint:
    """The body as `measure` would hand it on, ``grown`` times as large as at first."""
    affine = np.diag([CELL_MM, CELL_MM, CELL_MM, 1.0])
    affine[:3, 3] = np.array([-84.0, -84.0, first_z_mm]) + np.array(place.shift_mm)
    grid = Grid(shape=SHAPE, affine=affine, frame_uid=facts.frame_uid)
    index = np.stack(np.meshgrid(*(np.arange(n, dtype=float) for n in SHAPE), indexing="ij"), axis=-1)
    body = place.back(grid.to_lps(index)) / grown
    labels, fine = _labels(balls, place, grown, affine)
    return TimePoint(
        facts=facts,
        deposits=tuple(_deposit(n, ball, place, grown) for n, ball in enumerate(balls, start=1)),
        voxels=LabelledVoxels(
            index=np.argwhere(labels > 0).astype(np.int32), label=labels[labels > 0].astype(np.uint16), grid=fine
        ),
        anatomy=AnatomyMap(tissue=_tissue(body), grid=grid),
        burden=Burden(
            mass_mg=1.0, mass_lower_mg=0.5, mass_upper_mg=2.0, volume_ml=1.0, agatston=1.0, deposits=len(balls)
        ),
        coverage=(Coverage(region=Region.KNEE, side="left", evaluable=True),),
        calibration=Calibration(hu_per_mg_ml=1.3, relative_sd=0.1, source="modelled", kvp=120.0),
        matrix=Matrix(),
    )


def of_a_later_day(scan: TimePoint) -> TimePoint:
    """The same, a year later, with other pixels."""
    return replace(scan, facts=replace(scan.facts, scan_date=date(2026, 3, 7), pixel_sha256="second", frame_uid="9.9"))


def _tissue(body: Float64) -> NDArray[np.uint8]:
    x, y, z = np.moveaxis(body, -1, 0)
    far = np.abs(z)
    radius = np.hypot(x, y)
    tissue = np.full(x.shape, Tissue.OUTSIDE, np.uint8)
    tissue[radius < 62 + 0.05 * z] = Tissue.FAT
    tissue[radius < 52 + 0.05 * z] = Tissue.MUSCLE
    wide = np.where(z > 0, 27.0, 24.0) - 0.35 * np.clip(far - 12, 0, 38)
    bone = (np.hypot(x / 1.25, y) < wide) & (far > 4)
    bone |= (np.hypot(x + 26, y - 12) < 6) & (z < -20)
    bone |= ((x / 20) ** 2 + ((y + 40) / 9) ** 2 + ((z - 22) / 20) ** 2) < 1
    tissue[bone] = Tissue.BONE
    return tissue


def _labels(balls: Sequence[Ball], place: Place, grown: float, affine: Float64) -> tuple[NDArray[np.uint16], Grid]:
    """Label map on voxels of 1 mm over the same box."""
    fine = affine.copy()
    fine[:3, :3] /= 3.0
    fine[:3, 3] -= 1.0
    shape = tuple(3 * n for n in SHAPE)
    grid = Grid(shape=shape, affine=fine)  # type: ignore[arg-type]
    labels = np.zeros(shape, np.uint16)
    for number, ball in enumerate(balls, start=1):
        middle = np.rint(grid.to_index(place.forth(np.array(ball.at) * grown))).astype(int)
        reach = int(np.ceil(ball.radius_mm)) + 1
        low, high = np.maximum(middle - reach, 0), np.minimum(middle + reach + 1, shape)
        if (low >= high).any():
            continue
        index = np.stack(
            np.meshgrid(*(np.arange(a, b, dtype=float) for a, b in zip(low, high, strict=True)), indexing="ij"), -1
        )
        away = np.linalg.norm(grid.to_lps(index) - place.forth(np.array(ball.at) * grown), axis=-1)
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        labels[box][away <= ball.radius_mm] = number
    return labels, grid


def _deposit(number: int, ball: Ball, place: Place, grown: float) -> Deposit:
    x, y, z = (float(value) for value in place.forth(np.array(ball.at) * grown))
    volume = 4.0 / 3.0 * np.pi * ball.radius_mm**3 / 1000.0
    excess = 1.3 * ball.mass_mg + volume * (40.0 - ball.background_hu)
    return Deposit(
        deposit_id=number, kind=ball.kind, confidence=0.9, reason="made up", volume_ml=volume, volume_130hu_ml=volume,
        mass_mg=ball.mass_mg, mass_lower_mg=0.9 * ball.mass_mg, mass_upper_mg=1.1 * ball.mass_mg, excess_hu_ml=excess,
        peak_hu=500.0, mean_hu=400.0, background_hu=ball.background_hu, agatston=10.0, longest_diameter_mm=2 * ball.radius_mm,
        x_mm=x, y_mm=y, z_mm=z, skin_depth_mm=10.0, layer=Layer.INTRAMUSCULAR, shape=Shape.NODULE, region=Region.KNEE,
        side=Side.LEFT,
    )  # fmt: skip
