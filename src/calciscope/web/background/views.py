"""The background on one page, and the versions of a fact."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.queries.history import versions_of
from calciscope.record.queries.patients import patient_page
from calciscope.record.stories import stories
from calciscope.web.background.topics import TOPICS
from calciscope.web.design.course import Course
from calciscope.web.design.deposit_words import place_of
from calciscope.web.design.fact_words import lines_of
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen


@screen(permission=Permission.SEE_PATIENT)
def background(request: Asked, patient: UUID) -> HttpResponse:
    """Everything that does not hang on one visit, by topic."""
    page = patient_page(by=request.actor, patient=patient)
    course = Course.of(page)
    names = [(str(story.id), f"{story.label} {place_of(story)}") for story in course.stories]
    topics = []
    for title, nouns in TOPICS:
        rows = []
        for name in nouns:
            facts = [(fact, lines_of(fact, names)) for fact in reversed(course.of_noun(name))]
            rows.append((name, noun(name), facts))
        topics.append((title, rows))
    context = {"way": "patients", "banner": patient_banner(page), "topics": topics}
    return render(request, "background/background.html", context)


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
