"""The background on one page, and the versions of a fact."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.in_words.fact_words import lines_of
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.history import versions_of
from calciscope.record.queries.patients import patient_page
from calciscope.record.stories import stories
from calciscope.record.vocabulary import recorded_singly
from calciscope.web.background.presenter import asked, diagnosis_lines, drugs, procedures, size_trends, sizes
from calciscope.web.design.course import Course
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen

SINGLE = ("characteristics", "reproduction", "risk_watch")


@screen(permission=Permission.SEE_PATIENT)
def background(request: Asked, patient: UUID) -> HttpResponse:
    """Everything that does not hang on one visit, as one reads it."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    names = [(str(story.id), f"{story.label} {place_of(story)}") for story in course.stories]
    today = date.today()
    diagnosis = course.newest("diagnosis")
    now, before = drugs(course, today)
    singly = recorded_singly("conditions")
    every = asked(course, "condition", "condition", today)
    conditions = [one for one in every if one.facts or one.code not in singly]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "diagnosis": diagnosis_lines(diagnosis) if diagnosis else [],
        "now": now,
        "before": before,
        "topics": asked(course, "history_item", "topic", today),
        "systems": asked(course, "organ_screening", "system", today),
        "conditions": conditions,
        "unasked": sum(not one.facts for one in conditions),
        "allergies": [(fact.uid, phrase(fact)) for fact in course.of_noun("allergy")],
        "procedures": procedures(course, names),
        "single": [(name, noun(name).title, *_single(course, name)) for name in SINGLE],
        "sizes": sizes(course),
        "size_trends": size_trends(course),
    }
    return render(request, "background/background.html", context)


def _single(course: Course, name: str) -> tuple[list[tuple[str, str]], UUID | None]:
    fact = course.newest(name)
    return (lines_of(fact), fact.uid) if fact else ([], None)


@screen(permission=Permission.SEE_PATIENT)
def fact_history(request: Asked, patient: UUID, fact: UUID) -> HttpResponse:
    """Every version of one fact, the newest first: who, when, why."""
    page = patient_page(by=request.actor, patient=patient)
    names = [(str(story.id), story.label) for story in stories(page.facts, page.deposits)]
    versions = [
        (one, lines_of(one, names)) for one in reversed(versions_of(by=request.actor, patient=patient, uid=fact))
    ]
    context = {
        "way": "patients",
        "banner": patient_banner(page),
        "versions": versions,
        "title": noun(versions[0][0].noun).title,
    }
    return render(request, "background/versions.html", context)
