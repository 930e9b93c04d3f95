"""Advice in the order in which it is read: what cannot wait, how sure the diagnosis is, what is missing, what may be discussed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from calciscope.advise import CONTRADICTORY, Alerts, alerts
from calciscope.flows.advise_record import Advised
from calciscope.instruments import classifications_waiting, instrument
from calciscope.knowledge import knowledge
from calciscope.knowledge.model import Dose, Therapy
from calciscope.record.picture.deposits import NamedDeposit
from calciscope.record.picture.relabel import relabelled
from calciscope.terms.advice import Advice, Line, Option
from calciscope.terms.assessment import Assessment, Due, Standing, StepTaken, Support, Weighed
from calciscope.terms.picture import PatientPicture, SeenDeposit
from calciscope.terms.scores import Score

LINES = {
    Line.NOW: "Now: to discuss first",
    Line.NEXT: "Next, if the first do not suffice or do not suit",
    Line.LATER: "Later",
    Line.NOT_SUITED: "Not suited to what is recorded",
}
SUPPORTS = {
    Support.WELL: ("good", "well supported"),
    Support.PARTLY: ("due", "partly supported"),
    Support.DOUBTFUL: ("alert", "doubtful"),
}
STANDINGS = {
    Standing.SUPPORTED: ("good", "speaks for it"),
    Standing.MIXED: ("due", "for and against"),
    Standing.AGAINST: ("plain", "speaks against it"),
}
CLASSES = {
    "none": "no myositis by these criteria",
    "possible": "possible myositis",
    "probable": "probable myositis",
    "definite": "definite myositis",
}
ECHO = "not checked: "


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOption:
    """One option with its deposits, and what the knowledge base says of the therapy itself."""

    option: Option
    deposits: Sequence[NamedDeposit]
    suits: str  # the same deposits in short
    doses: Sequence[Dose]
    therapy: Therapy
    summary_source: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options of one line; ``stopped`` of them have a stop against them."""

    id: str
    title: str
    options: Sequence[ShownOption]
    stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Diagnoses on which something recorded speaks, with a tag; those that are open; and what would decide each."""

    decided: Sequence[tuple[Weighed, str, str]]
    open: Sequence[Weighed]
    asking: Sequence[Weighed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The disease by the classification criteria, in words; ranges while items are missing."""

    words: str
    settled: bool
    score: str
    probability: str
    subgroup: str
    column: str
    missing: Sequence[str]
    answered: int
    cautions: Sequence[str]
    source: str
    verification: str
    waiting: Sequence[tuple[str, str]]  # (title, why) of classifications that cannot be scored yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The whole page."""

    advice: Advice
    assessment: Assessment
    support: tuple[str, str]
    subtypes: Standings
    differential: Standings
    groups: Sequence[Group]
    due: Sequence[Due]
    missing: Sequence[str]
    contradictory: Sequence[str]
    not_checked: Sequence[str]
    known: Sequence[tuple[str, str]]
    steps: Sequence[StepTaken]
    alerts: Alerts
    classification: Classification


def shown(found: Advised) -> Shown:
    """For the page."""
    labels = [one.label for one in found.deposits]
    advice = relabelled(found.advice, labels)
    assessed = advice.assessment
    return Shown(
        advice=advice,
        assessment=assessed,
        support=SUPPORTS[assessed.support],
        subtypes=_standings(assessed.subtypes),
        differential=_standings(assessed.differential),
        groups=[_group(line, advice, found.deposits) for line in Line],
        due=assessed.due,
        missing=[one for one in advice.missing if not one.startswith((ECHO, CONTRADICTORY)) and one not in advice.unlocks],
        contradictory=[one.removeprefix(CONTRADICTORY) for one in advice.missing if one.startswith(CONTRADICTORY)],
        not_checked=[one.removeprefix(ECHO) for one in advice.missing if one.startswith(ECHO)],
        known=_known(found.picture),
        steps=assessed.steps,
        alerts=alerts(advice),
        classification=_classification(found.classified),
    )


def _classification(found: Score) -> Classification:
    said = found.outputs
    titles = {item.key: item.title for item in instrument(found.instrument).items}
    settled = said["class"] is not None
    classes = [str(said["class"])] if settled else [str(one) for one in _pair(said["class_range"])]
    subgroups = [str(said["subgroup"])] if said["subgroup"] else [str(one) for one in _pair(said["subgroups_possible"])]
    return Classification(
        words=CLASSES[classes[0]] if settled else "anything from " + " to ".join(CLASSES[one] for one in classes),
        settled=settled,
        score=_range(said["score_range"], said["score"], ""),
        probability=_range(said["probability_range"], said["probability"], "%"),
        subgroup=" or ".join(one.replace("_", " ") for one in subgroups) or "none",
        column={"no_biopsy": "without a biopsy", "biopsy": "with a biopsy"}.get(
            str(said["column"]), "biopsy not known"
        ),
        missing=[titles.get(one, one) for one in found.missing],
        answered=len(titles) - len(found.missing),
        cautions=found.cautions,
        source=found.source,
        verification=found.verification.value,
        waiting=[(one.title, one.slot) for one in classifications_waiting()],
    )


def _pair(said: object) -> Sequence[object]:
    return said if isinstance(said, list | tuple) else ()


def _range(said: object, value: object, unit: str) -> str:
    """ "0.6 to 23.5", or the one number where all is known; a probability as per cent."""
    ends = [one for one in (_pair(said) or (value,)) if isinstance(one, int | float)]
    words = [f"{100 * one:.0f}" if unit else f"{one:g}" for one in ends]
    return f"{' to '.join(dict.fromkeys(words))}{f' {unit}' if unit else ''}" if words else "not known"


def _standings(weighed: Sequence[Weighed]) -> Standings:
    return Standings(
        decided=[(one, *STANDINGS[one.standing]) for one in weighed if one.standing in STANDINGS],
        open=[one for one in weighed if one.standing not in STANDINGS],
        asking=[one for one in weighed if one.missing],
    )


def _group(line: Line, advice: Advice, deposits: Sequence[NamedDeposit]) -> Group:
    taken = {drug.therapy for drug in advice.current}
    options = [_option(one, deposits, taken=one.therapy in taken) for one in advice.options if one.line is line]
    return Group(
        id=f"line-{line.value}",
        title=LINES[line],
        options=options,
        stopped=sum(bool(one.option.stops) for one in options),
    )


def _option(option: Option, deposits: Sequence[NamedDeposit], *, taken: bool) -> ShownOption:
    known = knowledge()
    therapy = known.therapies[option.therapy]
    suited = [deposits[place] for place in option.suits if place < len(deposits)]
    return ShownOption(
        option=option,
        deposits=suited,
        suits=_in_short(suited),
        doses=therapy.doses,
        therapy=therapy,
        summary_source=known.sources[therapy.summary_source].cite,
        taken=taken,
    )


def _in_short(deposits: Sequence[NamedDeposit]) -> str:
    """ "D01, D04, 12 on the scan of 12 Mar 2026": by name on the body map, by number where only a scan shows them."""
    scans = Counter(one.label.partition(", no. ")[0] for one in deposits if one.from_imaging)
    by_name = [one.label for one in deposits if not one.from_imaging]
    return ", ".join([*by_name, *(f"{count} on the {scan}" for scan, count in scans.items())])


def _known(picture: PatientPicture) -> list[tuple[str, str]]:
    """What advice was given to work with, and what was not known at all."""
    person, disease = picture.patient, picture.diagnosis
    unknown = "not known"
    return [
        ("Diagnosis", disease.type.value if disease.type else unknown),
        ("Activity", picture.activity.value if picture.activity else unknown),
        ("Deposits", unknown if picture.deposits is None else _counted(picture.deposits)),
        (
            "Antibodies",
            unknown
            if disease.antibodies is None
            else ", ".join(sorted(disease.antibodies)) or "panel done, none found",
        ),
        ("Drugs taken", unknown if picture.medications is None else str(len(picture.medications))),
        ("Laboratory tests", str(len(picture.labs)) if picture.labs else unknown),
        ("Conditions asked for", str(len(picture.conditions | picture.conditions_absent))),
        ("Allergies", unknown if picture.allergies is None else ", ".join(sorted(picture.allergies)) or "none known"),
        ("Weight", f"{person.weight_kg:g} kg" if person.weight_kg else unknown),
        ("Height", f"{person.height_cm:g} cm" if person.height_cm else unknown),
    ]


def _counted(deposits: Sequence[SeenDeposit]) -> str:
    on_scans = sum(one.from_imaging for one in deposits)
    return f"{len(deposits)}, {on_scans} of them known from a scan alone" if on_scans else str(len(deposits))
