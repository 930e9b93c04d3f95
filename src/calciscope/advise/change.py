"""A change of the knowledge against many patients: only what the change can move is weighed anew.

The slow way is `differences` of two whole pieces of advice; both must agree, and a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from calciscope.advise.consider import consider
from calciscope.advise.difference import Difference, Said, moved, of_drug
from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.advise.safety import Gate
from calciscope.advise.situations import situations
from calciscope.knowledge import Knowledge
from calciscope.knowledge.model import Level, Rule, Therapy
from calciscope.terms.picture import PatientPicture

SAME_DAY = date.min  # of when a file was checked, which moves no advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One file that differs: new (no ``before``), gone (no ``after``) or changed."""

    folder: str
    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """Two versions of the knowledge, which files differ, and the drugs whose advice can differ by it."""

    before: Knowledge
    after: Knowledge
    edits: tuple[Edit, ...]
    drugs: frozenset[str]
    of_the_patient: bool  # red flags or findings can differ


def change(before: Knowledge, after: Knowledge) -> Change:
    """What differs between two versions; wording, sources and dates of a check move no advice and are no edit here."""
    rules = _edited("rules", _rules(before), _rules(after), _said(before.rules) | _said(after.rules))
    therapies = _edited("therapies", _therapies(before), _therapies(after), _titles(before) | _titles(after))
    named = {one.id for one in rules}
    touched = [held.rules[one] for held in (before, after) for one in sorted(named & held.rules.keys())]
    drugs = {one.id for one in therapies}
    for rule in touched:
        drugs |= rule.therapies | (rule.partner.therapies if rule.partner else frozenset())
    flags = any(rule.level in (Level.RED_FLAG, Level.FINDING) for rule in touched)
    words = _words(before) != _words(after) or any(rule.own_allergy for rule in touched)
    if words or any(rule.urgent for rule in touched):
        drugs = {*before.therapies, *after.therapies, *before.vocabulary.comedications, *after.vocabulary.comedications}
    edits = (*rules, *therapies, *_words_edited(before, after))
    return Change(before=before, after=after, edits=edits, drugs=frozenset(drugs), of_the_patient=flags or words)


def differences_by(change: Change, picture: PatientPicture) -> tuple[Difference, ...]:
    """What would differ for one patient: red flags and findings first, then drugs by name; nothing where both say the same."""
    first, second = _Weighed(change.before, picture), _Weighed(change.after, picture)
    found = [_of_patient(first, second)] if change.of_the_patient else []
    found += [of_drug(drug, first.said(drug), second.said(drug)) for drug in sorted(change.drugs)]
    return tuple(one for one in found if one is not None)


class _Weighed:
    """One version of the knowledge at one patient."""

    def __init__(self, knowledge: Knowledge, picture: PatientPicture) -> None:
        indexed = index(knowledge)
        facts = Facts(picture, knowledge.vocabulary, indexed.classes)
        self._knowledge = knowledge
        self._gate = Gate(facts, knowledge, indexed)
        self.flagged = [rule for rule in indexed.of_the_patient if self._gate.weigh(rule).holds]
        self._urgent = any(rule.urgent and rule.level is Level.RED_FLAG for rule in self.flagged)
        self._met = situations(facts)
        self._taken = {one.therapy for one in picture.medications or ()}

    def said(self, drug: str) -> Said:
        therapy = self._knowledge.therapies.get(drug)
        offered = therapy is not None and therapy.offered
        known = therapy is not None or drug in self._knowledge.vocabulary.comedications
        if not offered and not (known and drug in self._taken):
            return Said()
        checked = self._gate.check(drug)
        stops, cautions = checked.of(Level.STOP), checked.of(Level.CAUTION)
        line = None
        if therapy is not None and offered:
            line = consider(therapy, self._met, urgent=self._urgent, stops=stops).line
        return Said(line, frozenset(one.rule for one in stops), frozenset(one.rule for one in cautions))

    def rules(self, level: Level) -> frozenset[str]:
        return frozenset(rule.id for rule in self.flagged if rule.level is level)


def _of_patient(first: _Weighed, second: _Weighed) -> Difference | None:
    flags = moved(first.rules(Level.RED_FLAG), second.rules(Level.RED_FLAG))
    findings = moved(first.rules(Level.FINDING), second.rules(Level.FINDING))
    if not any((*flags, *findings)):
        return None
    return Difference(
        therapy=None, stops_gone=flags[0], stops_new=flags[1], cautions_gone=findings[0], cautions_new=findings[1]
    )


def _rules(knowledge: Knowledge) -> dict[str, Rule]:
    """By what moves advice alone."""
    return {
        one.id: replace(
            one, because="", source="", jurisdiction="", checked=SAME_DAY, check_months=None, fires={}, silent={}
        )
        for one in knowledge.rules.values()
    }


def _therapies(knowledge: Knowledge) -> dict[str, tuple[object, ...]]:
    return {one.id: _moving(one) for one in knowledge.therapies.values()}


def _moving(one: Therapy) -> tuple[object, ...]:
    return one.offered, tuple((each.situations, each.line, each.in_urgency) for each in one.places)


def _words(knowledge: Knowledge) -> tuple[object, ...]:
    """Vocabulary and classes of drugs: a change there can move anything."""
    return knowledge.vocabulary, {one.id: one.classes for one in knowledge.therapies.values()}


def _said(rules: Mapping[str, Rule]) -> dict[str, str]:
    return {one.id: one.because for one in rules.values()}


def _titles(knowledge: Knowledge) -> dict[str, str]:
    return {one.id: one.title for one in knowledge.therapies.values()}


def _edited(
    folder: str, before: Mapping[str, object], after: Mapping[str, object], words: Mapping[str, str]
) -> list[Edit]:
    return [
        Edit(
            folder=folder, id=one, before=words[one] if one in before else "", after=words[one] if one in after else ""
        )
        for one in sorted(before.keys() | after.keys())
        if before.get(one) != after.get(one)
    ]


def _words_edited(before: Knowledge, after: Knowledge) -> list[Edit]:
    if _words(before) == _words(after):
        return []
    return [Edit(folder="vocabulary", id="words and classes of drugs", before=before.version, after=after.version)]
