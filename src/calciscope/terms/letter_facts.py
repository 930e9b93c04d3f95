"""What a letter may tell of one patient: recorded facts, already in words. Nothing here was left out for being unwelcome.

An empty text is "not recorded", and every letter says so where a reader would look for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from calciscope.terms.advice import Card, EvidenceRow
from calciscope.terms.assessment import Assessment, Due


class Reader(StrEnum):
    """To whom a letter to the family speaks, by the patient's age."""

    ADULT = "adult"
    YOUNG = "young"  # from 12: the young person is spoken to
    CHILD = "child"  # the parents are spoken to


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The patient; ``age`` in words on the day of the letter."""

    family_name: str
    given_name: str
    born: str
    age: str
    numbers: str
    reader: Reader
    synthetic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDeposit:
    """One deposit: where, what it is like, how large and when, how it stands, and what a scan weighed."""

    label: str
    place: str
    likeness: str
    size: str
    seen_on: str
    state: str
    state_on: str
    remark: str
    mass: str  # with its 95 % interval; "not evaluable" where a scan could not weigh it
    mass_on: str
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldScan:
    """One measured scan: burden with its 95 % interval, and what changed since the one before."""

    on: str
    parts: str
    mass: str
    deposits: str
    change: str
    mass_mg: float | None
    mass_lower_mg: float | None
    mass_upper_mg: float | None
    trend: str  # more | less | same, beyond or within measurement error; empty where that is not known
    doubts: str  # checks that did not pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDrug:
    """One drug as given."""

    name: str
    dose: str
    route: str
    indication: str
    since: str
    until: str
    why_stopped: str
    response: str
    side_effects: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldResult:
    """The newest result of one test; ``outside`` the laboratory's own range, None where that is not known."""

    test: str
    value: str
    limits: str
    on: str
    outside: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOption:
    """An option of the plan, chosen or set aside."""

    code: str
    title: str
    chosen: bool
    reason: str
    dose: str
    stop_rule: str
    who: str
    standing: str  # off label, experimental, consent
    stops: tuple[str, ...]  # that the plan overrides
    override: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWord:
    """What one person of the team said of the plan."""

    by: str
    role: str
    on: str
    agrees: bool
    words: str


class PlanState(StrEnum):
    """How the plan stands that a letter tells of."""

    NONE = "none"
    DRAFT = "draft"
    PRESENTED = "presented"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPlan:
    """The version in force where there is one, else the newest; ``later`` says that a newer one is being prepared."""

    state: PlanState
    version: int = 0
    agreed_on: str = ""
    in_force_on: str = ""
    goals: str = ""
    options: tuple[ToldOption, ...] = ()
    next_steps: str = ""
    who_does_what: str = ""
    stop_rule: str = ""
    review_on: str = ""
    other_opinions: str = ""
    weighed_by: str = ""
    words: tuple[ToldWord, ...] = ()
    lacks: tuple[str, ...] = ()
    later: str = ""
    ended: str = ""

    @property
    def chosen(self) -> tuple[ToldOption, ...]:
        """Options that were chosen."""
        return tuple(one for one in self.options if one.chosen)

    @property
    def set_aside(self) -> tuple[ToldOption, ...]:
        """Options that were set aside."""
        return tuple(one for one in self.options if not one.chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvidence:
    """Evidence for one chosen option."""

    title: str
    rows: tuple[EvidenceRow, ...]
    checked: str
    reviewed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the knowledge base says of the patient, where the site has advice on."""

    red_flags: tuple[Card, ...]
    assessment: Assessment
    classified: str  # the disease by its classification criteria, in a sentence
    missing: tuple[str, ...]
    unlocks: tuple[str, ...]
    evidence: tuple[ToldEvidence, ...]
    due: tuple[Due, ...]
    names: dict[str, str]  # id of a therapy -> its title
    knowledge_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientText:
    """One text for patients, with where it comes from."""

    id: str
    part: str
    title: str
    lines: tuple[str, ...]
    therapies: tuple[str, ...]
    source: str
    verification: str
    reviewed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the clinician typed for this one letter. It is kept in the document alone."""

    recipient: tuple[str, ...] = ()
    salutation: str = ""
    opening: str = ""
    question: str = ""
    wanted: str = ""
    closing: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who issues the letter, and the phone number that patients of the site call, where one is recorded."""

    name: str
    role: str
    site: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything a letter is written from."""

    day: str
    who: Who
    sender: Sender
    disease: tuple[tuple[str, str], ...]  # label, words; empty words are "not recorded"
    antibodies: tuple[str, ...]
    person: tuple[tuple[str, str], ...]
    history: tuple[str, ...]
    activity: tuple[tuple[str, str], ...]
    active: bool | None
    effects: tuple[tuple[str, str, str], ...]  # title, day, words
    scores: tuple[tuple[str, str, str], ...]  # title, day, words
    movements: tuple[str, ...]
    examined: str
    deposits: tuple[ToldDeposit, ...]
    scans: tuple[ToldScan, ...]
    drugs: tuple[ToldDrug, ...]
    past_drugs: tuple[ToldDrug, ...]
    procedures: tuple[str, ...]
    results: tuple[ToldResult, ...]
    conditions: tuple[str, ...]
    allergies: tuple[str, ...]
    screening: tuple[str, ...]
    plan: ToldPlan
    left_out: tuple[str, ...]  # what the record holds and no letter repeats, by kind and number
    judged: Judged | None
    texts: Sequence[PatientText] = field(default_factory=tuple)
