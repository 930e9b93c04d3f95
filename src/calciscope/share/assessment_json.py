"""The assessment within the document of advice: steps, subtypes, what else it could be, causes, trials, what is due."""

from __future__ import annotations

from calciscope.terms.assessment import Assessment, Due, NextTest, Point, RiskFactor, StepTaken, TrialMatch, Weighed

NO_INDIVIDUAL_RISK = "Effects in groups of patients; the evidence does not carry a risk of one person."


def assessment_document(assessment: Assessment) -> dict[str, object]:
    """The assessment as plain values."""
    return {
        "support": str(assessment.support),
        "support_because": list(assessment.support_because),
        "steps": [_step(one) for one in assessment.steps],
        "subtypes": [_weighed(one) for one in assessment.subtypes],
        "differential": [_weighed(one) for one in assessment.differential],
        "next_tests": [_next_test(one) for one in assessment.next_tests],
    }


def risk_factors_document(assessment: Assessment) -> dict[str, object]:
    """Causes and risk factors that are there."""
    return {"meaning": NO_INDIVIDUAL_RISK, "present": [_risk_factor(one) for one in assessment.risk_factors]}


def trials_document(assessment: Assessment) -> list[dict[str, object]]:
    """Trials whose criteria are met, or not known yet."""
    return [_trial(one) for one in assessment.trials]


def due_document(assessment: Assessment) -> list[dict[str, object]]:
    """Monitoring of the drugs that are being taken."""
    return [_due(one) for one in assessment.due]


def _step(one: StepTaken) -> dict[str, object]:
    return {
        "step": one.step,
        "title": one.title,
        "done": str(one.done),
        "known": list(one.known),
        "missing": list(one.missing),
    }


def _weighed(one: Weighed) -> dict[str, object]:
    return {
        "diagnosis": one.diagnosis,
        "title": one.title,
        "standing": str(one.standing),
        "for": [_point(point) for point in one.speaks_for],
        "against": [_point(point) for point in one.speaks_against],
        "missing": list(one.missing),
    }


def _point(one: Point) -> dict[str, object]:
    return {
        "because": one.because,
        "inputs": list(one.inputs),
        "source": one.source,
        "verification": str(one.verification),
    }


def _next_test(one: NextTest) -> dict[str, object]:
    return {
        "test": one.test,
        "title": one.title,
        "because": one.because,
        "settles": list(one.settles),
        "source": one.source,
        "verification": str(one.verification),
    }


def _risk_factor(one: RiskFactor) -> dict[str, object]:
    return {
        "cause": one.cause,
        "title": one.title,
        "group": one.group,
        "effect": one.effect,
        "n": one.n,
        "population": one.population,
        "watch": one.watch,
        "inputs": list(one.inputs),
        "source": one.source,
        "verification": str(one.verification),
    }


def _trial(one: TrialMatch) -> dict[str, object]:
    return {
        "trial": one.trial,
        "title": one.title,
        "therapy": one.therapy,
        "design": one.design,
        "population": one.population,
        "n": one.n,
        "status": one.status,
        "seen_on": one.seen_on,
        "result": one.result,
        "to_check": list(one.to_check),
        "source": one.source,
        "verification": str(one.verification),
    }


def _due(one: Due) -> dict[str, object]:
    return {
        "therapy": one.therapy,
        "rule": one.rule,
        "what": one.what,
        "last": one.last.isoformat() if one.last else None,
        "due": one.due.isoformat() if one.due else None,
        "overdue": one.overdue,
    }
