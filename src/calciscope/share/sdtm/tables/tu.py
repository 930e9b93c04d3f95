"""TU: every deposit once for each evaluator who took it for calcinosis, where it lies and on which scan it was seen first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from calciscope.share.sdtm.assessment import Assessment, Lesion, Trial
from calciscope.share.sdtm.table import Kind, Row, Table, Variable, identifiers, numbered
from calciscope.share.sdtm.words import CT_SCAN, LATERALITY, VISITS_NOTE, evaluation, link, location, timing

MEASURED, NEW = "MEASURED", "NEW"


def _rows(trial: Trial) -> Iterable[Row]:
    return numbered("TU", trial.study, _of(trial))


def _of(trial: Trial) -> Iterator[tuple[str, Row]]:
    """A lesion is identified on the first scan on which this evaluator counted it."""
    seen: set[tuple[str, str]] = set()
    ordered = sorted(trial.assessments, key=lambda one: (one.subject, one.evaluator, one.visit_number, one.label))
    for assessment in ordered:
        for finding in sorted(assessment.found, key=lambda one: one.lesion.number):
            key = (assessment.subject, link(assessment, finding.lesion))
            if key not in seen:
                seen.add(key)
                yield assessment.subject, _row(assessment, finding.lesion)


def _row(assessment: Assessment, lesion: Lesion) -> Row:
    result = MEASURED if assessment.visit_number == 1 else NEW
    return {
        "TUREFID": assessment.label,
        "TULNKID": link(assessment, lesion),
        "TUTESTCD": "LESIDENT",
        "TUTEST": "Lesion Identification",
        "TUORRES": result,
        "TUSTRESC": result,
        "TULOC": location(lesion.region),
        "TULAT": LATERALITY.get(lesion.side),
        "TUMETHOD": CT_SCAN,
        **evaluation("TU", assessment),
        **timing("TU", assessment),
    }


TABLE = Table(
    name="TU",
    label="Tumor/Lesion Identification",
    structure="One record per identified lesion per subject per assessor",
    keys=("STUDYID", "USUBJID", "TUEVALID", "TULNKID"),
    rows=_rows,
    variables=(
        *identifiers("TU"),
        Variable(name="TULNKID", label="Link ID", core="Exp", note="evaluator and deposit; joins TR by TRLNKID"),
        Variable(name="TUTESTCD", label="Tumor/Lesion ID Short Name", core="Req", terms="C96784"),
        Variable(name="TUTEST", label="Tumor/Lesion ID Test Name", core="Req", terms="C96783"),
        Variable(
            name="TUORRES", label="Tumor/Lesion ID Result", core="Exp", note="MEASURED on the first scan, NEW later"
        ),
        Variable(name="TUSTRESC", label="Tumor/Lesion ID Result Std. Format", core="Exp", terms="C123650"),
        Variable(name="TULOC", label="Location of the Tumor/Lesion", core="Exp", terms="C74456"),
        Variable(name="TULAT", label="Laterality", terms="C99073"),
        Variable(name="TUMETHOD", label="Method of Identification", core="Exp", terms="C85492"),
        Variable(name="TUEVAL", label="Evaluator", core="Exp", terms="C78735"),
        Variable(name="TUEVALID", label="Evaluator Identifier", terms="C96777"),
        Variable(name="TUACPTFL", label="Accepted Record Flag", terms="C66742"),
        Variable(name="VISITNUM", label="Visit Number", kind=Kind.NUMBER, core="Exp", note=VISITS_NOTE),
        Variable(name="TUDTC", label="Date/Time of Tumor/Lesion Identification", core="Exp", terms="ISO 8601"),
    ),
)
