"""What truly happens, month by month: activity, deposits, the treatment and its invented effect."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from calciscope.record.demonstration.chance import between, logistic, one_of, parameters, stream
from calciscope.record.demonstration.subject import MONTH_DAYS, Subject

MIDLINE = {"chest", "abdomen"}
LAYERS = {"cutaneous": 0.25, "subcutaneous": 0.5, "fascial": 0.15, "intramuscular": 0.1}
FORMS = {"nodule": 0.5, "punctate": 0.15, "plaque": 0.15, "mass": 0.1, "linear": 0.1}


@dataclass(slots=True, kw_only=True)
class TrueDeposit:
    """One deposit as it truly is; ``volume_mm3`` by month from ``born``, the first month's first."""

    region: str
    side: str
    layer: str
    form: str
    born: int
    limit_mm3: float
    tendency: float  # of its own to grow (or to dissolve), a month
    volume_mm3: list[float]
    excised: int | None = None

    def at(self, month: int) -> float | None:
        """Volume in a month; None before it is there and after it was cut out."""
        if month < self.born or (self.excised is not None and month >= self.excised):
            return None
        return self.volume_mm3[month - self.born]


@dataclass(slots=True, kw_only=True)
class Course:
    """The whole truth of one person."""

    subject: Subject
    activity: list[float] = field(default_factory=list)
    treated: list[bool] = field(default_factory=list)
    deposits: list[TrueDeposit] = field(default_factory=list)

    def month_of(self, day: date) -> int:
        """Which month of the course a day lies in."""
        return min(len(self.activity) - 1, max(0, int((day - self.subject.treated_on).days / MONTH_DAYS)))

    def day_of(self, month: int) -> date:
        """The first day of a month of the course."""
        return self.subject.treated_on + timedelta(days=round(month * MONTH_DAYS))


def make_course(seed: int, subject: Subject, *, enriched: bool) -> Course:
    """Simulate one person from the first treatment on."""
    rng = stream(seed, subject.number, "course")
    course = Course(subject=subject)
    months = max(2, int((subject.until - subject.treated_on).days / MONTH_DAYS))
    activity, treated = parameters()["activity"]["start"], False
    for month in range(months):
        activity = _next_activity(rng, activity)
        treated = _next_treatment(rng, course, treated, activity)
        course.activity.append(activity)
        course.treated.append(treated)
        _grow(course, activity, treated)
        _bear(rng, course, month, activity, enriched=enriched)
    return course


def _next_activity(rng: random.Random, activity: float) -> float:
    said = parameters()["activity"]
    step = said["pull"] * (said["rest"] - activity) + rng.gauss(0.0, said["noise"])
    flare = said["flare_height"] if rng.random() < said["flare_chance"] else 0.0
    return min(10.0, max(0.0, activity + step + flare))


def _next_treatment(rng: random.Random, course: Course, treated: bool, activity: float) -> bool:
    """Who is worse is treated sooner: confounding by indication."""
    said = parameters()["treatment"]
    chance = rng.random()
    if treated:
        return chance >= said["stop_chance"]
    growing = sum(
        len(found.volume_mm3) > 1 and found.volume_mm3[-1] > found.volume_mm3[-2] for found in course.deposits
    )
    odds = said["start_intercept"] + said["start_by_activity"] * activity + said["start_by_growing"] * growing
    return bool(course.deposits) and chance < logistic(odds)


def _grow(course: Course, activity: float, treated: bool) -> None:
    said = parameters()["growth"]
    effect = math.exp(parameters()["treatment"]["log_rate_ratio"]) if treated else 1.0
    speed = said["a_month_at_activity_4"] * activity / 4.0 * effect
    for deposit in course.deposits:
        volume = deposit.volume_mm3[-1]
        change = volume * (speed * (1.0 - volume / deposit.limit_mm3) - said["shrinking_a_month"] + deposit.tendency)
        deposit.volume_mm3.append(max(0.0, volume + change))


def _bear(rng: random.Random, course: Course, month: int, activity: float, *, enriched: bool) -> None:
    draw = rng.random()
    if draw >= 1.0 - math.exp(-_hazard(course, activity, enriched=enriched)):
        return
    growth = parameters()["growth"]
    region = one_of(rng, parameters()["sites"])
    course.deposits.append(
        TrueDeposit(
            region=region,
            side="midline" if region in MIDLINE else rng.choice(["left", "right"]),
            layer=one_of(rng, LAYERS),
            form=one_of(rng, FORMS),
            born=month,
            limit_mm3=between(rng, growth["limit_mm3"]),
            tendency=rng.gauss(0.0, growth["own_tendency_sd"]),
            volume_mm3=[between(rng, growth["first_mm3"])],
            excised=month + rng.randint(8, 30) if rng.random() < 0.06 else None,
        )
    )


def _hazard(course: Course, activity: float, *, enriched: bool) -> float:
    said, subject = parameters()["hazard"], course.subject
    antibody = said.get(f"{subject.antibody}_{'juvenile' if subject.juvenile else 'adult'}", 1.0)
    hazard = (
        said["base"] * antibody * (0.25 + 0.25 * activity) * said["a_delayed_year"] ** min(subject.delay_years, 5.0)
    )
    return hazard * (said["enriched"] if enriched else 1.0) * (said["after_first"] if course.deposits else 1.0)
