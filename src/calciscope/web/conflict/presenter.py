"""Both texts of a conflict, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calciscope.record.in_words.fact_words import said
from calciscope.record.noun import noun
from calciscope.record.refusals import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field in both texts."""

    label: str
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.theirs != self.mine


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the other wrote, when, as which version, and every field that either filled in."""

    noun: str
    title: str
    by: str
    at: datetime | None
    version: int
    fields: Sequence[Difference]


def compared(conflict: Conflict, deposits: Sequence[tuple[str, str]] = ()) -> Comparison:
    """For the page."""
    kind = noun(conflict.noun)
    theirs, mine = conflict.theirs.data, conflict.mine
    fields = [
        Difference(
            label=field.label,
            theirs=said(field, theirs.get(field.name), deposits),
            mine=said(field, mine.get(field.name), deposits),
        )
        for field in kind.fields
        if field.name in theirs or field.name in mine
    ]
    return Comparison(
        noun=conflict.noun,
        title=kind.title,
        by=conflict.theirs.by,
        at=datetime.fromisoformat(conflict.theirs.at) if conflict.theirs.at else None,
        version=conflict.theirs.version,
        fields=fields,
    )
