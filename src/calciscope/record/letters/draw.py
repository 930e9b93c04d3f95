"""All that a letter may tell of one patient, from facts as they stand. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.record.banner import Banner
from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.letters import deposits, person, plan, state, treatment
from calciscope.record.noun import noun
from calciscope.record.picture.held import Held
from calciscope.record.stories import stories
from calciscope.record.written_days import written
from calciscope.terms.letter_facts import LetterFacts, Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was read of a patient: facts in their newest versions, every version of the plan, deposits by key and label."""

    banner: Banner
    facts: tuple[Fact, ...]
    plan_versions: tuple[Fact, ...]
    deposits: tuple[tuple[UUID, str], ...]
    sender: Sender


def letter_facts(known: Known, *, on: date) -> LetterFacts:
    """In words. What the knowledge base says of it, and texts for patients, are added by who has them."""
    held = Held.of(known.facts, on)
    now, before = treatment.drugs(held)
    names = [(str(story.id), f"{story.label} {place_of(story)}") for story in stories(held.facts, known.deposits)]
    return LetterFacts(
        day=written(on.isoformat()),
        who=person.who(known.banner, on),
        sender=known.sender,
        disease=person.disease(held),
        antibodies=person.antibodies(held),
        person=person.person(held),
        history=person.history(held),
        activity=state.activity(held),
        active=state.active(held),
        effects=state.effects(held),
        scores=state.scores(held),
        movements=state.movements(held),
        examined=state.examined(held),
        deposits=deposits.deposits(held, known.deposits),
        scans=deposits.scans(held),
        drugs=now,
        past_drugs=before,
        procedures=treatment.procedures(held, names),
        results=treatment.results(held),
        conditions=treatment.listed(held, "condition"),
        allergies=treatment.allergies(held),
        screening=treatment.listed(held, "organ_screening"),
        plan=plan.told_plan(known.facts, known.plan_versions),
        left_out=_left_out(held),
        judged=None,
    )


def _left_out(held: Held) -> tuple[str, ...]:
    """What is in the record and in no letter, by kind and number."""
    untold = Counter(fact.noun for fact in held.facts if fact.noun not in TOLD | SILENT)
    older = Counter(fact.noun for fact in held.facts if fact.noun in NEWEST_ALONE)
    older -= Counter(
        {name: len({str(fact.data.get(key)) for fact in held.all(name)}) for name, key in NEWEST_ALONE.items()}
    )
    counted = [(f"{noun(name).title.lower()}: {count}") for name, count in sorted(untold.items())]
    return (
        *counted,
        *(f"earlier entries of {noun(name).title.lower()}: {count}" for name, count in sorted(older.items())),
    )


TOLD = frozenset(
    {
        "diagnosis", "risk_watch", "antibody", "activity", "skin_effects", "symptoms", "anchor_questions", "instrument_score",
        "examination", "deposit_finding", "deposit_event", "imaging_study", "imaging_measurement", "imaging_comparison",
        "candidate_decision", "medication", "procedure", "procedure_course", "laboratory_result", "condition", "allergy",
        "organ_screening", "plan", "plan_signature", "plan_step", "body_size", "reproduction", "characteristics", "history_item",
        "joint_movement",
    }
)  # fmt: skip
"""Nouns that letters tell of; a fact of another noun is not drawn."""


def sources(facts: Iterable[Fact]) -> Sequence[tuple[str, int]]:
    """(key, version) of every fact that a letter was written from, in a fixed order."""
    return sorted((str(fact.uid), fact.version) for fact in facts if fact.holds and fact.noun in TOLD)


SILENT = frozenset({"visit_details", "letter"})
"""Nouns that say something of the record's own business."""
NEWEST_ALONE = {"laboratory_result": "test", "instrument_score": "instrument", "antibody": "antibody"}
"""Nouns of which the newest entry of each kind is told -> the field that says which kind it is."""
