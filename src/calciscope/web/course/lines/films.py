"""Projected areas on radiographs and lengths on ultrasound images, deposit by deposit: what a shadow shows, beside any mass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series
from calciscope.web.design.days import written
from calciscope.web.design.film_change import Area, areas_of, change_words, compared_with

PLACE = 20
NOUN = "film_measurement"
MOST = 2  # deposits a kind of measure: those measured most often; each on its own axis
NOTE = "A shadow's area: it compares where the limb lay the same way, and is never added to a mass."
KINDS = (
    ("area", "area_mm2", "mm²", "Projected area", NOTE),
    ("length", "longest_mm", "mm", "Ultrasound length", "Longest length on an ultrasound image."),
)


def panels(looked: Looked) -> Iterator[Panel]:
    """One panel a deposit and kind of measure, the deposits with most measurements first."""
    labels = {str(story.id): story.label for story in looked.course.stories}
    areas = areas_of(looked.course)
    for kind, key, unit, title, note in KINDS:
        found = _by_deposit(looked, kind, key)
        for deposit, points in sorted(found.items(), key=lambda item: (-len(item[1]), labels.get(item[0], "")))[:MOST]:
            named = f"{title}, {labels[deposit]}"
            bands = [(day, low, high) for day, _, low, high in points]
            series = Series(title=labels[deposit], points=[(day, value) for day, value, *_ in points], bands=bands)
            told = _last_change(areas, deposit, labels[deposit]) if kind == "area" else ""
            yield Panel(title=named, unit=unit, series=[series], note=f"{told} {note}".strip())


def _last_change(areas: Mapping[str, Sequence[Area]], deposit: str, label: str) -> str:
    """The change since the radiograph before, against the smallest real one."""
    some = areas.get(deposit, ())
    if len(some) < 2:
        return ""
    then, now = some[-2], some[-1]
    compared = compared_with(areas, then.film, now.film)
    return f"{label}, since {written(then.day.isoformat())}: {change_words(then, now, compared=compared)}."


def _by_deposit(looked: Looked, kind: str, key: str) -> dict[str, list[tuple[date, float, float, float]]]:
    """Deposit -> (day, value, lower, upper) of its measurements of a kind; of several of one day the last."""
    course = looked.course
    standing = {str(story.id) for story in course.stories}
    films = {str(fact.uid): str(fact.data["kind"]) for fact in course.of_noun("film")}
    found: dict[str, dict[date, tuple[float, float, float]]] = {}
    for fact in course.of_noun(NOUN):
        data = fact.data
        deposit, is_ultrasound = str(data.get("of_deposit", "")), films.get(str(data["film"])) == "ultrasound"
        if deposit not in standing or key not in data or is_ultrasound is (kind == "area"):
            continue
        stem, unit = key.rsplit("_", 1)
        ends = [float(data[f"{stem}_{end}_{unit}"]) for end in ("lower", "upper")]
        found.setdefault(deposit, {})[course.when(fact)] = (float(data[key]), ends[0], ends[1])
    return {deposit: [(day, *value) for day, value in sorted(days.items())] for deposit, days in found.items()}
