"""Whoever asks faster than a person reads has to wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from calciscope.web.gate.pace import PACE, WINDOW_S, Pace
from calciscope.web.settings import foundation, production


@pytest.fixture
def slow(settings) -> Iterator[None]:
    settings.REQUESTS_A_MINUTE = 3
    PACE.forget()
    yield
    PACE.forget()


def test_who_asks_too_fast_waits(slow, web, people, client_of) -> None:
    answers = [web.get(reverse("today")).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    last = web.get(reverse("today"))
    assert last["Retry-After"] == "60" and b"Wait a minute" in last.content
    assert client_of(people(name="another")).get(reverse("today")).status_code == 200


def test_after_a_minute_one_may_ask_again() -> None:
    pace = Pace()
    assert [pace.too_fast("one", most=2, now=time) for time in (0.0, 1.0, 2.0)] == [False, False, True]
    assert not pace.too_fast("one", most=2, now=WINDOW_S + 0.5)
    assert pace.too_fast("one", most=2, now=WINDOW_S + 0.6)


def test_a_clinic_is_limited_and_a_demonstration_is_not() -> None:
    assert foundation.REQUESTS_A_MINUTE is None
    assert 60 <= production.REQUESTS_A_MINUTE <= 600
