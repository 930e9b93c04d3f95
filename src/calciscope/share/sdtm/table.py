"""An SDTM table: its variables in their order, and its rows as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from calciscope.share.sdtm.assessment import Trial

Value = str | int | float | None
Row = Mapping[str, Value]


class Kind(StrEnum):
    """As SDTM tells characters from numbers."""

    CHARACTER = "Char"
    NUMBER = "Num"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column. ``terms`` is the codelist that its values come from, ``note`` what is ours in it."""

    name: str
    label: str
    kind: Kind = Kind.CHARACTER
    core: str = "Perm"
    terms: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A dataset; ``keys`` sort it and tell its rows apart."""

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    rows: Callable[[Trial], Iterable[Row]]


def identifiers(domain: str) -> tuple[Variable, ...]:
    """What stands in front of every table of findings."""
    return (
        Variable(name="STUDYID", label="Study Identifier", core="Req"),
        Variable(name="DOMAIN", label="Domain Abbreviation", core="Req"),
        Variable(name="USUBJID", label="Unique Subject Identifier", core="Req", note="study and subject number"),
        Variable(name=f"{domain}SEQ", label="Sequence Number", kind=Kind.NUMBER, core="Req"),
        Variable(
            name=f"{domain}REFID", label="Reference ID", note="blinded label of the reading, by which it is found again"
        ),
    )


def numbered(domain: str, study: str, rows: Iterable[tuple[str, Row]]) -> list[Row]:
    """Rows, each with its subject, sorted by subject and numbered within it."""
    counts: dict[str, int] = {}
    found: list[Row] = []
    for subject, row in sorted(rows, key=lambda pair: pair[0]):
        counts[subject] = counts.get(subject, 0) + 1
        front: dict[str, Value] = {"STUDYID": study, "DOMAIN": domain, "USUBJID": f"{study}-{subject}"}
        found.append({**front, f"{domain}SEQ": counts[subject], **row})
    return found


def cells(table: Table, row: Row) -> Sequence[Value]:
    """A row in the order of the table's variables; what it does not say is empty."""
    return [row.get(variable.name) for variable in table.variables]
