"""Patient and scan data of a phantom, the same in memory and in DICOM."""

from __future__ import annotations

from calciscope.phantom.spec import Body, PhantomSpec

BASELINE_DATE = "2025-03-10"
FOLLOWUP_DATE = "2026-03-12"
JUVENILE_BORN, ADULT_BORN = "2016-09-01", "1979-09-01"
ONE_PART = {Body.LEGS: "LEG", Body.LEG: "LEG", Body.ARM: "ARM", Body.TRUNK: "ABDOMEN"}


def scan_date(spec: PhantomSpec) -> str:
    """Date of the scan (ISO)."""
    return FOLLOWUP_DATE if spec.followup else BASELINE_DATE


def born(spec: PhantomSpec) -> str:
    """Birth date of the made-up patient (ISO)."""
    return JUVENILE_BORN if spec.juvenile else ADULT_BORN


def patient_age_years(spec: PhantomSpec) -> float:
    """Completed years at the scan."""
    scanned, birth = scan_date(spec), born(spec)
    return float(int(scanned[:4]) - int(birth[:4]) - (scanned[5:] < birth[5:]))


def body_part(spec: PhantomSpec) -> str:
    """DICOM Body Part Examined."""
    return ONE_PART[spec.kind]


def patient_position(spec: PhantomSpec) -> str:
    """How the patient entered the gantry."""
    return "FFS" if spec.kind in (Body.LEGS, Body.LEG) else "HFS"


def laterality(spec: PhantomSpec) -> str:
    """DICOM Laterality; empty where both sides or none are shown."""
    return "L" if spec.kind in (Body.LEG, Body.ARM) else ""
