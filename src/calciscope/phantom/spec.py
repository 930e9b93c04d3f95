"""What a phantom can be asked for: one frozen description, complete and checked once built."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from calciscope.terms.errors import WrongUsage

KVP_RANGE = (60.0, 150.0)  # X-ray tubes of diagnostic CT; the mineral table covers 70-140 kV
SPACING_RANGE_MM = (0.2, 5.0)
SLICE_RANGE_MM = (0.3, 10.0)
MAX_TILT_DEG = 30.0  # gantries tilt to about this
MAX_FLEXION_DEG = 35.0  # above it the tissue behind the joint folds over itself
MAX_CENTRE_MM = 1000.0  # beyond it no limb is left (judgement)
MAX_SEED = 2**32 - 1
JUVENILE_SCALE = 0.72  # limb of a child of about 8 years against an adult's (judgement)
GROWTH_PER_YEAR = 1.035  # a child's limb grows about 3-4 % in length in a year (memory)


class Body(StrEnum):
    """Part of the body the phantom shows."""

    LEGS = "legs"
    LEG = "leg"
    ARM = "arm"
    TRUNK = "trunk"


class Kernel(StrEnum):
    """Reconstruction kernel of the simulated scanner."""

    SOFT = "soft"
    SHARP = "sharp"


DEFAULT_SHAPE = {
    Body.LEGS: (300, 512, 512),
    Body.LEG: (260, 256, 256),
    Body.ARM: (220, 192, 192),
    Body.TRUNK: (200, 512, 512),
}
DEFAULT_SPACING_MM = {Body.LEGS: 0.78, Body.LEG: 0.78, Body.ARM: 0.78, Body.TRUNK: 0.8}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhantomSpec:
    """Everything that decides a phantom; equal specs give equal bytes.

    ``slices``, ``rows``, ``columns``: 0 means the default of the body; ``spacing_mm``: 0 the default of the body;
    ``increment_mm``: 0 means ``slice_mm``. ``centre_mm`` moves the scanned range along the limb (0 = knee, elbow, or
    the middle of the trunk; positive towards the head). ``diameter_mm``, ``count`` and ``concentration_mg_ml`` set the
    array presets (0: the preset's own). ``followup``: the same patient a year later.
    """

    kind: Body = Body.LEGS
    seed: int = 1
    deposits: str = "mixed"
    kvp: float = 120.0
    kernel: Kernel = Kernel.SOFT
    noise_hu: float = 15.0
    slice_mm: float = 1.0
    increment_mm: float = 0.0
    spacing_mm: float = 0.0
    slices: int = 0
    rows: int = 0
    columns: int = 0
    tilt_deg: float = 0.0
    centre_mm: float = 0.0
    flexion_deg: float = 8.0
    contrast: bool = False
    metal: bool = False
    juvenile: bool = False
    vascular: bool = True
    matrix_hu: float = 40.0
    diameter_mm: float = 0.0
    concentration_mg_ml: float = 0.0
    count: int = 0
    followup: bool = False

    def __post_init__(self) -> None:
        """Refuse values that no scanner or body has."""
        _within("kvp", self.kvp, *KVP_RANGE)
        _within("slice_mm", self.slice_mm, *SLICE_RANGE_MM)
        _within("spacing_mm", self.pixel_mm, *SPACING_RANGE_MM)
        _within("increment_mm", self.step_mm, *SLICE_RANGE_MM)
        _within("tilt_deg", self.tilt_deg, -MAX_TILT_DEG, MAX_TILT_DEG)
        _within("flexion_deg", self.flexion_deg, 0.0, MAX_FLEXION_DEG)
        _within("noise_hu", self.noise_hu, 0.0, 500.0)
        _within("matrix_hu", self.matrix_hu, -200.0, 200.0)
        _within("diameter_mm", self.diameter_mm, 0.0, 40.0)
        _within("concentration_mg_ml", self.concentration_mg_ml, 0.0, 3000.0)
        _within("count", self.count, 0, 500)
        _within("seed", self.seed, 0, MAX_SEED)
        _within("centre_mm", self.centre_mm, -MAX_CENTRE_MM, MAX_CENTRE_MM)
        for name, size in zip(("slices", "rows", "columns"), self.shape, strict=True):
            _within(name, size, 2, 4096)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(slices, rows, columns) of the image."""
        slices, rows, columns = DEFAULT_SHAPE[self.kind]
        return self.slices or slices, self.rows or rows, self.columns or columns

    @property
    def pixel_mm(self) -> float:
        """Pixel spacing in mm."""
        return self.spacing_mm or DEFAULT_SPACING_MM[self.kind]

    @property
    def step_mm(self) -> float:
        """Distance of neighbouring slices in mm, measured across the slices."""
        return self.increment_mm or self.slice_mm

    @property
    def body_scale(self) -> float:
        """Size of the body against the adult model."""
        size = JUVENILE_SCALE if self.juvenile else 1.0
        return size * (GROWTH_PER_YEAR if self.followup and self.juvenile else 1.0)

    def settings(self) -> dict[str, object]:
        """Return every field by name, for the record."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise WrongUsage(f"The phantom's {name} is {value:.10g}; it must lie between {low:.10g} and {high:.10g}.")
