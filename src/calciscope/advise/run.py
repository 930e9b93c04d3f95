"""Advice for one picture: red flags first, then options in the published order of thought, each with its safety gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from calciscope.advise.assess import next_tests, steps_taken, support, weighed
from calciscope.advise.consider import ORDER, consider
from calciscope.advise.contradictions import contradictions
from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.advise.matches import due, risk_factors, trial_matches
from calciscope.advise.safety import Checked, Gate, asked_for
from calciscope.advise.situations import situations
from calciscope.advise.unlocks import unlocks
from calciscope.knowledge import Knowledge
from calciscope.knowledge.model import Level, Therapy
from calciscope.knowledge.words import antibody_key
from calciscope.terms.advice import Advice, Current, Line, NotOffered, Option
from calciscope.terms.assessment import Assessment
from calciscope.terms.picture import INDICATIONS, ROUTES, PatientPicture

UNLOCKS = 3  # missing facts that are named first


def advise(picture: PatientPicture, knowledge: Knowledge) -> Advice:
    """Options to discuss for one patient. Pure: the same picture and knowledge give the same advice."""
    indexed = index(knowledge)
    facts = Facts(picture, knowledge.vocabulary, indexed.classes)
    gate = Gate(facts, knowledge, indexed)
    flagged = [rule for rule in indexed.of_the_patient if gate.weigh(rule).holds]
    red = sorted(
        (rule for rule in flagged if rule.level is Level.RED_FLAG), key=lambda rule: (not rule.urgent, rule.id)
    )
    met = situations(facts)
    urgent = any(rule.urgent for rule in red)
    checked = {one: gate.check(one) for one in knowledge.therapies}
    options = []
    for therapy in knowledge.therapies.values():
        if therapy.offered:
            found = consider(therapy, met, urgent=urgent, stops=checked[therapy.id].of(Level.STOP))
            options.append(_option(therapy, found.line, found.why, found.suits, checked[therapy.id], facts))
    options.sort(key=lambda one: (ORDER.index(one.line), bool(one.stops), one.therapy))
    lines = {one.therapy: one.line for one in options}
    settle = unlocks(lines, checked)
    return Advice(
        as_of=picture.as_of,
        red_flags=tuple(gate.card(rule) for rule in red),
        findings=tuple(gate.card(rule) for rule in flagged if rule.level is Level.FINDING),
        missing=(*settle, *contradictions(picture), *_not_checked(facts, knowledge)),
        options=tuple(options),
        not_offered=tuple(_not_offered(one, knowledge) for one in knowledge.therapies.values() if not one.offered),
        current=_current(facts, gate, knowledge),
        unlocks=settle[:UNLOCKS],
        assessment=_assessment(facts, knowledge, checked, lines),
        knowledge_version=knowledge.version,
    )


def _assessment(
    facts: Facts, knowledge: Knowledge, checked: Mapping[str, Checked], lines: Mapping[str, Line]
) -> Assessment:
    subtypes = weighed(facts, knowledge, subtypes=True)
    supported, because = support(facts, subtypes)
    return Assessment(
        support=supported,
        support_because=because,
        steps=steps_taken(facts, knowledge),
        subtypes=subtypes,
        differential=weighed(facts, knowledge, subtypes=False),
        next_tests=next_tests(facts, knowledge, checked, lines),
        risk_factors=risk_factors(facts, knowledge),
        trials=trial_matches(facts, knowledge),
        due=due(facts, knowledge),
    )


def _option(
    therapy: Therapy, line: Line, why: tuple[str, ...], suits: tuple[int, ...], checked: Checked, facts: Facts
) -> Option:
    return Option(
        therapy=therapy.id,
        title=therapy.title,
        line=line,
        why=why,
        suits=suits,
        evidence=therapy.evidence,
        stops=checked.of(Level.STOP),
        cautions=checked.of(Level.CAUTION),
        monitoring=checked.of(Level.MONITORING),
        information=checked.of(Level.INFORMATION),
        needs_data=asked_for(checked, facts),
        checked=therapy.checked,
        reviewed_by=therapy.reviewed_by,
    )


def _not_offered(therapy: Therapy, knowledge: Knowledge) -> NotOffered:
    return NotOffered(
        therapy=therapy.id,
        title=therapy.title,
        because=therapy.not_offered_because,
        source=knowledge.sources[therapy.not_offered_source].cite,
        verification=therapy.not_offered_verification,
        evidence=therapy.evidence,
    )


def _current(facts: Facts, gate: Gate, knowledge: Knowledge) -> tuple[Current, ...]:
    known = set(knowledge.therapies) | set(knowledge.vocabulary.comedications)
    drugs = sorted({one.therapy for one in facts.picture.medications or ()} & known)
    found = []
    for drug in drugs:
        checked = gate.check(drug)
        paired = set(checked.interactions)
        found.append(
            Current(
                therapy=drug,
                title=knowledge.therapies[drug].title if drug in knowledge.therapies else facts.title(drug),
                stops=checked.of(Level.STOP),
                cautions=tuple(card for card in checked.of(Level.CAUTION) if card not in paired),
                interactions=checked.interactions,
                monitoring=checked.of(Level.MONITORING),
                information=checked.of(Level.INFORMATION),
                needs_data=asked_for(checked, facts),
            )
        )
    return tuple(found)


def _not_checked(facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """Terms that no vocabulary knows, told back one by one."""
    picture, words = facts.picture, knowledge.vocabulary
    drugs = {one.therapy for one in picture.medications or ()} - set(knowledge.therapies) - set(words.comedications)
    conditions = (picture.conditions | picture.conditions_absent) - set(words.conditions)
    tested = picture.diagnosis.antibodies or frozenset()
    antibodies = {one for one in tested if antibody_key(one) not in words.antibody_names}
    terms = [*sorted(conditions), *sorted(drugs), *_taken_how(facts), *facts.other_allergies, *sorted(antibodies)]
    told = [*(f"not checked: {term}" for term in (*picture.unread, *terms)), *facts.results.not_checked]
    return tuple(Counter(told))


def _taken_how(facts: Facts) -> Iterator[str]:
    """Routes and reasons of drugs that no rule knows."""
    for one in facts.picture.medications or ():
        if one.route and one.route not in ROUTES:
            yield f"{facts.title(one.therapy)} (route {one.route})"
        if one.indication and one.indication not in INDICATIONS:
            yield f"{facts.title(one.therapy)} (reason {one.indication})"
