"""The sentence on top: who, what, how it stands, and what was agreed."""

from __future__ import annotations

from calciscope.share.letter.parts.said import counted, name_of
from calciscope.terms.letter_facts import LetterFacts, PlanState

MOST_PLACES = 4  # named in the sentence; the table names all


def sentence(facts: LetterFacts) -> str:
    """Two sentences at most."""
    who = ", ".join(part for part in (name_of(facts), facts.who.age) if part)
    disease = dict(facts.disease).get("Diagnosis", "")
    with_what = f"with {disease}" if disease else "whose diagnosis is not recorded"
    active = {True: "disease active", False: "disease inactive", None: "activity of the disease not recorded"}[
        facts.active
    ]
    return f"{who}, {with_what}: {_deposits(facts)}; {active} when last judged. {_plan(facts)}".replace(
        "not recorded when last judged", "not recorded"
    )


def _deposits(facts: LetterFacts) -> str:
    there = [one for one in facts.deposits if not one.ended]
    if not there:
        return "no deposit is recorded as present" + (f" ({facts.examined.rstrip('.')})" if facts.examined else "")
    places = list(dict.fromkeys(one.place for one in there if one.place))
    more = len(places) - MOST_PLACES
    named = ", ".join(places[:MOST_PLACES]) + (f" and {counted(more, 'further place')}" if more > 0 else "")
    return f"{counted(len(there), 'deposit')} of calcium" + (f" ({named})" if named else "")


def _plan(facts: LetterFacts) -> str:
    plan = facts.plan
    named = ", ".join(one.title for one in plan.chosen) or "no option chosen"
    if plan.state is PlanState.IN_FORCE:
        review = f"; looked at again on {plan.review_on}" if plan.review_on else "; no review agreed"
        return f"In force since {plan.in_force_on or plan.agreed_on}: {named}{review}."
    if plan.state is PlanState.NONE:
        return "No plan has been agreed."
    if plan.state is PlanState.ENDED:
        return "No plan is in force."
    return f"Drafted, not in force: {named}."
