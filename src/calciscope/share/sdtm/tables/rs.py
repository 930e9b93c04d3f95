"""RS: whether the burden changed beyond error since the scan before, by each evaluator's reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from calciscope.share.sdtm.assessment import Assessment, Response, Trial
from calciscope.share.sdtm.table import Kind, Row, Table, Variable, identifiers, numbered
from calciscope.share.sdtm.words import VISITS_NOTE, evaluation, link_group, timing

DERIVED: Row = {
    "RSTESTCD": "CALCRESP",
    "RSTEST": "Calcinosis Burden Change",
    "RSSCAT": "CHANGE SINCE PREVIOUS SCAN",
    "RSDRVFL": "Y",
}
SIDE_BY_SIDE: Row = {
    "RSTESTCD": "CALCSIDE",
    "RSTEST": "Calcinosis Side by Side",
    "RSSCAT": "TWO SCANS SIDE BY SIDE, ORDER CONCEALED",
}
OURS = "sponsor-defined: no published criteria of response stand behind it"


def _rows(trial: Trial) -> Iterable[Row]:
    return numbered("RS", trial.study, _of(trial))


def _of(trial: Trial) -> Iterator[tuple[str, Row]]:
    ordered = sorted(trial.assessments, key=lambda one: (one.subject, one.evaluator, one.visit_number, one.label))
    for assessment in ordered:
        if assessment.response is not None:
            yield assessment.subject, _row(assessment, assessment.response, DERIVED)
        if assessment.compared is not None:
            yield assessment.subject, _row(assessment, assessment.compared, SIDE_BY_SIDE)


def _row(assessment: Assessment, response: Response, what: Row) -> Row:
    result = response.value
    not_done = response is Response.NOT_EVALUABLE
    said: Row = (
        {"RSSTAT": "NOT DONE", "RSREASND": (assessment.reason or result)[:200]}
        if not_done
        else {"RSORRES": result, "RSSTRESC": result}
    )
    return {
        "RSREFID": assessment.label,
        "RSLNKGRP": link_group(assessment),
        "RSCAT": "CALCISCOPE BURDEN CHANGE",
        **what,
        **said,
        **evaluation("RS", assessment),
        **timing("RS", assessment),
    }


TABLE = Table(
    name="RS",
    label="Disease Response and Clin Classification",
    structure="One record per response assessment per time point per visit per subject per assessor",
    keys=("STUDYID", "USUBJID", "RSEVALID", "VISITNUM", "RSTESTCD"),
    rows=_rows,
    variables=(
        *identifiers("RS"),
        Variable(name="RSLNKGRP", label="Link Group ID", note="the records of TR that it rests on"),
        Variable(
            name="RSTESTCD",
            label="Assessment Short Name",
            core="Req",
            terms="C96782",
            note=f"CALCRESP and CALCSIDE are {OURS}",
        ),
        Variable(name="RSTEST", label="Assessment Name", core="Req", terms="C96781", note=f"{OURS}"),
        Variable(name="RSCAT", label="Category for Assessment", core="Exp", terms="C124298", note=f"{OURS}"),
        Variable(name="RSSCAT", label="Subcategory", note=f"{OURS}"),
        Variable(name="RSORRES", label="Result or Finding in Original Units", core="Exp", note=f"{OURS}"),
        Variable(
            name="RSSTRESC", label="Character Result/Finding in Std Format", core="Exp", terms="C96785", note=OURS
        ),
        Variable(name="RSSTAT", label="Completion Status", terms="C66789"),
        Variable(name="RSREASND", label="Reason Not Done"),
        Variable(name="RSDRVFL", label="Derived Flag", terms="C66742"),
        Variable(name="RSEVAL", label="Evaluator", terms="C78735"),
        Variable(name="RSEVALID", label="Evaluator Identifier", terms="C96777"),
        Variable(name="RSACPTFL", label="Accepted Record Flag", terms="C66742"),
        Variable(name="VISITNUM", label="Visit Number", kind=Kind.NUMBER, core="Exp", note=VISITS_NOTE),
        Variable(name="RSDTC", label="Date/Time of Assessment", core="Exp", terms="ISO 8601", note="the scan's day"),
    ),
)
