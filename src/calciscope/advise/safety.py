"""The safety gate: what stops a therapy for this patient, what warns, what has to be watched, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field

from calciscope.advise.facts.fact import plain
from calciscope.advise.facts.table import Facts
from calciscope.advise.index import Index
from calciscope.advise.truth import Verdict, weigh
from calciscope.knowledge import Knowledge
from calciscope.knowledge.model import FactKind, Level, Rule
from calciscope.terms.advice import Card
from calciscope.terms.picture import Medication

DRUGS_ASK = "the list of drugs that are taken"
INTERACTS = frozenset({Level.STOP, Level.CAUTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the rules say of one drug; ``waiting_stops`` and ``waiting_cautions`` weigh, for each
    missing fact, the rules that wait for it."""

    cards: dict[Level, tuple[Card, ...]] = field(default_factory=dict)
    interactions: tuple[Card, ...] = ()
    waiting_stops: dict[str, float] = field(default_factory=dict)
    waiting_cautions: dict[str, float] = field(default_factory=dict)

    def of(self, level: Level) -> tuple[Card, ...]:
        """The cards of a level."""
        return self.cards.get(level, ())


class Gate:
    """All rules of a knowledge base for one patient; each is weighed once."""

    def __init__(self, facts: Facts, knowledge: Knowledge, index: Index) -> None:
        """``index`` belongs to ``knowledge``."""
        self._facts, self._knowledge, self._index = facts, knowledge, index
        self._weighed: dict[str, Verdict] = {}

    def weigh(self, rule: Rule) -> Verdict:
        """The rule's verdict, without its partner."""
        if rule.id not in self._weighed:
            self._weighed[rule.id] = weigh(rule, self._facts)
        return self._weighed[rule.id]

    def card(self, rule: Rule, *inputs: str) -> Card:
        """The card of a rule that holds."""
        return Card(
            rule=rule.id,
            because=rule.because,
            inputs=tuple(dict.fromkeys((*inputs, *self.weigh(rule).inputs))),
            source=self._knowledge.sources[rule.source].cite,
            verification=rule.verification,
        )

    def check(self, drug: str) -> Checked:
        """Everything the rules say of a drug, whether it is taken or considered."""
        cards: dict[Level, list[Card]] = {}
        waiting: dict[Level, dict[str, float]] = {Level.STOP: {}, Level.CAUTION: {}}
        interactions: list[Card] = []
        for rule in self._index.about.get(drug, ()):
            verdict = self._own_allergy(drug) if rule.own_allergy else self.weigh(rule)
            if verdict.holds:
                cards.setdefault(rule.level, []).append(self.card(rule, *verdict.inputs))
            elif verdict.holds is None and rule.level in waiting:
                _count(waiting[rule.level], verdict.asks)
        for rule, others in self._index.pairs.get(drug, ()):
            met, asks = self._pair(rule, drug, others)
            if met:
                card = self.card(rule, *met)
                cards.setdefault(rule.level, []).append(card)
                interactions += [card] if rule.level in INTERACTS else []
            elif asks and rule.level in waiting:
                _count(waiting[rule.level], asks)
        return Checked(
            cards={level: tuple(found) for level, found in cards.items()},
            interactions=tuple(interactions),
            waiting_stops=waiting[Level.STOP],
            waiting_cautions=waiting[Level.CAUTION],
        )

    def _own_allergy(self, drug: str) -> Verdict:
        """Allergy to the drug itself, or to a class it belongs to, as recorded by the name of either."""
        if self._facts.picture.allergies is None:
            return Verdict(holds=None, asks=("allergies",))
        met = sorted(one for one in self._facts.allergies if drug in self._index.classes.get(one, ()))
        return Verdict(holds=bool(met), inputs=tuple(f"allergy to {self._facts.title(one)}" for one in met))

    def _pair(self, rule: Rule, drug: str, others: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(what to show for an interaction that is met, what to find out where it is not known)."""
        verdict = self.weigh(rule)
        if verdict.holds is False:
            return (), ()
        taken = self._facts.picture.medications
        if taken is None:
            return (), (DRUGS_ASK, *verdict.asks)
        met = tuple(_told(self._facts, one) for one in taken if one.therapy in others and self._fits(rule, drug, one))
        if verdict.holds is None:
            return (), verdict.asks if met else ()
        return met, ()

    def _fits(self, rule: Rule, drug: str, entry: Medication) -> bool:
        """Whether dose, route and reason of the partner are such that the rule speaks; what is not known does not excuse."""
        partner = rule.partner
        if partner is None:
            return False
        if entry.therapy not in partner.therapies:  # seen from the other side: the partner is the drug considered
            own = self._facts.taken(drug) or (Medication(therapy=drug),)
            return any(_partner_fits(rule, one) for one in own)
        return _partner_fits(rule, entry)


def _partner_fits(rule: Rule, entry: Medication) -> bool:
    partner = rule.partner
    if partner is None:
        return False
    if partner.indication and entry.indication != partner.indication:
        return False
    if partner.indication_not and entry.indication == partner.indication_not:
        return False
    if partner.route_not and entry.route == partner.route_not:
        return False
    return partner.dose_above is None or entry.dose is None or entry.dose > partner.dose_above


def _told(facts: Facts, entry: Medication) -> str:
    parts = [facts.title(entry.therapy)]
    if entry.dose is not None:
        parts.append(f"{plain(entry.dose)} {entry.unit or ''}".strip())
    parts += [word.replace("_", " ") for word in (entry.route, entry.indication) if word]
    return "takes " + ", ".join(parts)


def _count(counts: dict[str, float], asks: tuple[str, ...]) -> None:
    """One open rule, shared among the facts it waits for: a fact that settles it alone counts most."""
    different = dict.fromkeys(asks)
    for ask in different:
        counts[ask] = counts.get(ask, 0.0) + 1 / len(different)


def asked_for(checked: Checked, facts: Facts) -> tuple[str, ...]:
    """Missing facts of a drug as texts: measurable ones one by one, those of the history together."""
    asks = dict.fromkeys((*checked.waiting_stops, *checked.waiting_cautions))
    titles = {word.title for word in facts.vocabulary.facts.values() if word.kind is FactKind.YES_NO}
    history = [ask for ask in asks if ask in titles]
    single = [ask for ask in asks if ask not in titles]
    return (*single, *([f"present or absent: {'; '.join(history)}"] if history else []))
