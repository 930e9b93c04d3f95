"""Words of ours as CDISC spells them, and who evaluated."""

from __future__ import annotations

from calciscope.share.rounding import rounded
from calciscope.share.sdtm.assessment import Assessment, Lesion
from calciscope.share.sdtm.table import Value
from calciscope.terms.deposits import Region, Side

CT_SCAN, READER = "CT SCAN", "INDEPENDENT ASSESSOR"
EVALUATORS = {1: "READER 1", 2: "READER 2", 3: "ADJUDICATOR"}
LATERALITY = {Side.LEFT: "LEFT", Side.RIGHT: "RIGHT"}
VISITS_NOTE = "the subject's scans by date, 1 the first; map to the protocol's visits"


def location(region: Region) -> str:
    """As in the anatomical locations of CDISC (memory): capitals, words apart; empty where it is not known."""
    return "" if region is Region.UNKNOWN else region.value.replace("_", " ").upper()


def link(assessment: Assessment, lesion: Lesion) -> str:
    """A lesion of one evaluator, the same in TU and TR."""
    return f"R{assessment.evaluator}-L{lesion.number:03d}"


def link_group(assessment: Assessment) -> str:
    """What one evaluator's response on one visit rests on."""
    return f"R{assessment.evaluator}-V{assessment.visit_number}"


def evaluation(domain: str, assessment: Assessment) -> dict[str, Value]:
    """Who, and whether this evaluation counts."""
    return {
        f"{domain}EVAL": READER,
        f"{domain}EVALID": EVALUATORS[assessment.evaluator],
        f"{domain}ACPTFL": "Y" if assessment.accepted else None,
    }


def timing(domain: str, assessment: Assessment) -> dict[str, Value]:
    """The scan's place in time and its day, never that of the reading."""
    return {"VISITNUM": assessment.visit_number, f"{domain}DTC": assessment.scan_on.isoformat()}


def spelled(value: float) -> str:
    """A number as characters."""
    return f"{rounded(value):.6g}"
