"""How well readers agree, from what they locked: of the burden, of what is calcinosis, and of one reader at a second reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from calciscope.cohort.statistics.bland_altman import LimitsOfAgreement, limits_of_agreement
from calciscope.cohort.statistics.interval import Interval
from calciscope.cohort.statistics.intraclass import Intraclass, intraclass_correlation
from calciscope.cohort.statistics.kappa import Kappa, cohens_kappa
from calciscope.cohort.statistics.ratings import FEWEST_SUBJECTS
from calciscope.cohort.statistics.repeatability import Repeatability, repeatability
from calciscope.record.nouns.reading import NOT_EVALUABLE
from calciscope.record.queries.reading_plans import LockedReading, TrialReadings
from calciscope.record.trials.draw import FIRST, REPEAT
from calciscope.record.trials.reading import TO_DECIDE, added_pairs, result_of
from calciscope.terms.errors import Refused

FEW = f"Fewer than {FEWEST_SUBJECTS} scans were read twice with a burden; nothing is computed from them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two burdens of one scan in mg."""

    subject: str
    visit_number: int
    first_mg: float
    second_mg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Of reader 1 and reader 2. Statistics are None where they cannot be computed, and ``said`` tells why."""

    pairs: Sequence[Pair]
    left_out: int  # scans that one of the two, or both, could not read
    intraclass: Intraclass | None
    limits: LimitsOfAgreement | None
    ratios: LimitsOfAgreement | None
    kappa: Kappa | None
    said: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Of one reader who read scans again."""

    reader: int
    pairs: Sequence[Pair]
    repeatability: Repeatability | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All of it. ``third`` of ``double`` scans went to a third reader."""

    between: Between
    within: Sequence[Within]
    double: int
    third: int


def agreement_of(read: TrialReadings) -> Agreement:
    """From all locked readings."""
    first: dict[UUID, dict[int, LockedReading]] = defaultdict(dict)
    for one in read.readings:
        if one.kind == FIRST:
            first[one.measurement][one.reader] = one
    double = {scan: by for scan, by in first.items() if len(by) == 2}
    return Agreement(
        between=_between(read, double),
        within=[found for reader in (1, 2) if (found := _within(read, first, reader)).pairs],
        double=len(double),
        third=read.asked_third,
    )


def _between(read: TrialReadings, double: Mapping[UUID, Mapping[int, LockedReading]]) -> Between:
    both = sorted(double.values(), key=lambda by: (by[1].subject, by[1].visit_number))
    pairs = [pair for by in both if (pair := _pair(by[1], by[2]))]
    said: list[str] = []
    table = [(one.first_mg, one.second_mg) for one in pairs]
    intraclass, limits, ratios = None, None, None
    if len(pairs) < FEWEST_SUBJECTS:
        said.append(FEW)
    else:
        limits = limits_of_agreement(*map(list, zip(*table, strict=True)))
        try:
            intraclass = intraclass_correlation(table)
        except Refused as refused:
            said.append(str(refused))
        try:
            ratios = limits_of_agreement(*map(list, zip(*table, strict=True)), as_ratio=True)
        except Refused as refused:
            said.append(str(refused))
    return Between(
        pairs=pairs,
        left_out=len(both) - len(pairs),
        intraclass=intraclass,
        limits=limits,
        ratios=ratios,
        kappa=_kappa(read, both),
        said=said,
    )


def _kappa(read: TrialReadings, both: Sequence[Mapping[int, LockedReading]]) -> Kappa | None:
    """Over every proposal that asked for a decision, and what either has added: calcinosis or not."""
    judged: tuple[list[str], list[str]] = ([], [])
    for by in both:
        if any(one.data["quality"] == NOT_EVALUABLE for one in by.values()):
            continue
        candidates = read.scans[by[1].measurement].get("candidates", ())
        results = [result_of(by[reader].data, candidates) for reader in (1, 2)]
        asked = [int(one["deposit_id"]) for one in candidates if one["kind"] in TO_DECIDE]
        said = [tuple(number in one.counted for one in results) for number in asked]
        said += [(one is not None, two is not None) for one, two in added_pairs(*(one.added for one in results))]
        for words in said:
            for place in (0, 1):
                judged[place].append("calcinosis" if words[place] else "other")
    return cohens_kappa(*judged) if judged[0] else None


def _within(read: TrialReadings, first: Mapping[UUID, Mapping[int, LockedReading]], reader: int) -> Within:
    again = [one for one in read.readings if one.kind == REPEAT and one.reader == reader]
    pairs = [pair for one in again if (pair := _pair(first[one.measurement][reader], one))]
    if len(pairs) < FEWEST_SUBJECTS:
        return Within(reader=reader, pairs=pairs, repeatability=None, said=FEW)
    found = repeatability([(one.first_mg, one.second_mg) for one in pairs])
    return Within(reader=reader, pairs=pairs, repeatability=found, said="")


def _pair(one: LockedReading, other: LockedReading) -> Pair | None:
    masses = [reading.data.get("mass_mg") for reading in (one, other)]
    if None in masses:
        return None
    first_mg, second_mg = (float(mass) for mass in masses if mass is not None)
    return Pair(subject=one.subject, visit_number=one.visit_number, first_mg=first_mg, second_mg=second_mg)


def spelled(found: Interval, digits: int = 2, unit: str = "") -> str:
    """Such as "0.89 (0.81 to 0.94)"."""
    after = f" {unit}" if unit else ""
    estimate, lower, upper = (f"{value:,.{digits}f}".replace("-", "\u2212") for value in _values(found))
    return f"{estimate}{after} ({lower} to {upper})"


def _values(found: Interval) -> tuple[float, float, float]:
    """Without a minus before a zero."""
    return found.estimate + 0.0, found.lower + 0.0, found.upper + 0.0
