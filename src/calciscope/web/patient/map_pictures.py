"""The body map of two visits side by side; which two is chosen by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from calciscope.record.queries.patients import PatientPage
from calciscope.web.design.body_map import legend, then_and_now, whole_body
from calciscope.web.design.body_points import body_of, moment
from calciscope.web.design.course import Course, CourseVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPicture:
    """The drawing, and the visits to choose from: (visit, chosen as then, chosen as now)."""

    drawing: SafeString
    visits: Sequence[tuple[CourseVisit, bool, bool]]


def then_and_now_map(course: Course, page: PatientPage, request: HttpRequest, today: date) -> MapPicture | None:
    """None without a deposit; one figure where only one visit was held."""
    held = [visit for visit in course.visits if visit.state != "cancelled"]
    if not course.stories or not held:
        return None
    body = body_of(page.banner.born_on, today)
    by_key = {str(visit.id): visit for visit in held}
    looked_at = [
        visit for visit in held if any(fact.visit_id == visit.id for s in course.stories for fact in s.findings)
    ]
    usual = (looked_at or held)[-2:]
    then = by_key.get(request.GET.get("then", ""), usual[0])
    now = by_key.get(request.GET.get("now", ""), usual[-1])
    if then.held_on > now.held_on:
        then, now = now, then
    return MapPicture(
        drawing=mark_safe(_drawn(course, page, body, then, now)),  # escaped by the body map itself
        visits=[(visit, visit.id == then.id, visit.id == now.id) for visit in reversed(held)],
    )


def _drawn(course: Course, page: PatientPage, body: str, then: CourseVisit, now: CourseVisit) -> str:
    address = reverse("patient", args=[page.banner.id])
    after = moment(course, now.held_on, since=then.held_on, link=lambda story: f"{address}#{story.label}")
    if then.id == now.id:
        return whole_body(after, body=body) + legend(after.markers)
    before = moment(course, then.held_on, link=lambda story: f"{address}#{story.label}")
    return then_and_now(before, after, body=body)
