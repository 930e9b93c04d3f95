"""One patient's measured scans brought together: what tracking takes, and what it finds.

Coordinates are LPS mm, transforms are 4 x 4 and take baseline mm to follow-up mm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.deposits import Deposit, Layer, Region, Side
from calciscope.terms.geometry import Float64, Grid
from calciscope.terms.measurement import Burden, Calibration, Coverage, Matrix
from calciscope.terms.tissue import AnatomyMap, CoarseCt


class Event(StrEnum):
    """What became of a family of deposits."""

    STABLE = "stable"
    GROWN = "grown"
    SHRUNK = "shrunk"
    NEW = "new"
    RESOLVED = "resolved"
    MERGED = "merged"
    SPLIT = "split"
    NOT_EVALUABLE = "not_evaluable"


class Cause(StrEnum):
    """Why mineral was lost; anything but UNKNOWN comes from the patient's record, never from the images."""

    UNKNOWN = "unknown"
    RESORBED = "resorbed"
    EXTRUDED = "extruded"
    DRAINED = "drained"
    EXCISED = "excised"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFacts:
    """How and of whom a scan was made, as far as it bears on comparing; None is "not recorded"."""

    scan_date: date | None
    kvp: float | None
    kernel: str | None
    slice_thickness_mm: float | None
    contrast_agent: str | None
    patient_key: str | None
    patient_age_years: float | None
    body_part: str | None
    laterality: str | None
    frame_uid: str | None
    series_uid: str | None
    pixel_sha256: str
    failed_checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledVoxels:
    """The voxels of all candidates: ``index`` int32 (n, 3) [slice, row, column] on ``grid``, ``label`` deposit_id (n)."""

    index: NDArray[np.int32]
    label: NDArray[np.uint16]
    grid: Grid

    def of(self, deposit_ids: tuple[int, ...]) -> NDArray[np.bool_]:
        """Which of the voxels belong to the deposits."""
        return np.isin(self.label, deposit_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """One measured scan, as far as tracking needs it; ``coarse_ct`` None where its folder was written before there was one."""

    facts: ScanFacts
    deposits: tuple[Deposit, ...]
    voxels: LabelledVoxels
    anatomy: AnatomyMap
    burden: Burden
    coverage: tuple[Coverage, ...]
    calibration: Calibration
    matrix: Matrix
    coarse_ct: CoarseCt | None = None

    def deposit(self, deposit_id: int) -> Deposit:
        """The deposit of that number; deposits are numbered from 1 without a gap."""
        return self.deposits[deposit_id - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFit:
    """How well one bone, and the part of the limb around it, was brought together.

    ``residual_mm``: median distance of the bone's surfaces after the fit, both ways; ``along_sd_mm``: how far the fit
    could still slide along the limb (1 SD); ``shared``: part of the bone's surface that both scans show; ``parted_mm``: how far
    the fit parts from that of a neighbouring bone where they meet, beyond a joint's turn (None: no bone is near); ``scale``:
    length now over length then.
    """

    name: str
    region: Region
    side: Side
    centre_mm: tuple[float, float, float]
    to_followup: Float64
    scale: float
    residual_mm: float
    along_sd_mm: float
    shared: float
    parted_mm: float | None
    evaluable: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Deposits of both scans that are one thing in the patient, and what became of it.

    Masses (mg hydroxyapatite) and volumes (ml) are sums over the family with one matrix for both scans; None is "not
    evaluable". ``limit_mg``: smallest change beyond measurement error, 95 % confidence held for the whole patient.
    """

    track_id: int
    event: Event
    cause: Cause
    baseline_ids: tuple[int, ...]
    followup_ids: tuple[int, ...]
    baseline_mass_mg: float | None
    followup_mass_mg: float | None
    baseline_volume_ml: float | None
    followup_volume_ml: float | None
    change_mg: float | None
    change_percent: float | None
    limit_mg: float | None
    significant: bool | None
    beyond_25_percent: bool | None
    region: Region
    side: Side
    layer: Layer
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BurdenChange:
    """The burden in the part of the body that both scans show; per litre of that part of the body as well."""

    baseline_mg: float | None
    followup_mg: float | None
    change_mg: float | None
    change_percent: float | None
    limit_mg: float | None
    significant: bool | None
    baseline_litres: float
    followup_litres: float
    baseline_mg_per_litre: float | None
    followup_mg_per_litre: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A follow-up held against the baseline: ``followup`` counts the scans by date from 0, the baseline's own number.

    ``followup_in_baseline_mm``: float32 (n, 3), where each labelled voxel of the follow-up lay in the baseline (LPS mm).
    """

    followup: int
    segments: tuple[SegmentFit, ...]
    families: tuple[Family, ...]
    burden: BurdenChange
    thickness_class: str
    followup_in_baseline_mm: NDArray[np.float32]
    widened_by: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """All scans by date, the first being the baseline, and each later one held against it.

    ``settings``: every named constant that took part.
    """

    scans: tuple[TimePoint, ...]
    comparisons: tuple[Comparison, ...]
    warnings: tuple[str, ...] = ()
    settings: dict[str, object] = field(default_factory=dict)
