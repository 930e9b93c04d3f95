"""Advice for one patient: options to discuss, with reasons, evidence, and what stands against each. Never an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calciscope.terms.assessment import Assessment
from calciscope.terms.scores import Verification


class Line(StrEnum):
    """When an option comes up for discussion, soonest first."""

    NOW = "now"
    NEXT = "next"
    LATER = "later"
    NOT_SUITED = "not_suited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a rule says of this patient: why, on which facts, on whose word, and how well that was verified."""

    rule: str
    because: str
    inputs: tuple[str, ...]
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """What one study found; ``outcome`` holds the counts, ``mismatch`` says where its patients were not of this disease."""

    design: str
    n: int | None
    population: str
    outcome: str
    level: str
    source: str
    verification: Verification
    mismatch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One therapy for this patient. A stop does not hide it: it is shown with the stop."""

    therapy: str
    title: str
    line: Line
    why: tuple[str, ...]
    suits: tuple[int, ...]  # indices of deposits
    evidence: tuple[EvidenceRow, ...]
    stops: tuple[Card, ...]
    cautions: tuple[Card, ...]
    monitoring: tuple[Card, ...]
    information: tuple[Card, ...]
    needs_data: tuple[str, ...]
    checked: date  # when its file was last held against the literature
    reviewed_by: str  # the clinician who reviewed it, or "nobody yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """A therapy that is no option for calcinosis, kept so that nobody looks for it in vain."""

    therapy: str
    title: str
    because: str
    source: str
    verification: Verification
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """A drug that is being taken, and what speaks against it or has to be watched."""

    therapy: str
    title: str
    stops: tuple[Card, ...]
    cautions: tuple[Card, ...]
    interactions: tuple[Card, ...]
    monitoring: tuple[Card, ...]
    information: tuple[Card, ...]
    needs_data: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """All that is said of one picture; the same picture and knowledge give the same advice."""

    as_of: date
    red_flags: tuple[Card, ...]
    findings: tuple[Card, ...]
    missing: tuple[str, ...]
    options: tuple[Option, ...]
    not_offered: tuple[NotOffered, ...]
    current: tuple[Current, ...]
    unlocks: tuple[str, ...]
    assessment: Assessment
    knowledge_version: str
