"""The document of advice, for people and scripts. Options to discuss, never an order."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.share.assessment_json import (
    assessment_document,
    due_document,
    risk_factors_document,
    trials_document,
)
from calciscope.share.score_json import RESEARCH_USE
from calciscope.terms.advice import Advice, Card, Current, EvidenceRow, NotOffered, Option
from calciscope.terms.scores import Score

SCHEMA = "calciscope.advice"
SCHEMA_VERSION = 1
MEANING = "Options to discuss with the treating team, with what speaks for and against each. Not an order, not a prescription."


def advice_document(
    advice: Advice, classified: Score, *, waiting: Sequence[tuple[str, str, str]], version: str
) -> dict[str, object]:
    """The document as plain values; ``classified`` is the score of the disease, ``version`` that of the program.

    ``waiting`` are classifications that cannot be scored yet: id, title and why.
    """
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "research_use": RESEARCH_USE,
        "meaning": MEANING,
        "software": {"name": "calciscope", "version": version},
        "as_of": advice.as_of.isoformat(),
        "red_flags": _cards(advice.red_flags),
        "findings": _cards(advice.findings),
        "missing": list(advice.missing),
        "options": [_option(one) for one in advice.options],
        "not_offered": [_not_offered(one) for one in advice.not_offered],
        "current": [_current(one) for one in advice.current],
        "unlocks": list(advice.unlocks),
        "assessment": assessment_document(advice.assessment),
        "classification": {
            "instrument": classified.instrument,
            **classified.outputs,
            "missing": list(classified.missing),
            "cautions": list(classified.cautions),
            "source": classified.source,
            "verification": str(classified.verification),
            "not_scored": [{"instrument": one, "title": title, "because": why} for one, title, why in waiting],
        },
        "risk_factors": risk_factors_document(advice.assessment),
        "trials": trials_document(advice.assessment),
        "monitoring_due": due_document(advice.assessment),
        "knowledge_version": advice.knowledge_version,
    }


def _cards(cards: tuple[Card, ...]) -> list[dict[str, object]]:
    return [
        {
            "rule": card.rule,
            "because": card.because,
            "inputs": list(card.inputs),
            "source": card.source,
            "verification": str(card.verification),
        }
        for card in cards
    ]


def _option(option: Option) -> dict[str, object]:
    return {
        "therapy": option.therapy,
        "title": option.title,
        "line": str(option.line),
        "why": list(option.why),
        "suits": list(option.suits),
        "evidence": [_evidence(one) for one in option.evidence],
        "stops": _cards(option.stops),
        "cautions": _cards(option.cautions),
        "monitoring": _cards(option.monitoring),
        "information": _cards(option.information),
        "needs_data": list(option.needs_data),
        "checked": option.checked.isoformat(),
        "reviewed_by": option.reviewed_by,
    }


def _evidence(row: EvidenceRow) -> dict[str, object]:
    return {
        "design": row.design,
        "n": row.n,
        "population": row.population,
        "outcome": row.outcome,
        "level": row.level,
        "source": row.source,
        "verification": str(row.verification),
        "mismatch": row.mismatch,
    }


def _not_offered(one: NotOffered) -> dict[str, object]:
    return {
        "therapy": one.therapy,
        "title": one.title,
        "because": one.because,
        "source": one.source,
        "verification": str(one.verification),
        "evidence": [_evidence(row) for row in one.evidence],
    }


def _current(one: Current) -> dict[str, object]:
    return {
        "therapy": one.therapy,
        "title": one.title,
        "stops": _cards(one.stops),
        "cautions": _cards(one.cautions),
        "interactions": _cards(one.interactions),
        "monitoring": _cards(one.monitoring),
        "information": _cards(one.information),
        "needs_data": list(one.needs_data),
    }
