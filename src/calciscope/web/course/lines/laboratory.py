"""Muscle enzymes as multiples of the laboratory's own upper limit."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.record.vocabulary import words
from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series
from calciscope.web.design.upper_limit import times_upper_limit

PLACE = 60
ENZYMES = ("creatine_kinase", "aldolase", "ldh", "ast", "alt")
MOST = 2  # panels; the flowsheet of the overview holds every result


def panels(looked: Looked) -> Iterator[Panel]:
    """Creatine kinase and the next enzyme that was measured; the green field is within the laboratory's range."""
    found = [(test, points) for test in ENZYMES if (points := times_upper_limit(looked.course, test))]
    for test, points in found[:MOST]:
        title = words("laboratory_tests").get(test, test)
        title = title[:1].upper() + title[1:]
        series = [Series(title=title, points=points)]
        yield Panel(title=title, unit="times upper limit", series=series, least_top=2.0, normal=(0.0, 1.0))
