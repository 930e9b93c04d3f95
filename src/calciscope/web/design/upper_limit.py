"""Laboratory results as multiples of the laboratory's own upper limit, so that laboratories can be drawn on one axis."""

from __future__ import annotations

from datetime import date

from calciscope.web.design.course import Course


def times_upper_limit(course: Course, test: str) -> list[tuple[date, float]]:
    """Results over the limit that came with each; a result without its limit is no point."""
    found = []
    for fact in course.of_noun("laboratory_result"):
        value, high = fact.data["value"], fact.data.get("high")
        if fact.data["test"] == test and isinstance(value, int | float) and isinstance(high, int | float) and high:
            found.append((course.when(fact), round(value / high, 2)))
    return found
