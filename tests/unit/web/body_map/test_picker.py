"""The map of a form, with and without its script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from calciscope.terms import body_map
from calciscope.terms.body_map import BODIES, Place, view_ids
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Refused
from calciscope.web.design.body_map import Fields, Picked, at_anchor, clicked, picker, picture_button
from calciscope.web.design.body_map.render import size_px

VIEWS = [view_id for body in BODIES for view_id in view_ids(body)]
KNEE = Place(Region.KNEE, Side.LEFT)


def link(place: Place) -> str:
    return f"?region={place.region}&side={place.side}"


class Tags(HTMLParser):
    """Start tags and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_names_the_forms_own_fields() -> None:
    tag, attributes = Tags(picker("1.adult.front", link=link, fields=Fields(region="id_r", x='x"y'))).seen[0]
    assert tag == "div"
    assert attributes["data-body-map"] == "1.adult.front"
    assert [attributes[f"data-{name}-field"] for name in ("region", "side", "map", "x", "y")] == [
        "id_r", "id_side", "id_map", 'x"y', "id_map_y",
    ]  # fmt: skip


def test_shows_the_point_of_the_form_on_its_own_view_only() -> None:
    picked = at_anchor("1.adult.front", KNEE)
    assert picked == Picked(view="1.adult.front", x=picked.x, y=picked.y, place=KNEE)
    assert body_map.place(picked.view, picked.x, picked.y) == KNEE
    here, there = (picker(view_id, link=link, picked=picked) for view_id in ("1.adult.front", "1.adult.back"))
    assert 'visibility="visible"' in here and "Chosen: Left knee." in here
    assert 'visibility="hidden"' in there and "Chosen" not in there
    x, y = map(float, re.search(r"data-chosen.*?translate\(([-\d.]+) ([-\d.]+)\)", here).groups())
    assert (x, y) == pytest.approx(body_map.view("1.adult.front").inside(picked.x, picked.y), abs=0.06)


def test_without_a_script_every_part_is_reached_by_tab_and_halos_are_not() -> None:
    links = [attributes for tag, attributes in Tags(picker("1.adult.front", link=link)).seen if tag == "a"]
    named = [a for a in links if a.get("tabindex") != "-1"]
    assert [a["href"] for a in named] == [link(place) for place in body_map.shows("1.adult.front")]
    halos = [a for a in links if a.get("tabindex") == "-1"]
    assert {a["href"] for a in halos} < {a["href"] for a in named}
    assert {"finger", "toe"} <= {a["data-region"] for a in halos}


def test_the_picture_can_be_a_submit_button() -> None:
    tag, attributes = Tags(picture_button("1.child.back", name="point", source="/map.svg?v=1&a=b")).seen[0]
    assert (tag, attributes["type"], attributes["src"]) == ("input", "image", "/map.svg?v=1&a=b")
    assert (int(attributes["width"]), int(attributes["height"])) == size_px("1.child.back")
    assert attributes["alt"] == "Back: choose a point"


@pytest.mark.parametrize("view_id", VIEWS)
def test_a_click_on_the_picture_means_what_is_seen_there(view_id: str) -> None:
    across, down = size_px(view_id)
    for place in body_map.shows(view_id):
        x, y = body_map.anchor(place.region, place.side, view_id)
        picked = clicked(view_id, round(x * across), round(y * down))
        assert (picked.view, picked.place) == (view_id, place)
        assert (picked.x, picked.y) == pytest.approx((x, y), abs=0.5 / min(across, down) + 1e-9)


def test_a_click_beside_the_body_is_refused_in_one_sentence() -> None:
    for at in ((3, 840), (-5, 10), (9999, 10)):
        with pytest.raises(Refused, match="point"):
            clicked("1.adult.front", *at)


def test_a_part_that_a_view_does_not_show_is_refused() -> None:
    with pytest.raises(Refused, match="does not show"):
        at_anchor("1.adult.left_hand_palm", KNEE)
