"""Pictures of patients who do not exist, as full as a real record, for timing advice."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from calciscope.knowledge import Knowledge
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

AS_OF = date(2026, 11, 23)
RESULTS = (
    ("creatinine", "mg/dL", 0.3, 2.5),
    ("alt", "U/L", 10, 150),
    ("ck", "U/L", 30, 2000),
    ("neutrophils", "/uL", 800, 8000),
    ("lymphocytes", "/uL", 300, 4000),
    ("leucocytes", "/uL", 2500, 11000),
    ("platelets", "/uL", 60_000, 400_000),
    ("haemoglobin", "g/dL", 7, 16),
    ("calcium", "mg/dL", 7.5, 11.5),
    ("albumin", "g/dL", 2.5, 5),
    ("phosphate", "mg/dL", 2, 6),
)


def picture(chance: Random, known: Knowledge) -> PatientPicture:
    """One picture: up to eight deposits, eleven results, six drugs and six conditions."""
    conditions = sorted(known.vocabulary.conditions)
    drugs = sorted({*known.therapies, *known.vocabulary.comedications})
    absent = frozenset(chance.sample(conditions, 40))
    return PatientPicture(
        as_of=AS_OF,
        patient=Person(
            born=AS_OF - timedelta(days=chance.randint(400, 28_000)),
            sex=chance.choice([*Sex]),
            weight_kg=chance.uniform(10, 100),
            height_cm=chance.uniform(80, 190),
            pregnant=False,
            childbearing_potential=chance.random() < 0.3,
            breastfeeding=False,
        ),
        diagnosis=Diagnosis(
            type=chance.choice([*DiseaseType]),
            onset=AS_OF - timedelta(days=chance.randint(100, 5000)),
            treatment_start=AS_OF - timedelta(days=chance.randint(10, 3000)),
            antibodies=frozenset(chance.sample(sorted(known.vocabulary.antibodies), 1)),
        ),
        activity=chance.choice([*ActivityState, None]),
        deposits=tuple(_deposit(chance) for _ in range(chance.randint(0, 8))),
        labs=tuple(_result(chance, *one) for one in RESULTS),
        medications=tuple(
            Medication(therapy=one, dose=chance.uniform(1, 30), unit="mg/day", indication="treatment")
            for one in chance.sample(drugs, chance.randint(0, 6))
        ),
        conditions=frozenset(chance.sample(conditions, chance.randint(0, 6))) - absent,
        conditions_absent=absent,
        allergies=frozenset(),
    )


def _deposit(chance: Random) -> SeenDeposit:
    return SeenDeposit(
        site=chance.choice([*Region]),
        layer=chance.choice([*Layer]),
        form=chance.choice([*DepositForm]),
        longest_mm=chance.uniform(2, 80),
        symptomatic=chance.random() < 0.5,
        states=frozenset(chance.sample([*DepositState], chance.randint(0, 2))),
    )


def _result(chance: Random, name: str, unit: str, low: float, high: float) -> Lab:
    day = AS_OF - timedelta(days=chance.randint(1, 120))
    return Lab(
        loinc=None,
        name=name,
        value=chance.uniform(low, high),
        unit=unit,
        low=low + 0.2 * (high - low),
        high=low + 0.7 * (high - low),
        day=day,
    )
