"""The diagnostic assessment of one patient: steps, subtype, what else it could be, causes, trials, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calciscope.terms.scores import Verification


class Done(StrEnum):
    """How far a diagnostic step has come."""

    DONE = "done"
    PARTLY = "partly"
    MISSING = "missing"


class Standing(StrEnum):
    """How a diagnosis stands by what is recorded; never a probability."""

    SUPPORTED = "supported"  # something speaks for it, nothing against
    MIXED = "mixed"
    AGAINST = "against"  # something speaks against it, nothing for it
    OPEN = "open"  # nothing recorded decides


class Support(StrEnum):
    """How well calcinosis cutis in dermatomyositis is supported."""

    WELL = "well"
    PARTLY = "partly"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """One diagnostic step: what is known, and what is not."""

    step: str
    title: str
    done: Done
    known: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One finding and what it speaks for or against."""

    because: str
    inputs: tuple[str, ...]
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A subtype or another diagnosis, with the findings for and against it."""

    diagnosis: str
    title: str
    standing: Standing
    speaks_for: tuple[Point, ...]
    speaks_against: tuple[Point, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTest:
    """A test that would settle something, and why."""

    test: str
    title: str
    because: str
    settles: tuple[str, ...]
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFactor:
    """A cause or risk factor that this patient has; not an individual risk."""

    cause: str
    title: str
    group: str
    effect: str
    n: int | None
    population: str
    watch: str
    inputs: tuple[str, ...]
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialMatch:
    """A trial whose criteria, as far as the picture answers them, this patient meets."""

    trial: str
    title: str
    therapy: str
    design: str
    population: str
    n: int | None
    status: str
    seen_on: str
    result: str
    to_check: tuple[str, ...]
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Monitoring of a drug that is being taken: when it was last recorded, and when it is due."""

    therapy: str
    rule: str
    what: str
    last: date | None
    due: date | None
    overdue: bool | None  # None where the picture does not say when it was last done


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """All of it; ``support`` is about calcinosis cutis in dermatomyositis."""

    support: Support
    support_because: tuple[str, ...]
    steps: tuple[StepTaken, ...]
    subtypes: tuple[Weighed, ...]
    differential: tuple[Weighed, ...]
    next_tests: tuple[NextTest, ...]
    risk_factors: tuple[RiskFactor, ...]
    trials: tuple[TrialMatch, ...]
    due: tuple[Due, ...]
