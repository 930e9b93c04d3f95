"""Deposits on films stand in the course, then and now, beside the scans and in no burden."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.unit.measure.films.drawn import drawn
from tests.web.test_films import MIDDLE, add, click, dx, facts
from tests.web.test_visit_without_a_script import hidden, text_of


@pytest.fixture(autouse=True)
def _folder(files) -> None:
    """Films go to a folder of the test's own."""


def recorded(web, doctor, patient, of: str, **tags) -> None:
    add(web, patient, dx(**tags))
    film = max(facts(doctor, patient, "film"), key=lambda fact: fact.at)
    page = click(web, reverse("film", args=[patient, film.uid]), *MIDDLE)
    web.post(reverse("film", args=[patient, film.uid]), hidden(page[page.index('id="accept"') :]) | {"of_deposit": of})


def test_a_deposit_that_only_films_show_stands_beside_the_scans(web, doctor, patient) -> None:
    assert "On radiographs and ultrasound" not in text_of(web.get(reverse("course", args=[patient])))
    recorded(web, doctor, patient, "new")
    said = text_of(web.get(reverse("course", args=[patient])))
    assert "no scan is known to show it" in said and "Only film, 07 Mar 2024" in said
    (finding,) = facts(doctor, patient, "deposit_finding")
    larger, _, _ = drawn(24, size=240)
    recorded(web, doctor, patient, str(finding.deposit_id), shade=larger, StudyDate="20250307", AcquisitionDate="20250307")
    said = text_of(web.get(reverse("course", args=[patient])))
    assert "Then, 07 Mar 2024" in said and "Now, 07 Mar 2025" in said and said.count('class="film-outline"') == 2
    change = re.search(r"Shadow’s area \+(\d+) %, beyond the error of both", said)
    assert change and 38 <= int(change[1]) <= 50, "(24 / 20)² is 1.44"
    assert said.count('alt="Radiograph of the left forearm') == 2
