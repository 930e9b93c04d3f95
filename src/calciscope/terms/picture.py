"""What is known of one patient on one day, as advice needs it. None is "not known" everywhere, and never "no"."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from calciscope.terms.deposits import Layer, Region, Side

ROUTES = (
    "oral",
    "subcutaneous",
    "intravenous",
    "intramuscular",
    "intralesional",
    "topical",
    "inhaled",
    "rectal",
    "other",
)
INDICATIONS = ("treatment", "prophylaxis", "other_disease")


class Sex(StrEnum):
    """Sex as formulas of kidney function and reference ranges need it."""

    FEMALE = "female"
    MALE = "male"


class DiseaseType(StrEnum):
    """The disease that the deposits come with."""

    DM = "DM"
    ADM = "ADM"  # amyopathic
    JDM = "JDM"
    JADM = "JADM"
    OVERLAP = "overlap"
    ANTISYNTHETASE = "antisynthetase"
    PM = "PM"
    OTHER = "other"


class ActivityState(StrEnum):
    """Whether the disease is active in skin, muscle or elsewhere."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class DepositForm(StrEnum):
    """Form of a deposit as examined or imaged."""

    PUNCTATE = "punctate"
    NODULE = "nodule"
    PLAQUE = "plaque"
    MASS = "mass"
    LINEAR = "linear"
    SHEET = "sheet"
    RETICULAR = "reticular"


class DepositState(StrEnum):
    """What is going on at a deposit."""

    INFLAMED = "inflamed"
    ULCERATED = "ulcerated"
    INFECTION_SUSPECTED = "infection_suspected"
    INFECTION_CONFIRMED = "infection_confirmed"
    INFECTION_EXCLUDED = "infection_excluded"
    EXTRUDING = "extruding"
    LIQUID = "liquid"
    PAINFUL = "painful"
    GROWING = "growing"
    LIMITING_JOINT = "limiting_joint"


class Screening(StrEnum):
    """What is looked at from time to time and is no laboratory result."""

    LUNG = "lung"
    HEART = "heart"
    SWALLOWING = "swallowing"
    JOINTS = "joints"
    EYES = "eyes"
    BONE = "bone"
    MALIGNANCY = "malignancy"
    VESSELS = "vessels"
    TEETH = "teeth"
    PREGNANCY = "pregnancy"
    VACCINATION = "vaccination"
    TUBERCULOSIS = "tuberculosis"
    HEPATITIS_B = "hepatitis_b"
    HEPATITIS_C = "hepatitis_c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the patient is."""

    born: date | None = None
    sex: Sex | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    pregnant: bool | None = None
    childbearing_potential: bool | None = None
    breastfeeding: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The disease and its course."""

    type: DiseaseType | None = None
    onset: date | None = None
    treatment_start: date | None = None
    antibodies: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDeposit:
    """One deposit as it is on that day; ``states`` None means that nobody looked."""

    site: Region | None = None
    side: Side | None = None
    layer: Layer | None = None
    form: DepositForm | None = None
    longest_mm: float | None = None
    symptomatic: bool | None = None
    states: frozenset[DepositState] | None = None
    from_imaging: bool = False  # known from a scan alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One result, with the reporting laboratory's own limits."""

    loinc: str | None
    name: str | None
    value: float | None
    unit: str | None
    low: float | None = None
    high: float | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """One drug that is being taken."""

    therapy: str
    dose: float | None = None
    unit: str | None = None
    route: str | None = None
    indication: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPicture:
    """Everything that advice may use, bound to the day ``as_of``.

    ``conditions`` are present, ``conditions_absent`` were asked for and are not there; every other one is not known.
    ``unread`` holds terms that the reader of the picture did not know, to be told back as not checked.
    """

    as_of: date
    patient: Person = field(default_factory=Person)
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    activity: ActivityState | None = None
    deposits: tuple[SeenDeposit, ...] | None = None
    labs: tuple[Lab, ...] = ()
    medications: tuple[Medication, ...] | None = None
    conditions: frozenset[str] = frozenset()
    conditions_absent: frozenset[str] = frozenset()
    allergies: frozenset[str] | None = None
    screened: tuple[tuple[Screening, date], ...] = ()  # when each was last looked at
    unread: tuple[str, ...] = ()
