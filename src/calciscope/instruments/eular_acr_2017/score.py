"""Points in tenths, class by cut-off, probability, subgroup; with items missing, over every way to complete them.

All values of all missing items are tried item by item; cases that are alike from there on are kept once. What is told is
what holds in every case: a missing finding is never taken for an absent one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Data, Instrument
from calciscope.instruments.scored import Scored
from calciscope.terms.errors import Refused

COLUMNS = ("no_biopsy", "biopsy")
CLASSES = ("none", "possible", "probable", "definite")
CLASSIFIED = CLASSES.index("probable")
RASHES = ("heliotrope", "gottron_papules", "gottron_sign")
WEAKNESSES = ("weakness_upper_proximal", "weakness_lower_proximal", "neck_flexors_weaker", "legs_proximal_weaker")
OTHERS = ("dysphagia", "anti_jo1", "enzymes_raised")
FINDINGS = ("endomysial_infiltration", "perimysial_infiltration", "perifascicular_atrophy", "rimmed_vacuoles")
AGES = ("under_18", "from_18", "from_40")
ADULT_FROM_YEARS = 18  # the classes of age at onset, as printed beside the points; the tree parts there too
OLDER_FROM_YEARS = 40


@dataclass(frozen=True, slots=True)
class Case:
    """One way to complete the answers, as far as score and tree can tell."""

    tenths: int = 0
    child: bool = False
    rash: bool = False
    weak: bool = False
    ibm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one case comes to."""

    tenths: int
    column: int
    rank: int  # index into CLASSES
    subgroup: str | None


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Score, class, probability and subgroup. Raises Refused when biopsy findings contradict `biopsy_done`."""
    columns = _columns(answers)
    verdicts = {
        verdict for column in columns for verdict in _verdicts(_cases(instrument, answers, column), column, instrument)
    }
    tenths = [verdict.tenths for verdict in verdicts]
    ranks = [verdict.rank for verdict in verdicts]
    subgroups = {verdict.subgroup for verdict in verdicts}
    probabilities = [_probability(verdict, instrument) for verdict in verdicts]
    column = min(verdicts, key=lambda verdict: (verdict.tenths, verdict.column)).column
    return Scored(
        outputs={
            "score": Fraction(min(tenths), 10),
            "score_range": (Fraction(min(tenths), 10), Fraction(max(tenths), 10)),
            "class": CLASSES[min(ranks)] if min(ranks) == max(ranks) else None,
            "class_range": (CLASSES[min(ranks)], CLASSES[max(ranks)]),
            "probability": min(probabilities),
            "probability_range": (min(probabilities), max(probabilities)),
            "subgroup": next(iter(subgroups)) if len(subgroups) == 1 else None,
            "subgroups_possible": tuple(sorted(name for name in subgroups if name is not None)),
            "column": COLUMNS[columns[0]] if len(columns) == 1 else None,
        },
        parts=_parts(instrument, answers, column),
        notes=_notes(answers, min(ranks), columns),
        missing=_missing(answers, columns),
    )


def _columns(answers: Answers) -> tuple[int, ...]:
    """Which columns of points can apply: a finding in a biopsy means that there was one."""
    done = answers.yes("biopsy_done")
    found = [key for key in FINDINGS if answers.yes(key)]
    if done is False and found:
        raise Refused(f"{found[0]} is true although biopsy_done is false; one of the two must be wrong.")
    if done is None and not found:
        return (0, 1)
    return (1,) if done or found else (0,)


def _cases(instrument: Instrument, answers: Answers, column: int) -> set[Case]:
    points = _pairs(instrument.data("points"))
    cases = _ages(instrument, answers, column)
    findings = FINDINGS if column else ()
    for key in (*RASHES, *WEAKNESSES, *OTHERS, *findings):
        cases = {
            _found(case, key, points[key][column]) if present else case
            for case in cases
            for present in _possible(answers.yes(key))
        }
    fingers = {
        weak and not improved
        for weak in _possible(answers.yes("finger_flexor_weakness"))
        for improved in _possible(answers.yes("treatment_response_improved"))
    }
    return {replace(case, ibm=case.ibm or ibm) for case in cases for ibm in fingers}


def _ages(instrument: Instrument, answers: Answers, column: int) -> set[Case]:
    points = _pairs(instrument.data("age_points"))
    age = answers.number("age_at_onset")
    classes = AGES if age is None else (AGES[(age >= ADULT_FROM_YEARS) + (age >= OLDER_FROM_YEARS)],)
    return {Case(tenths=points[name][column] if name in points else 0, child=name == "under_18") for name in classes}


def _found(case: Case, key: str, tenths: int) -> Case:
    return Case(
        tenths=case.tenths + tenths,
        child=case.child,
        rash=case.rash or key in RASHES,
        weak=case.weak or key in WEAKNESSES,
        ibm=case.ibm or key == "rimmed_vacuoles",
    )


def _possible(answer: bool | None) -> tuple[bool, ...]:
    return (False, True) if answer is None else (answer,)


def _verdicts(cases: Iterable[Case], column: int, instrument: Instrument) -> Iterable[Verdict]:
    limits = _pairs(instrument.data("cut_offs"))
    for case in cases:
        rank = sum(case.tenths >= limits[name][column] for name in CLASSES[1:])
        subgroup = _subgroup(case) if rank >= CLASSIFIED else None
        yield Verdict(tenths=case.tenths, column=column, rank=rank, subgroup=subgroup)


def _subgroup(case: Case) -> str:
    """The classification tree."""
    if case.child:
        return "JDM" if case.rash else "juvenile_other"
    if case.rash:
        return "DM" if case.weak else "ADM"
    return "IBM" if case.ibm else "PM"


def _probability(verdict: Verdict, instrument: Instrument) -> float:
    constants = instrument.data("probability")
    assert isinstance(constants, tuple)
    constant = constants[verdict.column]
    assert isinstance(constant, Fraction)
    return 1.0 / (1.0 + math.exp(float(constant - Fraction(verdict.tenths, 10))))


def _parts(instrument: Instrument, answers: Answers, column: int) -> dict[str, object]:
    """Points of each assessed item in the column of the score; they add up to it."""
    points = _pairs(instrument.data("points"))
    parts: dict[str, object] = {"age_at_onset": None}
    if answers.number("age_at_onset") is not None:
        (case,) = _ages(instrument, answers, column)
        parts["age_at_onset"] = Fraction(case.tenths, 10)
    for key in (*WEAKNESSES, *RASHES, *OTHERS, *(FINDINGS if column else ())):
        answer = answers.yes(key)
        parts[key] = None if answer is None else Fraction(points[key][column] if answer else 0, 10)
    return parts


def _missing(answers: Answers, columns: tuple[int, ...]) -> tuple[str, ...]:
    """Findings of a biopsy that was not done are not missing."""
    return tuple(key for key in answers.missing() if columns != (0,) or key not in FINDINGS)


def _notes(answers: Answers, least_rank: int, columns: tuple[int, ...]) -> tuple[str, ...]:
    notes = []
    if len(columns) == 2:
        notes.append("Whether a biopsy was done is not known: both columns of points were tried.")
    no_rash = all(answers.yes(key) is False for key in RASHES)
    if least_rank >= CLASSIFIED and no_rash and not any(answers.yes(key) for key in FINDINGS):
        notes.append("None of the three rashes and no biopsy finding: the authors ask for a biopsy finding here.")
    return tuple(notes)


def _pairs(data: Data) -> dict[str, tuple[int, int]]:
    """Name -> [without, with biopsy] in tenths."""
    assert isinstance(data, Mapping)
    return {name: _pair(pair) for name, pair in data.items()}


def _pair(pair: Data) -> tuple[int, int]:
    assert isinstance(pair, tuple)
    without, with_biopsy = (int(one) for one in pair if isinstance(one, Fraction))
    return without, with_biopsy
