"""Who the patient is, the disease, and whether it is active."""

from __future__ import annotations

from datetime import date

from calciscope.record.picture.held import Held, day, flag, number, value
from calciscope.terms.picture import ActivityState, Diagnosis, DiseaseType, Person, Sex

GROWN_YEARS = 18
YEAR_DAYS = 365.25
SIZE_OF_CHILD_DAYS = 183  # height and weight of a child go into doses and kidney function (judgement)
SIZE_OF_ADULT_DAYS = 731  # judgement
PREGNANCY_DAYS = 280  # a pregnancy that was told longer ago than one lasts is over
NOT_PREGNANT_DAYS = 90  # "not pregnant" is asked again after three months (judgement)
ACTIVITY_DAYS = 366  # a judgement of activity older than a year says nothing of today (judgement)

TYPES = {
    "dm": DiseaseType.DM,
    "adm": DiseaseType.ADM,
    "jdm": DiseaseType.JDM,
    "overlap": DiseaseType.OVERLAP,
    "anti_synthetase": DiseaseType.ANTISYNTHETASE,
    "paraneoplastic_dm": DiseaseType.DM,
    "pm": DiseaseType.PM,
    "other": DiseaseType.OTHER,
}
SPELLED = {"sae1": "SAE", "pm_scl100": "PM_Scl"}  # antibodies that advice knows by another name
NO_ANTIBODY = "none_found"
NO_PANEL = {"ana"}  # a test of its own, which says nothing of the myositis antibodies
FOUND = {"positive", "weakly_positive"}


def person(held: Held, born: date | None) -> Person:
    """Height and weight each from the last time they were measured."""
    sex = value(held.newest("characteristics"), "sex")
    asked = held.newest("reproduction")
    return Person(
        born=born,
        sex=Sex(sex) if sex in set(Sex) else None,
        weight_kg=_size(held, born, "weight_kg", "weight"),
        height_cm=_size(held, born, "height_cm", "height"),
        pregnant=_for_now(held, "pregnant", "whether she is pregnant"),
        childbearing_potential=flag(asked, "childbearing_potential"),
        breastfeeding=_for_now(held, "breastfeeding", "whether she is breastfeeding"),
    )


def diagnosis(held: Held) -> Diagnosis:
    """A date that lacks its day counts from the first of the month or year."""
    found = held.newest("diagnosis")
    kind = TYPES.get(str(value(found, "type")))
    juvenile = value(held.newest("characteristics"), "population") == "juvenile"
    return Diagnosis(
        type=DiseaseType.JADM if kind is DiseaseType.ADM and juvenile else kind,
        onset=day(found, "onset_on", until=held.on),
        treatment_start=day(found, "treated_on", until=held.on),
        antibodies=_antibodies(held),
    )


def activity(held: Held) -> ActivityState | None:
    """The last judgement, if it is of the last year."""
    found = held.newest_with("activity", "state")
    if found is None or not held.still_holds(found, days=ACTIVITY_DAYS, what="activity of the disease"):
        return None
    return ActivityState(str(found.data["state"]))


def _antibodies(held: Held) -> frozenset[str] | None:
    """Those found by the newest result of each; None unless one was found, or a whole panel found none."""
    results = {str(value(fact, "antibody")): str(value(fact, "result")) for fact in held.all("antibody")}
    found = {
        code for code, result in results.items() if result in FOUND and code not in {*NO_PANEL, NO_ANTIBODY, "None"}
    }
    if not found and NO_ANTIBODY not in results:
        return None
    return frozenset(SPELLED.get(code, code) for code in found)


def _size(held: Held, born: date | None, name: str, words: str) -> float | None:
    found = held.newest_with("body_size", name)
    if found is None:
        return None
    grown = born is not None and (held.on - born).days >= GROWN_YEARS * YEAR_DAYS
    if not held.still_holds(found, days=SIZE_OF_ADULT_DAYS if grown else SIZE_OF_CHILD_DAYS, what=words):
        return None
    return number(found, name)


def _for_now(held: Held, name: str, words: str) -> bool | None:
    found = held.newest_with("reproduction", name)
    answer = flag(found, name)
    if found is None or answer is None:
        return None
    return answer if held.still_holds(found, days=PREGNANCY_DAYS if answer else NOT_PREGNANT_DAYS, what=words) else None
