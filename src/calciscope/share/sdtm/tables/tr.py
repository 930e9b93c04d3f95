"""TR: mass, volume and longest diameter of every deposit on every scan, whether it is there, and the sums of each reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calciscope.share.rounding import rounded
from calciscope.share.sdtm.assessment import Assessment, Finding, Lesion, Trial
from calciscope.share.sdtm.table import Kind, Row, Table, Variable, identifiers, numbered
from calciscope.share.sdtm.words import CT_SCAN, VISITS_NOTE, evaluation, link, link_group, spelled, timing

NOT_DONE = "NOT DONE"
NOT_SEEN = "NOT EVALUABLE: NOT SHOWN BY THIS SCAN, OR NOT FOLLOWED TO IT"
OURS = "CALCMASS and SUMCMASS are sponsor-defined: no term of C96779 stands for the mass of mineral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What is measured, in its unit."""

    code: str
    name: str
    unit: str


MASS = Test(code="CALCMASS", name="Calcium Mineral Mass", unit="mg")
VOLUME = Test(code="VOLUME", name="Volume", unit="mL")
LONGEST = Test(code="LDIAM", name="Longest Diameter", unit="mm")
SUM_MASS = Test(code="SUMCMASS", name="Sum of Calcium Mineral Mass", unit="mg")
SUM_VOLUME = Test(code="SUMVOL", name="Sum of Volume", unit="mL")
STATE = Test(code="TUMSTATE", name="Tumor State", unit="")


def _rows(trial: Trial) -> Iterable[Row]:
    return numbered("TR", trial.study, _of(trial))


def _of(trial: Trial) -> Iterator[tuple[str, Row]]:
    """A lesion is told of from the scan on that this evaluator identified it on, so that every link is one of TU."""
    known: dict[tuple[str, int], set[Lesion]] = {}
    ordered = sorted(trial.assessments, key=lambda one: (one.subject, one.evaluator, one.visit_number, one.label))
    for assessment in ordered:
        before = known.setdefault((assessment.subject, assessment.evaluator), set())
        for row in _of_one(assessment, before):
            yield assessment.subject, row
        before.update(finding.lesion for finding in assessment.found)


def _of_one(assessment: Assessment, before: set[Lesion]) -> Iterator[Row]:
    if not assessment.evaluable:
        yield _not_done(assessment, SUM_MASS, None, assessment.reason or "NOT EVALUABLE")
        return
    for finding in sorted(assessment.found, key=lambda one: one.lesion.number):
        yield _said(assessment, STATE, finding.lesion, "PRESENT")
        yield from _measures(assessment, finding)
    for lesion in sorted(before & set(assessment.absent), key=lambda one: one.number):
        yield _said(assessment, STATE, lesion, "ABSENT")
    for lesion in sorted(before & set(assessment.not_assessed), key=lambda one: one.number):
        yield _not_done(assessment, STATE, lesion, NOT_SEEN)
    for test, value in ((SUM_MASS, assessment.mass_mg), (SUM_VOLUME, assessment.volume_ml)):
        if value is None:
            yield _not_done(assessment, test, None, "NOT EVALUABLE: A DEPOSIT COULD NOT BE MEASURED")
        else:
            yield _number(assessment, test, None, value)


def _measures(assessment: Assessment, finding: Finding) -> Iterator[Row]:
    for test, value in ((MASS, finding.mass_mg), (VOLUME, finding.volume_ml), (LONGEST, finding.longest_mm)):
        if value is not None:
            yield _number(assessment, test, finding.lesion, value)


def _number(assessment: Assessment, test: Test, lesion: Lesion | None, value: float) -> Row:
    text = spelled(value)
    numbers = {"TRORRESU": test.unit, "TRSTRESN": rounded(value), "TRSTRESU": test.unit}
    return {**_said(assessment, test, lesion, text), **numbers}


def _said(assessment: Assessment, test: Test, lesion: Lesion | None, result: str) -> Row:
    return {**_frame(assessment, test, lesion), "TRORRES": result, "TRSTRESC": result}


def _not_done(assessment: Assessment, test: Test, lesion: Lesion | None, reason: str) -> Row:
    return {**_frame(assessment, test, lesion), "TRSTAT": NOT_DONE, "TRREASND": reason[:200]}


def _frame(assessment: Assessment, test: Test, lesion: Lesion | None) -> Row:
    return {
        "TRREFID": assessment.label,
        "TRLNKID": link(assessment, lesion) if lesion else None,
        "TRLNKGRP": link_group(assessment),
        "TRTESTCD": test.code,
        "TRTEST": test.name,
        "TRMETHOD": CT_SCAN,
        **evaluation("TR", assessment),
        **timing("TR", assessment),
    }


TABLE = Table(
    name="TR",
    label="Tumor/Lesion Results",
    structure="One record per lesion measurement or assessment per visit per subject per assessor",
    keys=("STUDYID", "USUBJID", "TREVALID", "VISITNUM", "TRLNKID", "TRTESTCD"),
    rows=_rows,
    variables=(
        *identifiers("TR"),
        Variable(name="TRLNKID", label="Link ID", core="Exp", note="the deposit in TU; empty for sums"),
        Variable(name="TRLNKGRP", label="Link Group ID", note="what a response in RS rests on"),
        Variable(name="TRTESTCD", label="Tumor/Lesion Assessment Short Name", core="Req", terms="C96779", note=OURS),
        Variable(name="TRTEST", label="Tumor/Lesion Assessment Test Name", core="Req", terms="C96778", note=OURS),
        Variable(name="TRORRES", label="Result or Finding in Original Units", core="Exp"),
        Variable(name="TRORRESU", label="Original Units", core="Exp", terms="C71620", note="mg of hydroxyapatite"),
        Variable(name="TRSTRESC", label="Character Result/Finding in Std Format", core="Exp", terms="C124309"),
        Variable(name="TRSTRESN", label="Numeric Result/Finding in Standard Units", kind=Kind.NUMBER, core="Exp"),
        Variable(name="TRSTRESU", label="Standard Units", core="Exp", terms="C71620"),
        Variable(name="TRSTAT", label="Completion Status", terms="C66789"),
        Variable(name="TRREASND", label="Reason Not Done"),
        Variable(name="TRMETHOD", label="Method Used to Identify the Tumor/Lesion", core="Exp", terms="C85492"),
        Variable(name="TREVAL", label="Evaluator", core="Exp", terms="C78735"),
        Variable(name="TREVALID", label="Evaluator Identifier", terms="C96777"),
        Variable(name="TRACPTFL", label="Accepted Record Flag", terms="C66742"),
        Variable(name="VISITNUM", label="Visit Number", kind=Kind.NUMBER, core="Exp", note=VISITS_NOTE),
        Variable(name="TRDTC", label="Date/Time of Tumor/Lesion Measurement", core="Exp", terms="ISO 8601"),
    ),
)
