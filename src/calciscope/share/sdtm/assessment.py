"""What the tables are made from: one assessment a scan and evaluator, by subject number. No name has a place in these types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from calciscope.terms.deposits import Region, Side


class Response(StrEnum):
    """Change of the burden since the scan before, against the limit of real change."""

    INCREASE = "INCREASE"
    DECREASE = "DECREASE"
    NO_CHANGE = "NO CHANGE BEYOND ERROR"
    NOT_EVALUABLE = "NOT EVALUABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """A deposit of one subject, the same through all scans; ``number`` counts within the subject from 1."""

    number: int
    region: Region
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A lesion as an evaluator took it for calcinosis on one scan; sums over its parts, None where one could not be measured."""

    lesion: Lesion
    mass_mg: float | None
    volume_ml: float | None
    longest_mm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One locked reading of one scan. ``evaluator`` is 1 or 2, or 3 for the third reader.

    ``absent`` are lesions of another scan of which tracking has shown that they are gone here; ``not_assessed`` those of
    which it could not be said. ``response`` is None on a subject's first scan; ``compared`` is the evaluator's own word on two scans
    side by side, None where they were read apart.
    """

    subject: str
    visit_number: int
    scan_on: date
    evaluator: int
    label: str
    accepted: bool
    evaluable: bool
    reason: str
    found: Sequence[Finding]
    absent: Sequence[Lesion]
    not_assessed: Sequence[Lesion]
    mass_mg: float | None
    volume_ml: float | None
    response: Response | None
    compared: Response | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Everything of a study; ``as_of`` is when the last reading was locked, so that the same readings give the same bytes."""

    study: str
    assessments: Sequence[Assessment]
    as_of: datetime
    software: str
