"""A CT series as read: the volume, how it was acquired, where it came from, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from calciscope.terms.geometry import Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """How the scan was made; None is "not recorded", never a default."""

    kvp: float | None = None
    kernel: str | None = None
    slice_thickness_mm: float | None = None
    exposure_mas: float | None = None
    contrast_agent: str | None = None
    body_part: str | None = None
    laterality: str | None = None
    patient_position: str | None = None
    patient_age_years: float | None = None
    patient_sex: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    description: str | None = None
    scan_date: date | None = None
    gantry_tilt_deg: float | None = None
    reconstruction_diameter_mm: float | None = None
    ctdi_vol_mgy: float | None = None
    dlp_mgy_cm: float | None = None
    lossy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One slice that went into the volume: its SOP Instance UID and the LPS position (mm) of its first pixel."""

    sop_uid: str
    position_mm: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something found in the input that was not used, and why (no path, no patient data)."""

    what: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the volume came from, traceable without naming the patient."""

    kind: str  # "dicom" | "dicom-enhanced" | "nifti"
    study_uid: str | None = None
    series_uid: str | None = None
    sop_class_uid: str | None = None
    frame_uid: str | None = None
    instances: tuple[Instance, ...] = ()
    patient_key: str | None = None  # keyed hash of the patient's identity
    pixel_sha256: str = ""  # of the HU volume, little-endian int16, [slice, row, column]
    chosen_because: str = ""
    left_out: tuple[LeftOut, ...] = ()
    slices_filled: tuple[int, ...] = ()  # slice indices interpolated because the slice was missing or corrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What `read` hands on and `measure` takes."""

    volume: Volume
    acquisition: Acquisition = field(default_factory=Acquisition)
    source: Source = field(default_factory=lambda: Source(kind="array"))
