"""Risk factors this patient has, trials whose criteria they meet, and what monitoring is due."""

from __future__ import annotations

from datetime import date, timedelta

from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.advise.truth import all_of, condition_verdict
from calciscope.knowledge import Knowledge
from calciscope.knowledge.model import Rule
from calciscope.terms.assessment import Due, RiskFactor, TrialMatch


def risk_factors(facts: Facts, knowledge: Knowledge) -> tuple[RiskFactor, ...]:
    """Causes and risk factors that are there. No individual risk: the evidence does not carry one."""
    found = []
    for one in knowledge.causes.values():
        verdict = all_of([condition_verdict(each, facts) for each in one.when])
        if verdict.holds:
            found.append(
                RiskFactor(
                    cause=one.id,
                    title=one.title,
                    group=one.group,
                    effect=one.effect,
                    n=one.n,
                    population=one.population,
                    watch=one.watch,
                    inputs=verdict.inputs,
                    source=knowledge.sources[one.source].cite,
                    verification=one.verification,
                )
            )
    return tuple(found)


def trial_matches(facts: Facts, knowledge: Knowledge) -> tuple[TrialMatch, ...]:
    """Trials that may take patients and whose criteria are met or not known yet; ``to_check`` names the latter."""
    found = []
    for one in knowledge.trials.values():
        verdicts = [condition_verdict(each, facts) for each in one.when]
        if not one.open or any(each.holds is False for each in verdicts):
            continue
        asks = tuple(dict.fromkeys(ask for each in verdicts if each.holds is None for ask in each.asks))
        found.append(
            TrialMatch(
                trial=one.id,
                title=one.title,
                therapy=one.therapy,
                design=one.design,
                population=one.population,
                n=one.n,
                status=one.status,
                seen_on=one.seen_on,
                result=one.result,
                to_check=asks,
                source=knowledge.sources[one.source].cite,
                verification=one.verification,
            )
        )
    return tuple(found)


def due(facts: Facts, knowledge: Knowledge) -> tuple[Due, ...]:
    """Monitoring of the drugs that are being taken, the most overdue first; what is done once is due until it was."""
    taken = {one.therapy for one in facts.picture.medications or ()}
    found = []
    for rule in index(knowledge).monitoring:
        drugs = sorted(taken & rule.therapies)
        if not drugs or any(condition_verdict(each, facts).holds is False for each in rule.when):
            continue
        last = _last(facts, rule)
        if rule.once and last is not None:
            continue
        when = last + timedelta(weeks=rule.every_weeks) if last and rule.every_weeks else None
        found += [
            Due(
                therapy=drug,
                rule=rule.id,
                what=rule.because,
                last=last,
                due=when,
                overdue=None if when is None else when < facts.picture.as_of,
            )
            for drug in drugs
        ]
    return tuple(sorted(found, key=lambda one: (one.due or date.min, one.therapy, one.rule)))


def _last(facts: Facts, rule: Rule) -> date | None:
    """The day on which all of it had been looked at; None where a part never was, or where nothing is named."""
    screened = dict(facts.picture.screened)
    days = [found.day if (found := facts.results.newest(one)) else None for one in rule.measures]
    days += [screened.get(one) for one in rule.screens]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None
