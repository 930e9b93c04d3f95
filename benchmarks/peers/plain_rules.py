"""Peer of the advice benchmark, frozen: every rule weighed anew for every therapy it names, no index and no memory."""

from __future__ import annotations

from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.advise.truth import weigh
from calciscope.knowledge import Knowledge
from calciscope.terms.picture import PatientPicture


def walk(picture: PatientPicture, known: Knowledge) -> dict[str, list[str]]:
    """Therapy -> rules without a partner that hold; facts are worked out once for each rule and therapy."""
    classes = index(known).classes
    found: dict[str, list[str]] = {}
    for therapy in known.therapies:
        for rule in known.rules.values():
            if therapy in rule.therapies and rule.partner is None:
                if weigh(rule, Facts(picture, known.vocabulary, classes)).holds:
                    found.setdefault(therapy, []).append(rule.id)
    return found
