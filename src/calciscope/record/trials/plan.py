"""What a reading plan lays down before anybody reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from calciscope.record.refusals import Problem

STUDY = r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}"
SUBJECT = r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}"
READERS = "readers"  # beside the rules in the record: who is reader 1 and who reader 2
MOST_WASHOUT_DAYS = 365
MOST_SEED = 2**31 - 1
AMENDABLE = ("washout_days", "limit_mg", "limit_percent", "judge_deposits", "judge_events")
"""Rules that an amendment may change. What readers see and what was drawn stay, or readings of one trial would not be alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a trial is read.

    ``double_percent`` of scans are read by both readers, the others by one of them; ``repeat_percent`` of each reader's scans
    come again, under another label, once ``washout_days`` have passed. A third reader decides where two burdens lie apart by
    more than ``limit_mg`` and by more than ``limit_percent`` of their mean, where ``judge_deposits`` and they differ on which
    deposits are calcinosis, or where ``judge_events`` and they differ on what became of a deposit. With ``pairs`` a subject's
    first and last scan are read side by side, their order concealed. ``seed`` makes the order.
    """

    double_percent: int = 100
    repeat_percent: int = 10
    washout_days: int = 14
    limit_percent: float = 10.0
    limit_mg: float = 10.0
    judge_deposits: bool = False
    judge_events: bool = True
    pairs: bool = False
    shows_mass: bool = False
    shows_events: bool = False
    seed: int = 1

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Rules:
        """From what the record holds, which names the readers as well."""
        return cls(**{one.name: kept[one.name] for one in fields(cls) if one.name in kept})

    def kept(self) -> dict[str, Any]:
        """As the record holds it."""
        return asdict(self)

    def problems(self) -> Iterable[Problem]:
        """What cannot be."""
        for name in ("double_percent", "repeat_percent"):
            if not 0 <= getattr(self, name) <= 100:
                yield Problem(field=name, message="This takes 0 to 100 percent.")
        if not 0 <= self.washout_days <= MOST_WASHOUT_DAYS:
            yield Problem(field="washout_days", message=f"This takes 0 to {MOST_WASHOUT_DAYS} days.")
        if not 0 < self.limit_percent <= 200:
            yield Problem(field="limit_percent", message="This takes more than 0 and at most 200 percent.")
        if not 0 <= self.limit_mg <= 1_000_000:
            yield Problem(field="limit_mg", message="This takes 0 to 1,000,000 mg.")
        if not 0 <= self.seed <= MOST_SEED:
            yield Problem(field="seed", message=f"This takes a whole number up to {MOST_SEED}.")
        if self.pairs and self.shows_events:
            message = (
                "What tracking says tells which of two scans is the earlier; leave it out where the order is concealed."
            )
            yield Problem(field="shows_events", message=message)


def name_problems(study: str, subjects: Iterable[str]) -> Iterable[Problem]:
    """What is wrong with the study's and the subjects' identifiers, as SDTM takes them."""
    if not re.fullmatch(STUDY, study):
        yield Problem(field="study", message="Up to 20 letters, digits, dots and hyphens, without a space.")
    named = list(subjects)
    if any(not re.fullmatch(SUBJECT, subject) for subject in named):
        message = "A subject's number takes up to 20 letters, digits, dots and hyphens, without a space."
        yield Problem(field="subjects", message=message)
    if len(set(named)) != len(named):
        yield Problem(field="subjects", message="Two patients have the same subject number.")
