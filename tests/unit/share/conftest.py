"""A made-up measurement of a leg pair, as `measure` would hand it to `share`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from calciscope.terms.checks import Check, Voids
from calciscope.terms.deposits import Deposit, Kind, Layer, Region, Shape, Side
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Burden, Calibration, Coverage, Matrix, Measurement, Recipe
from calciscope.terms.series import Acquisition, Instance, LeftOut, Series, Source
from calciscope.terms.tissue import AnatomyMap, CoarseCt

MakeMeasurement = Callable[..., Measurement]

KINDS = (
    *[Kind.CALCINOSIS] * 6,
    Kind.VASCULAR,
    Kind.UNCERTAIN,
    Kind.BONE,
    Kind.METAL,
    Kind.PHYSIOLOGICAL,
    Kind.ARTEFACT,
    Kind.CONTRAST,
    Kind.OUTSIDE_BODY,
)
REASONS = {
    Kind.CALCINOSIS: "Dense mineral in soft tissue, apart from bone and vessels.",
    Kind.VASCULAR: "Tram-track calcification along the course of the popliteal artery.",
    Kind.BONE: "Continuous with the tibial cortex.",
    Kind.METAL: "Denser than any mineral and surrounded by streaks.",
    Kind.PHYSIOLOGICAL: "Rounded, corticated and behind the lateral femoral condyle: a fabella.",
    Kind.ARTEFACT: "Single slice only, along a streak.",
    Kind.CONTRAST: "Even, vessel-shaped and as dense as the enhanced artery.",
    Kind.OUTSIDE_BODY: "Outside the body surface: on the table or in clothing.",
    Kind.UNCERTAIN: "Faint and touching the skin: clothing or a deposit.",
}
LAYERS = (Layer.SUBCUTANEOUS, Layer.INTRAMUSCULAR, Layer.FASCIAL, Layer.CUTANEOUS, Layer.PERIOSTEAL)
SIDES = ("left", "right")
REGIONS = (Region.THIGH, Region.KNEE, Region.LOWER_LEG)


def legs_hu(shape: tuple[int, int, int]) -> NDArray[np.int16]:
    """Two legs of fat, muscle and bone, HU; they taper from hip to ankle."""
    slices, rows, columns = shape
    row = np.linspace(-1, 1, rows)[:, None]
    column = np.linspace(-1, 1, columns)[None, :]
    noise = np.random.default_rng(5).normal(0, 15, (rows, columns))
    hu = np.empty(shape, np.int16)
    for index in range(slices):
        wide = 0.55 + 0.4 * index / max(1, slices - 1)
        picture = np.full((rows, columns), -1000.0)
        for middle in (-0.5, 0.5):
            radius = np.hypot((column - middle) / (0.45 * wide), row / (0.85 * wide))
            for limit, value in ((1.0, -95.0), (0.78, 55.0), (0.3, 900.0), (0.2, 120.0)):
                picture[radius < limit] = value
        hu[index] = np.round(picture + np.where(picture > -500, noise, 0))
    return hu


def coarse_anatomy(hu: NDArray[np.int16], grid: Grid, step: int) -> AnatomyMap:
    """Tissue by thresholds on every ``step``-th voxel."""
    few = hu[::step, ::step, ::step]
    tissue = np.digitize(few, [-500, -30, 200]).astype(np.uint8)
    tissue = np.array([0, 2, 3, 4], np.uint8)[tissue]
    affine = grid.affine.copy()
    affine[:3, :3] *= step
    return AnatomyMap(tissue=tissue, grid=Grid(shape=few.shape, affine=affine, frame_uid=grid.frame_uid))


def lps_affine(spacing_mm: tuple[float, float, float]) -> NDArray[np.float64]:
    """Axial, columns to the left, rows to the back, slices to the head."""
    affine = np.diag([spacing_mm[2], spacing_mm[1], spacing_mm[0], 1.0])
    affine[:3, 3] = (-120.0, -60.0, 300.0)
    return affine


@pytest.fixture
def make_measurement() -> MakeMeasurement:
    """Factory: ``make_measurement(deposits=12, shape=..., spacing_mm=..., voided=False)``."""

    def make(
        *,
        deposits: int = 12,
        shape: tuple[int, int, int] = (60, 48, 96),
        spacing_mm: tuple[float, float, float] = (4.0, 2.5, 2.5),
        voided: bool = False,
        affine: NDArray[np.float64] | None = None,
        numbered_only: bool = False,
    ) -> Measurement:
        hu = legs_hu(shape)
        grid = Grid(shape=shape, affine=lps_affine(spacing_mm) if affine is None else affine, frame_uid="1.2.3.4")
        labels = np.zeros(shape, np.uint16)
        random = np.random.default_rng(11)
        masses = np.sort(random.lognormal(3.5, 1.6, deposits))[::-1]
        found = tuple(
            one_deposit(
                number=index + 1,
                mass_mg=None if voided else float(mass),
                kind=KINDS[index % len(KINDS)],
                place=put_blob(hu, labels, grid, index + 1, float(mass), random),
            )
            for index, mass in enumerate(masses)
        )
        counted = [one for one in found if one.kind is Kind.CALCINOSIS]
        return Measurement(
            series=a_series(hu, grid),
            recipe=Recipe(
                calibration=Calibration(
                    hu_per_mg_ml=1.31, relative_sd=0.04, source="modelled", kvp=120.0, water_equivalent_cm=16.2
                ),
                matrix=Matrix(),
                settings={"seed_hu": 130.0, "rim_mm": (2.0, 5.0), "engine": "field"},
            ),
            checks=some_checks(voided=voided),
            coverage=(
                *(Coverage(region=region, side=side, evaluable=True) for region in REGIONS for side in SIDES),
                Coverage(
                    region=Region.HIP, side="left", evaluable=False, why_not="only the edge of the region is in view"
                ),
            ),
            burden=a_burden(counted, voided=voided),
            deposits=found,
            labels=labels,
            anatomy=coarse_anatomy(hu, grid, 2),
            coarse_ct=CoarseCt(hu=hu, grid=grid),
        )

    return make


def put_blob(
    hu: NDArray[np.int16],
    labels: NDArray[np.uint16],
    grid: Grid,
    number: int,
    mass_mg: float,
    random: np.random.Generator,
) -> tuple[float, float, float]:
    """Draw an ellipsoid into the volume and its label; returns its centre in LPS mm."""
    slices, rows, columns = hu.shape
    middle_column = columns * (0.25 if random.random() < 0.5 else 0.75)
    centre = np.array(
        [
            random.uniform(0.05, 0.95) * (slices - 1),
            rows / 2 + random.uniform(-0.2, 0.2) * rows,
            middle_column + random.uniform(-0.13, 0.13) * columns,
        ]
    )
    radius_mm = max((mass_mg / 300.0 * 1000 * 3 / (4 * np.pi)) ** (1 / 3), 1.2) * random.uniform(0.7, 1.4, 3)
    radius = np.maximum(radius_mm / np.array(grid.spacing_mm), 0.6)
    low = np.maximum(np.floor(centre - radius).astype(int), 0)
    high = np.minimum(np.ceil(centre + radius).astype(int) + 1, hu.shape)
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    index = np.stack(np.meshgrid(*(np.arange(a, b) for a, b in zip(low, high, strict=True)), indexing="ij"), axis=-1)
    inside = (((index - centre) / radius) ** 2).sum(-1) <= 1
    inside |= (np.abs(index - np.round(centre)) < 0.5).all(-1)
    inside &= labels[box] == 0
    hu[box][inside] = 480
    labels[box][inside] = number
    x, y, z = grid.to_lps(centre)
    return float(x), float(y), float(z)


def one_deposit(*, number: int, mass_mg: float | None, kind: Kind, place: tuple[float, float, float]) -> Deposit:
    """Plausible values around ``mass_mg``; None makes mass and its interval not evaluable."""
    volume_ml = None if mass_mg is None else mass_mg / 300.0
    return Deposit(
        deposit_id=number,
        kind=kind,
        confidence=0.55 if kind is Kind.UNCERTAIN else 0.93,
        reason=REASONS[kind],
        volume_ml=volume_ml,
        volume_130hu_ml=None if volume_ml is None else volume_ml * 1.2,
        mass_mg=mass_mg,
        mass_lower_mg=None if mass_mg is None else mass_mg * 0.9,
        mass_upper_mg=None if mass_mg is None else mass_mg * 1.1,
        excess_hu_ml=None if mass_mg is None else mass_mg * 1.4,
        peak_hu=512.0,
        mean_hu=431.25,
        background_hu=-88.5,
        agatston=None if mass_mg is None else mass_mg * 1.7,
        longest_diameter_mm=8.4,
        x_mm=place[0],
        y_mm=place[1],
        z_mm=place[2],
        skin_depth_mm=None if number % 5 == 0 else 6.3,
        layer=LAYERS[number % len(LAYERS)],
        layer_also=(Layer.CUTANEOUS, Layer.FASCIAL) if number % 3 == 0 else (),
        shape=list(Shape)[number % len(Shape)],
        region=REGIONS[number % len(REGIONS)],
        side=Side.LEFT if place[0] > 0 else Side.RIGHT,
    )


def a_burden(counted: list[Deposit], *, voided: bool) -> Burden:
    """Sums of the counted deposits."""
    if voided:
        return Burden(
            mass_mg=None, mass_lower_mg=None, mass_upper_mg=None, volume_ml=None, agatston=None, deposits=len(counted)
        )
    mass = sum(one.mass_mg or 0.0 for one in counted)
    return Burden(
        mass_mg=mass,
        mass_lower_mg=mass * 0.91,
        mass_upper_mg=mass * 1.09,
        volume_ml=sum(one.volume_ml or 0.0 for one in counted),
        agatston=sum(one.agatston or 0.0 for one in counted),
        deposits=len(counted),
    )


def some_checks(*, voided: bool) -> tuple[Check, ...]:
    """Some passed, some failed."""
    return (
        Check(id="slice_thickness", passed=True, message="Slices are 1.0 mm thick."),
        Check(id="kvp_known", passed=True, message="Tube voltage 120 kV is recorded."),
        Check(
            id="field_of_view",
            passed=False,
            message="The field of view cuts the skin of the left hip in 14 slices.",
            voids=(Voids.DEPTH, Voids.LAYER),
        ),
        Check(
            id="contrast",
            passed=not voided,
            message="Contrast agent was given: vessels read as mineral." if voided else "No contrast agent was given.",
            voids=(Voids.MASS, Voids.BURDEN) if voided else (),
        ),
    )


def a_series(hu: NDArray[np.int16], grid: Grid) -> Series:
    """Provenance of a made-up series."""
    return Series(
        volume=Volume(hu=hu, grid=grid),
        acquisition=Acquisition(
            kvp=120.0,
            kernel="B30f",
            slice_thickness_mm=grid.spacing_mm[0],
            patient_position="HFS",
            manufacturer="SIEMENS",
            model="Example 64",
            scan_date=date(2026, 3, 7),
            ctdi_vol_mgy=4.2,
            dlp_mgy_cm=188.0,
        ),
        source=Source(
            kind="dicom",
            study_uid="1.2.826.0.1.3680043.8.498.1",
            series_uid="1.2.826.0.1.3680043.8.498.2",
            sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
            frame_uid=grid.frame_uid,
            instances=tuple(
                Instance(sop_uid=f"1.2.826.0.1.3680043.8.498.2.{index}", position_mm=(-120.0, -60.0, 300.0 + index))
                for index in range(grid.shape[0])
            ),
            patient_key="5f2b1c77d0a94e7b",
            pixel_sha256="ab" * 32,
            chosen_because="the only CT series",
            left_out=(LeftOut(what="localizer", why="a planning image, not slices", count=2),),
        ),
    )
