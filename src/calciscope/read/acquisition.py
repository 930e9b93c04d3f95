"""How a stack was acquired, from its slices' headers and the study's dose reports."""

from __future__ import annotations

import re
from datetime import date
from statistics import median

from calciscope.read import tags
from calciscope.read.codecs import LOSSY
from calciscope.read.dose import Dose
from calciscope.read.elements import RawHeader
from calciscope.read.header import kernel_of
from calciscope.read.stacks import Stack
from calciscope.read.values import day, optional_number, text
from calciscope.terms.series import Acquisition

DAYS_A_UNIT = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}
DAYS_A_YEAR = 365.25
KVP_RANGE = (20.0, 200.0)  # outside it is a wrong entry (CT tubes: 70 to 150 kV; memory)
NO_CONTRAST = re.compile(r"^(none|no|nil|without.*|n/?a|unknown|no contrast.*|-+|0)?$", re.IGNORECASE)
EXAMINED = (tags.ACQUISITION_DATE, tags.ACQUISITION_DATETIME, tags.CONTENT_DATE, tags.SERIES_DATE, tags.STUDY_DATE)


def describe(stack: Stack, dose: Dose) -> Acquisition:
    """The acquisition; None where the headers do not say."""
    raw = stack.first.raw
    scanned = day(raw, *EXAMINED)
    per_slice = [value for place in stack.places if (value := optional_number(place[0].raw, tags.CTDI_VOL))]
    return Acquisition(
        kvp=_kvp(raw),
        kernel=kernel_of(raw),
        slice_thickness_mm=_positive(raw, tags.SLICE_THICKNESS),
        exposure_mas=_positive(raw, tags.EXPOSURE_FLOAT_MAS) or _positive(raw, tags.EXPOSURE_MAS),
        contrast_agent=contrast_agent(raw),
        body_part=text(raw, tags.BODY_PART),
        laterality=text(raw, tags.FRAME_LATERALITY) or text(raw, tags.LATERALITY),
        patient_position=text(raw, tags.PATIENT_POSITION),
        patient_age_years=age_years(raw, scanned),
        patient_sex=text(raw, tags.SEX),
        manufacturer=text(raw, tags.MANUFACTURER),
        model=text(raw, tags.MODEL),
        description=text(raw, tags.SERIES_DESCRIPTION),
        scan_date=scanned,
        gantry_tilt_deg=optional_number(raw, tags.GANTRY_TILT),
        reconstruction_diameter_mm=_positive(raw, tags.RECONSTRUCTION_DIAMETER),
        ctdi_vol_mgy=round(median(per_slice), 4) if per_slice else dose.ctdi_vol_mgy,
        dlp_mgy_cm=dose.dlp_mgy_cm,
        lossy=lossy(stack),
    )


def contrast_agent(raw: RawHeader) -> str | None:
    """Contrast agent as named; None when the header names none or says "none"."""
    agent = text(raw, tags.CONTRAST_AGENT)
    if agent is None or NO_CONTRAST.match(agent):
        return None
    return agent


def age_years(raw: RawHeader, scanned: date | None) -> float | None:
    """Age at the scan from the age string (nnnD, W, M, Y), else from the birth date."""
    match = re.fullmatch(r"(\d{1,3})([DWMY])", (text(raw, tags.AGE) or "").upper())
    if match:
        return round(int(match[1]) * DAYS_A_UNIT[match[2]] / DAYS_A_YEAR, 3)
    born = day(raw, tags.BIRTH_DATE)
    if born is None or scanned is None or born > scanned:
        return None
    return round((scanned - born).days / DAYS_A_YEAR, 3)


def lossy(stack: Stack) -> str | None:
    """How the slices were compressed with loss; None when they were not."""
    raws = [place[0].raw for place in stack.places]
    for raw in raws:
        if raw.syntax in LOSSY and (raw.syntax not in MAYBE_LOSSLESS or text(raw, tags.LOSSY) != "00"):
            return LOSSY[raw.syntax]
    if any(text(raw, tags.LOSSY) == "01" for raw in raws):
        return "compressed with loss before"
    return None


# These syntaxes hold both kinds; the header's flag decides, and without it loss is assumed.
MAYBE_LOSSLESS = ("1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.81")


def _kvp(raw: RawHeader) -> float | None:
    kvp = optional_number(raw, tags.KVP)
    return kvp if kvp is not None and KVP_RANGE[0] <= kvp <= KVP_RANGE[1] else None


def _positive(raw: RawHeader, tag: int) -> float | None:
    value = optional_number(raw, tag)
    return value if value is not None and value > 0 else None
