"""On the assessment of each of the twelve invented patients at most three alerts stand open beside red flags."""

from __future__ import annotations

from html.parser import HTMLParser
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.advise.alerts import MOST_SHOWN
from calciscope.flows.advise_record import advise_patient_of_record
from calciscope.record.actions.advice import set_advice
from calciscope.record.actor import Actor
from calciscope.record.demonstration.load import load_patients
from calciscope.record.demonstration.patients import AS_OF, make_patients
from calciscope.record.permissions import Role

CARDS = {"said-stop", "said-caution", "said-interaction", "said-finding"}


class Open(HTMLParser):
    """Cards that stand open outside the red flags: not within a closed part of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.closed, self.section, self.count = 0, "", 0

    def handle_starttag(self, tag: str, attrs) -> None:
        said = dict(attrs)
        if tag == "details":
            self.closed += "open" not in said
        if tag == "section":
            self.section = said.get("id", "")
        if CARDS & set((said.get("class") or "").split()) and not self.closed and self.section != "red-flags":
            self.count += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self.closed = max(0, self.closed - 1)


@pytest.fixture
def twelve(doctor: Actor, people) -> list[UUID]:
    set_advice(by=people(Role.ADMINISTRATOR), on=True)
    return load_patients(make_patients(seed=1, count=12), seed=1, by=doctor)


def test_at_most_three_stand_open_and_all_are_there(doctor: Actor, web: Client, twelve: list[UUID]) -> None:
    raw = []
    for patient in twelve:
        page = web.get(reverse("assessment", args=[patient]), {"on": AS_OF.isoformat()}).content.decode()
        reader = Open()
        reader.feed(page)
        assert reader.count <= MOST_SHOWN
        advice = advise_patient_of_record(by=doctor, patient=patient, on=AS_OF).advice
        cards = [
            *advice.findings,
            *(card for one in advice.current for card in (*one.stops, *one.interactions, *one.cautions)),
        ]
        raw.append(len({card.rule for card in cards}))
        section = page[page.index('id="alerts"') : page.index('id="steps"')]
        assert section.count("said-") == len({card.rule for card in cards})
    assert max(raw) > MOST_SHOWN, "no patient had more to fold, so nothing was shown"
