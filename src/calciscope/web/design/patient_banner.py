"""What stands on top of every page of a patient: who it is, what the disease is, what to look out for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.queries.patients import PatientPage
from calciscope.record.stories import stories
from calciscope.record.vocabulary import words

POSITIVE = ("positive", "weakly_positive")
CHILD_YEARS = 18
WATCHED_STATES = {
    "ulcerated": "ulcerated",
    "infection_suspected": "infection suspected",
    "infection_confirmed": "infection confirmed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientBanner:
    """The banner; what is not recorded says so."""

    id: UUID
    name: str
    born_on: date | None
    age: str
    numbers: str
    diagnosis: str
    subtype: str
    antibodies: str
    alerts: Sequence[tuple[str, str]]
    synthetic: bool
    glass_until: datetime | None


def age(born_on: date | None, today: date) -> str:
    """Years; for small children months as well."""
    if born_on is None:
        return ""
    months = (today.year - born_on.year) * 12 + today.month - born_on.month - (today.day < born_on.day)
    return f"{months // 12} years" if months >= 36 else f"{months} months"


def child(born_on: date | None, today: date) -> bool:
    """Whether the patient is known to be under 18."""
    return (
        born_on is not None
        and (today.year - born_on.year) - ((today.month, today.day) < (born_on.month, born_on.day)) < CHILD_YEARS
    )


def patient_banner(page: PatientPage, *, today: date | None = None) -> PatientBanner:
    """From the whole page of a patient."""
    day = today or date.today()
    facts = [fact for fact in page.facts if fact.holds]
    diagnosis = newest(facts, "diagnosis")
    who = page.banner
    return PatientBanner(
        id=who.id,
        name=", ".join(part for part in (who.family_name, who.given_name) if part) or "Identity erased",
        born_on=who.born_on,
        age=age(who.born_on, day),
        numbers=", ".join(who.numbers),
        diagnosis=words("diagnoses").get(str(diagnosis.data["type"]), "") if diagnosis else "",
        subtype=str(diagnosis.data.get("calcinosis_subtype", "")).replace("_", " ") if diagnosis else "",
        antibodies=", ".join(_antibodies(facts)),
        alerts=[*_alerts(facts), *_deposit_alerts(page)],
        synthetic=who.synthetic,
        glass_until=page.glass_until,
    )


def newest(facts: Iterable[Fact], noun: str) -> Fact | None:
    """The fact of this noun that was true last, as far as the record knows."""
    found = [fact for fact in facts if fact.noun == noun and fact.holds]
    return max(found, key=lambda fact: (fact.effective_on or date.min, fact.at), default=None)


def _antibodies(facts: Sequence[Fact]) -> list[str]:
    names = words("antibodies")
    results = {str(fact.data["antibody"]): str(fact.data["result"]) for fact in facts if fact.noun == "antibody"}
    return [
        names.get(code, code) + (" (weak)" if result != "positive" else "")
        for code, result in results.items()
        if result in POSITIVE
    ]


def _alerts(facts: Sequence[Fact]) -> list[tuple[str, str]]:
    found = []
    for fact in facts:
        if fact.noun == "allergy" and fact.data.get("answer") == "present":
            grave = fact.data.get("severity") in ("severe", "life_threatening")
            found.append(("alert" if grave else "due", f"Allergy: {fact.data.get('substance', 'not named')}"))
    reproduction = newest(facts, "reproduction")
    if reproduction and reproduction.data.get("pregnant") is True:
        found.append(("alert", "Pregnant"))
    if reproduction and reproduction.data.get("breastfeeding") is True:
        found.append(("due", "Breastfeeding"))
    return found


def _deposit_alerts(page: PatientPage) -> list[tuple[str, str]]:
    told = stories(page.facts, page.deposits)
    found = [(story.label, WATCHED_STATES[story.state]) for story in told if story.state in WATCHED_STATES]
    return [("alert", f"{label} {state}") for label, state in found]
