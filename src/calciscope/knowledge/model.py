"""The types of the knowledge base: words, facts, rules, therapies, sources. Frozen, and whole once loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calciscope.terms.advice import EvidenceRow, Line
from calciscope.terms.picture import Screening
from calciscope.terms.scores import Verification


class Level(StrEnum):
    """What a rule that fires does."""

    STOP = "stop"  # no option while it holds; shown with the therapy, never hiding it
    CAUTION = "caution"
    MONITORING = "monitoring"
    INFORMATION = "information"
    RED_FLAG = "red_flag"  # of the patient, before any list of options
    FINDING = "finding"  # of the patient


ABOUT_THE_PATIENT = frozenset({Level.RED_FLAG, Level.FINDING})


class Situation(StrEnum):
    """What the order of thought asks about; the last eight are forms of deposits."""

    ALWAYS = "always"
    ACTIVE_DISEASE = "active_disease"
    ACTIVITY_UNKNOWN = "activity_unknown"
    NOT_INACTIVE_AFTER_A_YEAR = "not_inactive_after_a_year"
    QUIET_DISEASE = "quiet_disease"
    REFRACTORY = "refractory"
    CHILD = "child"
    ADULT = "adult"
    NO_DEPOSITS = "no_deposits"
    NOTHING_TO_TREAT = "nothing_to_treat"
    PROGRESSING = "progressing"
    INFLAMED = "inflamed"
    ULCERATED = "ulcerated"
    LIQUID = "liquid"
    SMALL_SUPERFICIAL = "small_superficial"
    LARGE_DISCRETE = "large_discrete"
    DIFFUSE_SHEET = "diffuse_sheet"
    DIGITAL = "digital"
    LIMITING_OR_PAINFUL = "limiting_or_painful"


OF_DEPOSITS = frozenset(
    {
        Situation.PROGRESSING,
        Situation.INFLAMED,
        Situation.ULCERATED,
        Situation.LIQUID,
        Situation.SMALL_SUPERFICIAL,
        Situation.LARGE_DISCRETE,
        Situation.DIFFUSE_SHEET,
        Situation.DIGITAL,
        Situation.LIMITING_OR_PAINFUL,
    }
)


class FactKind(StrEnum):
    """What a fact's value is."""

    YES_NO = "yes_no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWord:
    """One fact that rules may ask for."""

    id: str
    title: str
    kind: FactKind
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyte:
    """A laboratory or bedside value: how to recognise it, its units, and for how long one result speaks."""

    id: str
    title: str
    aliases: tuple[str, ...]
    loincs: tuple[str, ...]
    unit: str
    factors: dict[str, float]  # key of a unit -> factor to ``unit``
    valid_days: int
    adult_low: float | None
    adult_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comedication:
    """A drug that is no therapy of calcinosis, but that rules name."""

    id: str
    title: str
    classes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Every closed list of words."""

    facts: dict[str, FactWord]  # conditions, allergies, analytes and derived facts, all in one namespace
    conditions: dict[str, str]  # id -> title
    allergies: dict[str, str]
    antibodies: dict[str, str]
    antibody_names: dict[str, str]  # a name without "anti", hyphens and case -> id
    analytes: dict[str, Analyte]
    comedications: dict[str, Comedication]


class Comparison(StrEnum):
    """How a fact is held against a limit."""

    IS = "is"
    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"
    ABOVE_ULN = "above_uln"  # times the upper limit of normal
    AT_LEAST_ULN = "at_least_uln"
    BELOW_RANGE = "below_range"  # the reporting laboratory's own
    ABOVE_RANGE = "above_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One fact against one limit."""

    fact: str
    comparison: Comparison
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """True when any of its alternatives is; an alternative is true when all of its criteria are."""

    alternatives: tuple[tuple[Criterion, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Which other drug an interaction needs; unless the picture says otherwise, the worse dose or reason is taken."""

    therapies: frozenset[str]
    indication: str = ""  # only for this reason, known
    indication_not: str = ""  # for every reason but this, unknown ones too
    dose_above: float | None = None  # an unknown dose counts as above
    route_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One statement: for these therapies (none: for the patient), when this holds, that follows."""

    id: str
    therapies: frozenset[str]
    level: Level
    when: tuple[Condition, ...]  # all must be true; while one is unknown, its facts are asked for
    unless: tuple[Condition, ...]  # known to be true: silent
    partner: Partner | None
    own_allergy: bool  # about every drug that the patient is allergic to, itself or by its class
    because: str
    source: str
    verification: Verification
    jurisdiction: str
    checked: date  # when it was last held against its source
    check_months: int | None  # sooner than its kind asks for
    urgent: bool
    every_weeks: float | None
    once: bool  # before the drug is taken, or as soon as may be; not again
    measures: tuple[str, ...]  # analytes that a monitoring rule looks at
    screens: tuple[Screening, ...]  # what else it looks at
    fires: dict[str, bool | float | str]
    silent: dict[str, bool | float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a therapy stands in the order of thought when all these situations hold."""

    situations: tuple[Situation, ...]
    line: Line
    why: str
    in_urgency: bool  # keeps its line while something urgent has to be reviewed first
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dose as published, for one population: for discussion, never a prescription."""

    population: str
    text: str
    source: str
    verification: Verification


NO_DRUGS = frozenset({"procedures", "supportive"})  # groups of what is done or advised; a member with an ATC code is a drug


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """One therapy with what is known of it for calcinosis."""

    id: str
    title: str
    group: str
    classes: frozenset[str]
    atc: str
    offered: bool
    not_offered_because: str
    not_offered_source: str
    not_offered_verification: Verification
    label: str
    experimental: bool
    places: tuple[Place, ...]
    doses: tuple[Dose, ...]
    evidence: tuple[EvidenceRow, ...]
    time_to_response: str
    failure: str
    adverse_effects: str
    practical: str
    summary_source: str  # of time to response, failure, adverse effects and practical advice
    summary_verification: Verification
    level: str
    checked: date
    check_months: int | None
    reviewed_by: str

    @property
    def is_drug(self) -> bool:
        """Whether it is a substance that is taken, injected or applied."""
        return bool(self.atc) or self.group not in NO_DRUGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication, label, guideline or register page."""

    id: str
    cite: str
    kind: str
    identifiers: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInterval:
    """After how many months a file of one kind is to be checked again, and why."""

    kind: str
    title: str
    months: int
    because: str
    source: str
    verification: Verification


class LookedAt(StrEnum):
    """How far somebody has come with a reference that was imported."""

    WAITING = "waiting"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReference:
    """A publication that was imported and is no evidence: somebody has yet to look at it, or has set it aside with a reason."""

    id: str
    cite: str
    pmid: str
    doi: str
    year: int | None
    found_on: date
    suggests: tuple[str, ...]  # therapies whose names stand in its title or abstract
    state: LookedAt
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaks:
    """What a finding speaks for or against, and why."""

    for_it: bool
    when: tuple[Condition, ...]
    because: str
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A subtype of calcinosis cutis, or what else a lesion could be."""

    id: str
    title: str
    subtype: bool
    urgent: bool  # to be thought of first where anything speaks for it
    speaks: tuple[Speaks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the diagnostic steps, with the facts that belong to it."""

    id: str
    title: str
    order: int
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigation:
    """A test that can be made, what it would make known, and its burden from 1 (a question) to 5 (an operation)."""

    id: str
    title: str
    answers: tuple[str, ...]
    burden: int
    because: str
    when: tuple[Condition, ...]
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cause or risk factor with its size of effect; there is no individual risk to be worked out from these."""

    id: str
    title: str
    group: str
    when: tuple[Condition, ...]
    effect: str
    n: int | None
    population: str
    watch: str
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial as its register showed it on a date; ``when`` are the criteria that a picture can answer."""

    id: str
    title: str
    therapy: str
    design: str
    population: str
    n: int | None
    status: str
    seen_on: str
    open: bool
    result: str
    when: tuple[Condition, ...]
    source: str
    verification: Verification
