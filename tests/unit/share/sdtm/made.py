"""A trial of one subject and two scans, read by two and by the third."""

from __future__ import annotations

from datetime import UTC, date, datetime

from calciscope.share.sdtm.assessment import Assessment, Finding, Lesion, Response, Trial
from calciscope.terms.deposits import Region, Side

KNEE = Lesion(number=1, region=Region.KNEE, side=Side.LEFT)
ARM = Lesion(number=2, region=Region.UPPER_ARM, side=Side.RIGHT)
FOOT = Lesion(number=3, region=Region.UNKNOWN, side=Side.UNKNOWN)


def finding(lesion: Lesion, mass_mg: float | None, longest_mm: float | None = 14.0) -> Finding:
    volume = None if mass_mg is None else mass_mg / 500.0
    return Finding(lesion=lesion, mass_mg=mass_mg, volume_ml=volume, longest_mm=longest_mm)


def assessment(evaluator: int, visit: int, *found: Finding, **changed) -> Assessment:
    said = {
        "subject": "01-001", "visit_number": visit, "scan_on": date(2024 + visit, 3, 10), "evaluator": evaluator,
        "label": f"R-{evaluator}{visit}AAAA", "accepted": evaluator == 1, "evaluable": True, "reason": "", "found": found,
        "absent": (), "not_assessed": (), "mass_mg": sum(one.mass_mg or 0.0 for one in found),
        "volume_ml": sum(one.volume_ml or 0.0 for one in found), "response": None if visit == 1 else Response.INCREASE,
    }  # fmt: skip
    return Assessment(**(said | changed))


def trial(*assessments: Assessment, study: str = "CALC-01") -> Trial:
    made = assessments or (
        assessment(1, 1, finding(KNEE, 412.5), finding(FOOT, 3.0)),
        assessment(1, 2, finding(KNEE, 512.25), finding(ARM, 33.0), not_assessed=(FOOT,)),
        assessment(2, 1, finding(KNEE, 412.5), finding(FOOT, 1e-7, None)),
        assessment(2, 2, finding(ARM, 33.0), absent=(KNEE,), response=Response.DECREASE),
    )
    return Trial(
        study=study, assessments=made, as_of=datetime(2026, 11, 28, 9, 30, tzinfo=UTC), software="calciscope 0.1.0"
    )
