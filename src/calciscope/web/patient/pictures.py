"""What the charts of a patient's page are drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.safestring import SafeString

from calciscope.record.in_words.deposit_words import place_of, size, state_words
from calciscope.record.stories import Story
from calciscope.record.vocabulary import words
from calciscope.web.design.charts.course_chart import CourseChart, Panel, Series
from calciscope.web.design.charts.small_multiple import Axes, small_multiple
from calciscope.web.design.course import Course
from calciscope.web.design.lanes import treatment_lanes
from calciscope.web.design.upper_limit import times_upper_limit
from calciscope.web.imaging.masses import masses_on_ct
from calciscope.web.patient.flowsheet import deposits_present

SIZE = "longest_mm"
GLOBAL_TOP = 10.0
ENZYME = "creatine_kinase"
MOST_LANES = 6  # of treatment in a small picture; the large one and the flowsheet hold all


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """One deposit's picture and words."""

    id: UUID
    label: str
    place: str
    size: str
    state: str
    ended: bool
    picture: SafeString


def course_picture(course: Course, today: date) -> SafeString:
    """Burden, activity and treatment on one axis."""
    chart = CourseChart(
        panels=list(_panels(course)),
        lanes=list(treatment_lanes(course)),
        visits=[visit.held_on for visit in course.visits if visit.state != "cancelled"],
        today=today,
    )
    return chart.drawn()


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiples:
    """All pictures, what the patient's own line is, and the lanes from the top."""

    each: Sequence[Multiple]
    own: str
    lanes: Sequence[str]


def multiples(course: Course, today: date) -> Multiples:
    """One small picture a deposit, all on the same axes: size, the patient's own line, treatment."""
    sizes = {story.id: course.numbers(story.findings, SIZE) for story in course.stories}
    days = [visit.held_on for visit in course.visits] + [today]
    lanes = [lane for lane in treatment_lanes(course) if lane.spans][:MOST_LANES]
    top = max((value for points in sizes.values() for _, value in points), default=10.0)
    axes = Axes(span=(min(days), max(days)), top=top, lanes=lanes)
    overall = course.numbers(course.of_noun("activity"), "patient_global")
    felt = any(course.numbers(story.findings, "pain") for story in course.stories)
    own = "the patient's pain there" if felt or not overall else "the patient's or parent's global"
    return Multiples(
        each=[_multiple(course, story, sizes[story.id], [] if felt else overall, axes) for story in course.stories],
        own=own,
        lanes=[lane.title for lane in lanes],
    )


def _multiple(
    course: Course,
    story: Story,
    points: Sequence[tuple[date, float]],
    overall: Sequence[tuple[date, float]],
    axes: Axes,
) -> Multiple:
    return Multiple(
        id=story.id,
        label=story.label,
        place=place_of(story),
        size=size(story.newest.data) if story.newest else "size not recorded",
        state=state_words(story),
        ended=story.ended,
        picture=small_multiple(
            title=f"{story.label}, {place_of(story)}: longest axis in mm, the patient's own line and treatment over time",
            points=points,
            own=overall or course.numbers(story.findings, "pain"),
            events=[(course.when(fact), words("deposit_events")[str(fact.data["event"])]) for fact in story.events],
            axes=axes,
        ),
    )


def _panels(course: Course) -> Iterator[Panel]:
    present = [(day, float(count)) for day, count in deposits_present(course)]
    yield Panel(title="Deposits present", unit="number", series=[Series(title="examined", points=present)], least_top=5)
    for parts, masses in masses_on_ct(course).items():
        points = [(one.on, one.mass_mg) for one in masses]
        bands = [(one.on, one.lower_mg, one.upper_mg) for one in masses]
        title = f"CT of {parts or 'parts not known'}, whole scan{'s' if len(masses) > 1 else ''}, 95 % interval"
        series = Series(title=title, points=points, bands=bands)
        yield Panel(title="Calcium mass on CT", unit=f"mg, {parts}" if parts else "mg", series=[series])
    activity = course.of_noun("activity")
    clinic = Series(title="physician", points=course.numbers(activity, "physician_global"))
    own = Series(title="patient or parent", points=course.numbers(activity, "patient_global"), kind="patient-line")
    if clinic.points or own.points:
        yield Panel(title="Disease, global", unit="0 to 10", series=[clinic, own], least_top=GLOBAL_TOP)
    symptoms = course.of_noun("symptoms")
    pain = course.numbers(course.of_noun("skin_effects"), "pain")
    limited = course.numbers(course.of_noun("skin_effects"), "restricted_movement")
    stiff = course.numbers(symptoms, "joint_stiffness")
    if pain or limited or stiff:
        own_lines = [
            Series(title="pain", points=pain),
            Series(title="restricted movement", points=limited, kind="patient-line"),
        ]
        yield Panel(title="Effects", unit="0 to 10", series=own_lines, least_top=GLOBAL_TOP)
    enzyme = times_upper_limit(course, ENZYME)
    if enzyme:
        series = Series(title="CK", points=enzyme)
        yield Panel(title="Creatine kinase", unit="times upper limit", series=[series], least_top=2, normal=(0, 1))
