"""Two visits side by side, with the key and the table that says the same in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from calciscope.terms.deposits import Region, Side
from calciscope.web.design.body_map import Marker, Moment, legend, then_and_now, whole_body
from calciscope.web.design.body_map.figure import views_for
from calciscope.web.design.body_map.marker import LOOKS

ELBOW = Marker(label="D01", state="present", region=Region.ELBOW, side=Side.LEFT, longest_mm=14)
PALM = Marker(
    label="D02", state="suspected", region=Region.FINGER, side=Side.LEFT, view="1.child.left_hand_palm", x=0.5, y=0.3
)
BUTTOCK = Marker(label="D03", state="growing", region=Region.BUTTOCK, side=Side.RIGHT, longest_mm=30.5)
NOWHERE = Marker(label="D04", state="present", region=Region.UNKNOWN, side=Side.UNKNOWN, longest_mm=3)
THEN = Moment(day=date(2025, 3, 7), markers=[ELBOW, PALM])
NOW = Moment(day=date(2026, 3, 7), markers=[replace(ELBOW, state="growing", longest_mm=18), BUTTOCK, NOWHERE])


def elements(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{text}</div>")  # own output, not a stranger's


def test_both_visits_show_the_same_views() -> None:
    shown = re.findall(r'data-view="([^"]+)"', then_and_now(THEN, NOW, body="child"))
    assert shown == ["1.child.front", "1.child.back", "1.child.left_hand_palm"] * 2
    assert views_for([ELBOW], body="adult") == ("1.adult.front", "1.adult.back")


def test_dates_are_written_out() -> None:
    captions = [
        "".join(caption.itertext()) for caption in elements(then_and_now(THEN, NOW, body="child")).iter("figcaption")
    ]
    assert captions == ["07 Mar 2025: 2 deposits, largest 14 mm", "07 Mar 2026: 3 deposits, largest 30.5 mm"]


def test_the_table_says_what_the_pictures_show() -> None:
    rows = [
        ["".join(cell.itertext()) for cell in row] for row in elements(then_and_now(THEN, NOW, body="child")).iter("tr")
    ]
    assert rows == [
        ["Deposit", "Place", "07 Mar 2025", "07 Mar 2026"],
        ["D01", "Left elbow", "present, 14 mm", "growing, 18 mm"],
        ["D02", "Left finger", "suspected, size not measured", "not recorded"],
        ["D03", "Right buttock", "not recorded", "growing, 30.5 mm"],
        ["D04", "Place not known", "not recorded", "present, 3 mm"],
    ]


def test_what_has_no_place_is_listed_beside_the_pictures() -> None:
    text = whole_body(NOW, body="adult")
    assert "Not on these pictures" in text
    assert "<li>D04, place not known: present, 3 mm</li>" in text
    assert "D01, left elbow" in text and "<li>D01" not in text
    assert "Not on these pictures" not in whole_body(THEN, body="adult")
    assert "<li>D01" in whole_body(THEN, body="adult", views=["1.adult.back"])


def test_the_key_names_each_shape_once() -> None:
    everything = [replace(ELBOW, state=state) for state in LOOKS]
    named = ["".join(item.itertext()).strip() for item in elements(legend(everything)).findall(".//ul")[0]]
    assert named == [how.words for how in LOOKS.values()]
    assert legend([ELBOW, ELBOW]) == legend([ELBOW])


@pytest.mark.parametrize(
    "text", [then_and_now(THEN, NOW, body="child"), whole_body(THEN, body="adult"), legend([ELBOW])]
)
def test_no_inline_style_or_script(text: str) -> None:
    for element in elements(text).iter():
        assert element.tag.rpartition("}")[2] not in {"style", "script"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
