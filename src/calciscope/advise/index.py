"""Rules by the therapy they speak of, worked out once for a knowledge base."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from calciscope.knowledge import Knowledge
from calciscope.knowledge.load import drugs_by_name
from calciscope.knowledge.model import ABOUT_THE_PATIENT, Level, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """``about`` holds the rules of a drug without a partner, ``pairs`` its interactions with the drugs on the other side."""

    classes: dict[str, frozenset[str]]
    about: dict[str, tuple[Rule, ...]]
    pairs: dict[str, tuple[tuple[Rule, frozenset[str]], ...]]
    of_the_patient: tuple[Rule, ...]
    monitoring: tuple[Rule, ...]  # those that say when something is due


@lru_cache(maxsize=8)
def index(knowledge: Knowledge) -> Index:
    """The index. An interaction is known from both of its sides, whichever of the two is being considered."""
    about: dict[str, list[Rule]] = {}
    pairs: dict[str, list[tuple[Rule, frozenset[str]]]] = {}
    drugs_known = {one.id for one in knowledge.therapies.values() if one.is_drug}
    every_drug = sorted(drugs_known | set(knowledge.vocabulary.comedications))
    for rule in knowledge.rules.values():
        drugs = every_drug if rule.own_allergy else sorted(rule.therapies)
        for drug in drugs:
            if rule.partner is None:
                about.setdefault(drug, []).append(rule)
            else:
                pairs.setdefault(drug, []).append((rule, rule.partner.therapies - {drug}))
        for drug in sorted(rule.partner.therapies - rule.therapies) if rule.partner else ():
            pairs.setdefault(drug, []).append((rule, rule.therapies - {drug}))
    return Index(
        classes=drugs_by_name(knowledge.therapies.values(), knowledge.vocabulary),
        about={drug: tuple(rules) for drug, rules in about.items()},
        pairs={drug: tuple(found) for drug, found in pairs.items()},
        of_the_patient=tuple(rule for rule in knowledge.rules.values() if rule.level in ABOUT_THE_PATIENT),
        monitoring=tuple(
            rule
            for rule in knowledge.rules.values()
            if rule.level is Level.MONITORING and (rule.once or rule.every_weeks is not None)
        ),
    )
