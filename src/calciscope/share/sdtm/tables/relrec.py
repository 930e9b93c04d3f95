"""RELREC: how the tables join, as links from dataset to dataset."""

from __future__ import annotations

from collections.abc import Iterable

from calciscope.share.sdtm.assessment import Trial
from calciscope.share.sdtm.table import Row, Table, Variable

LINKS = (
    ("TU", "TULNKID", "ONE", "TUTR"),
    ("TR", "TRLNKID", "MANY", "TUTR"),
    ("TR", "TRLNKGRP", "MANY", "TRRS"),
    ("RS", "RSLNKGRP", "ONE", "TRRS"),
)


def _rows(trial: Trial) -> Iterable[Row]:
    return [
        {"STUDYID": trial.study, "RDOMAIN": domain, "IDVAR": by, "RELTYPE": kind, "RELID": name}
        for domain, by, kind, name in LINKS
    ]


TABLE = Table(
    name="RELREC",
    label="Related Records",
    structure="One record per related dataset",
    keys=("RELID", "RDOMAIN", "IDVAR"),
    rows=_rows,
    variables=(
        Variable(name="STUDYID", label="Study Identifier", core="Req"),
        Variable(name="RDOMAIN", label="Related Domain Abbreviation", core="Req"),
        Variable(
            name="USUBJID", label="Unique Subject Identifier", core="Exp", note="empty in links of whole datasets"
        ),
        Variable(name="IDVAR", label="Identifying Variable", core="Req"),
        Variable(
            name="IDVARVAL", label="Identifying Variable Value", core="Exp", note="empty in links of whole datasets"
        ),
        Variable(name="RELTYPE", label="Relationship Type", core="Exp", terms="C78737"),
        Variable(name="RELID", label="Relationship Identifier", core="Req"),
    ),
)
