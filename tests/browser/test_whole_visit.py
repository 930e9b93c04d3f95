"""From the list of patients to the text in the clipboard within eight minutes and 120 actions, with either hand."""

from __future__ import annotations

import pytest

from tests.browser.conftest import furnished
from tests.browser.whole_visit import NOTE, pictures, whole_visit

pytestmark = pytest.mark.slow

MOST_ACTIONS = 120
LONGEST_S = 8 * 60


def test_a_visit_with_ten_deposits_and_two_photographs(page, log_in, hands, clinic, tmp_path) -> None:
    log_in("doctor")
    if page.get_by_role("link", name="Ten, Tina", exact=True).count() == 0:
        furnished(clinic.home, "ten")
        page.reload()
    text = whole_visit(hands, pictures(tmp_path))
    assert "D01: left elbow, 18 mm" in text
    assert "Signed by Dr Demonstration" in text
    assert NOTE in text and "Tina" not in text
    print(f"whole visit: {hands.actions} actions, {hands.person_s + hands.waited_s:.0f} s at a person's pace")
    assert hands.actions <= MOST_ACTIONS
    assert hands.person_s + hands.waited_s <= LONGEST_S
