"""Writes the reference of the SDTM tables from their own definitions."""

from __future__ import annotations

from calciscope.share.sdtm.table import Table
from calciscope.share.sdtm.tables import tables

INTRODUCTION = """What [readers of a trial](../how-to/read-for-a-trial.md) found, as SDTM datasets of the tumor/lesion domains:
`tu`, `tr`, `rs` and `relrec`, each as CSV, as Dataset-JSON 1.1 and as SAS transport file version 5, with `columns.csv` listing
every column. Locked readings alone; a reading that a reader did again is no further assessment and stands in the CSV of readings.
The same readings give the same bytes.

Names, labels, order and core of variables follow SDTMIG 3.4 (secondary: a transcript of the guide's domain specifications), terms
of `TUTESTCD`, `TUSTRESC` and `TRTESTCD` the CDISC terminology (secondary, likewise). Body parts are spelled as CDISC spells them
from memory, and no validator has been run: run yours with your release of the terminology before a submission.

**Sponsor-defined**: `CALCMASS` and `SUMCMASS` (mass of calcium mineral, mg of hydroxyapatite) in `TRTESTCD`, all of `RSTESTCD`,
`RSCAT`, `RSSCAT` and their results, `READER 1` and `READER 2` in `--EVALID`. The codelists of tests are extensible. `VISITNUM`
counts a subject's scans by date.

**What is absent and what is not known.** `TUMSTATE` is `PRESENT` where the evaluator counted the deposit; `ABSENT` where tracking
has shown that its place was scanned and it is gone, or where the evaluator took what is there for something else; `NOT DONE` where
neither can be said. A deposit that was not counted is told of from the scan on where this evaluator saw it first.

**Change.** `CALCRESP` compares the evaluator's own two readings over the deposits that could be followed, against the limit of
[real change](real-change.md) of that pair of scans. It is a statement about measurement, not about benefit: a loss of mineral has a
cause that these tables do not hold. `CALCSIDE` is the evaluator's own word on two scans side by side, said before their order was
known, turned into a change of the later one when it is exported.

**Parts.** What an evaluator split or merged is told of as the deposits that it was made from, with the sum of its parts. What an
evaluator added that the program missed is a deposit of its own on that scan, the same for evaluators who added it within 5 mm."""


def trial_tables_page(generated: str) -> str:
    """Every table with its columns."""
    parts = ["# Tables of a trial", generated, INTRODUCTION]
    for table in tables():
        parts += [f"## {table.name}: {table.label}", _about(table), _columns(table)]
    return "\n\n".join(parts) + "\n"


def _about(table: Table) -> str:
    return f"{table.structure}. Keys: {', '.join(f'`{key}`' for key in table.keys)}."


def _columns(table: Table) -> str:
    rows = [
        f"| `{one.name}` | {one.label} | {one.kind.value} | {one.core} | {one.terms} | {one.note} |"
        for one in table.variables
    ]
    return "\n".join(["| variable | label | type | core | codelist | what is ours |", "|---|---|---|---|---|---|", *rows])
