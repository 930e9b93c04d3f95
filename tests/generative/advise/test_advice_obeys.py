"""Whatever the picture: more against a drug never softens a stop, missing facts never excuse, order does not matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from calciscope.advise import advise
from calciscope.knowledge import knowledge
from calciscope.knowledge.model import Level
from calciscope.terms.advice import Advice, Line
from calciscope.terms.deposits import Layer, Region
from calciscope.terms.picture import (
    ActivityState,
    DepositForm,
    DepositState,
    Diagnosis,
    DiseaseType,
    Lab,
    Medication,
    PatientPicture,
    Person,
    SeenDeposit,
    Sex,
)

KNOWN = knowledge()
AS_OF = date(2026, 11, 23)
DRUGS = sorted({*KNOWN.therapies, *KNOWN.vocabulary.comedications})
EXCUSES = {
    criterion.fact
    for rule in KNOWN.rules.values()
    for condition in rule.unless
    for alternative in condition.alternatives
    for criterion in alternative
}
ADVERSE = sorted(set(KNOWN.vocabulary.conditions) - EXCUSES)
UNTIL_LOOKED_FOR = {"rituximab-hepatitis-b-unscreened"}  # a stop until a result is there, whatever the result
LAB_VALUES = {
    "creatinine": ("mg/dL", 0.2, 6.0),
    "neutrophils": ("/uL", 100, 8000),
    "lymphocytes": ("/uL", 100, 5000),
    "platelets": ("/uL", 10_000, 400_000),
    "haemoglobin": ("g/dL", 5, 16),
    "alt": ("U/L", 5, 400),
    "ck": ("U/L", 20, 4000),
    "calcium": ("mg/dL", 6, 13),
    "albumin": ("g/dL", 2, 5),
    "phosphate": ("mg/dL", 1, 9),
    "qtc": ("ms", 350, 560),
}
SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


@st.composite
def labs(draw: st.DrawFn) -> tuple[Lab, ...]:
    found = []
    for name in draw(st.sets(st.sampled_from(sorted(LAB_VALUES)))):
        unit, low, high = LAB_VALUES[name]
        value = draw(st.floats(low, high))
        day = AS_OF - timedelta(days=draw(st.integers(0, 400)))
        limits = draw(st.booleans())
        found.append(
            Lab(
                loinc=None, name=name, value=value, unit=unit, day=day,
                low=low + (high - low) * 0.3 if limits else None, high=low + (high - low) * 0.6 if limits else None,
            )
        )  # fmt: skip
    return tuple(found)


deposits = st.builds(
    SeenDeposit,
    site=maybe(st.sampled_from(Region)),
    layer=maybe(st.sampled_from(Layer)),
    form=maybe(st.sampled_from(DepositForm)),
    longest_mm=maybe(st.floats(1, 300)),
    symptomatic=maybe(st.booleans()),
    states=maybe(st.frozensets(st.sampled_from(DepositState), max_size=4)),
)
medications = st.builds(
    Medication,
    therapy=st.sampled_from(DRUGS),
    dose=maybe(st.floats(0, 100)),
    unit=maybe(st.sampled_from(["mg/week", "mg/day", "mg/kg/day"])),
    indication=maybe(st.sampled_from(["treatment", "prophylaxis", "other_disease"])),
)
persons = st.builds(
    Person,
    born=maybe(st.dates(date(1940, 1, 1), AS_OF)),
    sex=maybe(st.sampled_from(Sex)),
    weight_kg=maybe(st.floats(3, 120)),
    height_cm=maybe(st.floats(45, 200)),
    pregnant=maybe(st.booleans()),
    childbearing_potential=maybe(st.booleans()),
    breastfeeding=maybe(st.booleans()),
)
pictures = st.builds(
    PatientPicture,
    as_of=st.just(AS_OF),
    patient=persons,
    diagnosis=st.builds(
        Diagnosis,
        type=maybe(st.sampled_from(DiseaseType)),
        onset=maybe(st.dates(date(2000, 1, 1), AS_OF)),
        treatment_start=maybe(st.dates(date(2000, 1, 1), AS_OF)),
        antibodies=maybe(st.frozensets(st.sampled_from(sorted(KNOWN.vocabulary.antibodies)), max_size=2)),
    ),
    activity=maybe(st.sampled_from(ActivityState)),
    deposits=maybe(st.lists(deposits, max_size=4).map(tuple)),
    labs=labs(),
    medications=maybe(st.lists(medications, max_size=5, unique_by=lambda one: one.therapy).map(tuple)),
    conditions=st.frozensets(st.sampled_from(sorted(KNOWN.vocabulary.conditions)), max_size=6),
    conditions_absent=st.frozensets(st.sampled_from(sorted(KNOWN.vocabulary.conditions)), max_size=6),
    allergies=maybe(st.frozensets(st.sampled_from(sorted(KNOWN.vocabulary.allergies)), max_size=2)),
)


def stops(advice: Advice) -> dict[str, set[str]]:
    found = {option.therapy: {card.rule for card in option.stops} for option in advice.options}
    for one in advice.current:
        found[one.therapy] = found.get(one.therapy, set()) | {card.rule for card in one.stops}
    return found


@SETTINGS
@given(
    picture=pictures,
    more=st.frozensets(st.sampled_from(ADVERSE), min_size=1, max_size=4),
    drug=medications,
    allergy=st.sampled_from(sorted(KNOWN.vocabulary.allergies)),
)
def test_more_contraindications_never_remove_or_soften_a_stop(
    picture: PatientPicture, more: frozenset[str], drug: Medication, allergy: str
) -> None:
    taken = picture.medications or ()
    add = () if drug.therapy in {one.therapy for one in taken} else (drug,)
    worse = replace(
        picture,
        conditions=picture.conditions | more,
        medications=(*taken, *add) if picture.medications is not None else None,
        allergies=None if picture.allergies is None else picture.allergies | {allergy},
    )
    before, after = advise(picture, KNOWN), advise(worse, KNOWN)
    held, holds = stops(before), stops(after)
    for therapy, rules in held.items():
        assert rules - UNTIL_LOOKED_FOR <= holds[therapy]
        assert not rules or holds[therapy]
    lines = {option.therapy: option.line for option in after.options}
    assert all(lines[therapy] is Line.NOT_SUITED for therapy, rules in holds.items() if rules and therapy in lines)


@SETTINGS
@given(picture=pictures, data=st.data())
def test_missing_data_never_removes_a_stop(picture: PatientPicture, data: st.DataObject) -> None:
    blanks = {
        "labs": (),
        "patient": Person(),
        "deposits": None,
        "medications": None,
        "allergies": None,
        "conditions": frozenset(),
        "conditions_absent": frozenset(),
    }
    names = data.draw(st.sets(st.sampled_from(sorted(blanks)), min_size=1))
    poorer = replace(picture, **{name: blanks[name] for name in names})
    before, after = advise(picture, KNOWN), advise(poorer, KNOWN)
    options = {option.therapy: option for option in after.options}
    for option in before.options:
        now = options[option.therapy]
        lost = {card.rule for card in option.stops} - {card.rule for card in now.stops}
        assert not lost or now.stops or now.needs_data


@SETTINGS
@given(picture=pictures, data=st.data())
def test_the_order_of_facts_is_irrelevant(picture: PatientPicture, data: st.DataObject) -> None:
    shuffled = replace(
        picture,
        labs=tuple(data.draw(st.permutations(picture.labs))),
        medications=None if picture.medications is None else tuple(data.draw(st.permutations(picture.medications))),
    )
    first, second = advise(picture, KNOWN), advise(shuffled, KNOWN)
    assert stops(first) == stops(second)
    assert [option.therapy for option in first.options] == [option.therapy for option in second.options]
    assert set(first.missing) == set(second.missing)
    assert first.unlocks == second.unlocks


@SETTINGS
@given(picture=pictures)
def test_a_drug_never_meets_its_own_hard_stop_unseen(picture: PatientPicture) -> None:
    advice = advise(picture, KNOWN)
    options = {option.therapy: option for option in advice.options}
    current = {one.therapy: one for one in advice.current}
    for entry in picture.medications or ():
        assert entry.therapy in current
        if entry.therapy in options:
            assert set(options[entry.therapy].stops) == set(current[entry.therapy].stops)


@SETTINGS
@given(picture=pictures)
def test_stops_are_those_of_a_plain_walk_over_all_rules(picture: PatientPicture) -> None:
    """Reference: every rule against every therapy, without index and memory."""
    from calciscope.advise.facts.table import Facts
    from calciscope.advise.index import index
    from calciscope.advise.truth import weigh

    found = stops(advise(picture, KNOWN))
    for rule in KNOWN.rules.values():
        if rule.level is Level.STOP and rule.partner is None:
            holds = weigh(rule, Facts(picture, KNOWN.vocabulary, index(KNOWN).classes)).holds
            for therapy in rule.therapies & set(found):
                assert (rule.id in found[therapy]) is (holds is True)


@SETTINGS
@given(picture=pictures)
def test_nothing_is_listed_twice_or_lost(picture: PatientPicture) -> None:
    advice = advise(picture, KNOWN)
    assert sorted([one.therapy for one in (*advice.options, *advice.not_offered)]) == sorted(KNOWN.therapies)
    assert all(option.why for option in advice.options)
    assert len(advice.unlocks) <= 3
    assert advice.missing[: len(advice.unlocks)] == advice.unlocks
    count = len(picture.deposits or ())
    assert all(index < count for option in advice.options for index in option.suits)
