"""What a visit still lacks. "Not assessed" is an answer; a field that nobody touched is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from calciscope.record.fact import Fact
from calciscope.record.noun import Of, nouns
from calciscope.record.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A noun that is missing (``fields`` empty), or fields of it that were not asked; ``of`` names a deposit, if one."""

    noun: str
    fields: tuple[str, ...] = ()
    of: str = ""


def completeness(visit_facts: Iterable[Fact], stories: Iterable[Story] = ()) -> tuple[Due, ...]:
    """What is due at a visit, given its facts and the stories of the patient's deposits."""
    standing = [fact for fact in visit_facts if fact.holds]
    present = {fact.noun for fact in standing}
    due = [
        Due(noun=name)
        for name, noun in nouns().items()
        if noun.expected and noun.of is Of.VISIT and name not in present
    ]
    labels = {story.id: story.label for story in stories}
    for fact in standing:
        missing = nouns()[fact.noun].due(fact.data)
        if missing:
            due.append(
                Due(noun=fact.noun, fields=missing, of=labels.get(fact.deposit_id, "") if fact.deposit_id else "")
            )
    seen = {fact.deposit_id for fact in standing if fact.noun == "deposit_finding"}
    due += [
        Due(noun="deposit_finding", of=story.label)
        for story in stories
        if story.stands and not story.ended and story.id not in seen
    ]
    return tuple(due)
