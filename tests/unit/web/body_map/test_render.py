"""The drawing of one view: text for every shape, shapes for every state, nothing that a strict content policy forbids."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from calciscope.terms import body_map
from calciscope.terms.body_map import BODIES, Place, view_ids
from calciscope.terms.deposits import Region, Side
from calciscope.web.design.body_map import Marker, render
from calciscope.web.design.body_map.layout import place_markers, unplaced
from calciscope.web.design.body_map.marker import LOOKS, look, outline, radius
from calciscope.web.design.body_map.render import FILLS, size_px
from calciscope.web.design.body_map.words import place_words, region_words

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = [view_id for body in BODIES for view_id in view_ids(body)]
RECORD = Path(__file__).parents[4] / "src" / "calciscope" / "record" / "vocabularies" / "deposit_events.toml"
LEFT_ELBOW = (
    Marker(label="D01", state="growing", region=Region.ELBOW, side=Side.LEFT, longest_mm=14),
    Marker(label="D02", state="present", region=Region.ELBOW, side=Side.LEFT, longest_mm=6),
)
KNEE = Marker(
    label="D03", state="ulcerated", region=Region.KNEE, side=Side.RIGHT, view="1.adult.front", x=0.42, y=0.69, longest_mm=32
)  # fmt: skip


def link(place: Place) -> str:
    return f"?region={place.region}&side={place.side}"


def tree(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # own output, not a stranger's


@pytest.mark.parametrize("view_id", VIEWS)
def test_is_well_formed_and_the_same_each_time(view_id: str) -> None:
    text = render(view_id, markers=LEFT_ELBOW, link=link)
    assert tree(text).tag == f"{SVG}svg"
    assert (
        text
        == render(view_id, markers=reversed(LEFT_ELBOW), link=link)
        == render(view_id, markers=LEFT_ELBOW, link=link)
    )


@pytest.mark.parametrize("view_id", VIEWS)
def test_obeys_a_strict_content_policy(view_id: str) -> None:
    for element in tree(render(view_id, markers=[*LEFT_ELBOW, KNEE], link=link)).iter():
        assert element.tag.removeprefix(SVG) in {"svg", "g", "a", "path", "circle", "text", "tspan", "title"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_part_is_a_link_with_a_name_in_words(view_id: str) -> None:
    links = [element for element in tree(render(view_id, link=link)).iter(f"{SVG}a") if element.get("data-words")]
    assert [(a.get("data-region"), a.get("data-side")) for a in links] == list(body_map.shows(view_id))
    for a in links:
        place = Place(Region(a.get("data-region")), Side(a.get("data-side")))
        assert a.get("href") == link(place)
        assert a.get("aria-label") == a.find(f"{SVG}title").text == f"{place_words(*place)}: no deposits"
        assert body_map.place(view_id, float(a.get("data-x")), float(a.get("data-y"))) == place


def test_names_count_the_deposits() -> None:
    gone = Marker(label="D09", state="resolved", region=Region.ELBOW, side=Side.LEFT, longest_mm=90)
    assert region_words(Region.ELBOW, Side.LEFT, LEFT_ELBOW) == "Left elbow: 2 deposits, largest 14 mm"
    assert (
        region_words(Region.ELBOW, Side.LEFT, [*LEFT_ELBOW, gone])
        == "Left elbow: 2 deposits, largest 14 mm, 1 no longer there"
    )
    assert region_words(Region.ELBOW, Side.LEFT, [gone]) == "Left elbow: no deposits, 1 no longer there"
    assert region_words(Region.CHEST, Side.MIDLINE, []) == "Chest, midline: no deposits"
    assert 'aria-label="Left elbow: 2 deposits, largest 14 mm"' in render(
        "1.adult.front", markers=LEFT_ELBOW, link=link
    )


def test_a_picture_without_links_tells_all_in_its_name() -> None:
    root = tree(render("1.adult.front", markers=[*LEFT_ELBOW, KNEE], title="Front, 07 Mar 2026"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == (
        "Front, 07 Mar 2026. D01, left elbow: growing, 14 mm, placed by region only; "
        "D02, left elbow: present, 6 mm, placed by region only; "
        "D03, right knee: ulcerated, 32 mm."
    )


def test_text_of_others_is_escaped() -> None:
    evil = replace(KNEE, label='"><script>', href='"onload="x', state="<b>")
    text = render("1.adult.front", markers=[evil], title='<"&', link=lambda place: '"><script>')
    assert "<script" not in text and "<b>" not in text and ' onload="' not in text
    assert tree(text).get("aria-label") == '<"&'


def test_sides_are_named_on_the_map() -> None:
    def texts(view_id: str) -> str:
        return " ".join("".join(text.itertext()) for text in tree(render(view_id)).iter(f"{SVG}text"))

    assert texts("1.adult.front") == "Rpatient’s right Lpatient’s left"
    assert texts("1.adult.back") == "Lpatient’s left Rpatient’s right"
    assert texts("1.child.right_foot_sole") == "Rrightsole"


def test_every_state_of_the_record_has_a_look_of_its_own_kind() -> None:
    states = {
        name for name, said in tomllib.loads(RECORD.read_text(encoding="utf-8")).items() if isinstance(said, dict)
    }
    assert set(LOOKS) == states
    drawn = {name: (how.shape, how.sign, how.dashed, how.ended) for name, how in LOOKS.items()}
    assert drawn["present"] == drawn["stable"]
    others = [how for name, how in drawn.items() if name != "stable"]
    assert len(set(others)) == len(others), "told apart without colour"


def test_states_that_end_a_deposit_are_hollow() -> None:
    said = tomllib.loads(RECORD.read_text(encoding="utf-8"))
    assert {name for name, how in LOOKS.items() if how.ended} == {
        name for name, term in said.items() if term.get("ends")
    }


def test_a_state_that_is_not_known_says_so() -> None:
    assert look(replace(KNEE, state="from_the_future")).words == "state not recorded"


def test_area_goes_with_size_whatever_the_shape() -> None:
    assert radius(40) ** 2 / radius(10) ** 2 == pytest.approx(4)
    assert radius(None) == radius(0.5) < radius(10) < radius(120) == radius(900)
    for shape in ("up", "down", "square", "diamond", "hexagon"):
        corners = [tuple(map(float, pair.split())) for pair in outline(shape, 100)[1:-1].split("L")]
        doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, [*corners[1:], corners[0]], strict=True))
        assert abs(doubled) / 2 == pytest.approx(3.14159 * 100**2, rel=0.002), shape


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_outlines_stand_out() -> None:
    """WCAG 2.2, 1.4.11: 3 to 1 between a graphic's lines and what is beside them; the colours are those of the drawing."""
    text = render("1.adult.front", markers=LEFT_ELBOW, link=link, chosen=(0.5, 0.5))
    assert 'fill="#f4f2ee"' in text and text.count('stroke="#1b1b1b"') >= 2
    for fill in (*FILLS.values(), "#f4f2ee", "#ffffff"):
        assert contrast("#1b1b1b", fill) > 8
    for skin in ("#f4f2ee", "#ffffff"):
        assert contrast("#37424a", skin) > 4.5  # outline and letters
        assert contrast("#b50909", skin) > 4.5  # the chosen point
        assert (
            contrast("#7d93a3", skin) > 2.7
        )  # borders: faint on purpose, they carry no state, and every region is a named link


def test_points_stay_and_regions_make_room() -> None:
    drawn = body_map.view("1.adult.front")
    placed = {item.marker.label: item for item in place_markers(drawn, [*LEFT_ELBOW, KNEE])}
    assert (placed["D03"].x, placed["D03"].y) == pytest.approx(drawn.inside(0.42, 0.69))
    assert placed["D03"].pointed and not placed["D01"].pointed
    for label in ("D01", "D02"):
        at = drawn.normalised((placed[label].x, placed[label].y))
        assert body_map.place(drawn.id, *at) == (Region.ELBOW, Side.LEFT)
    assert (placed["D01"].x, placed["D01"].y) != (placed["D02"].x, placed["D02"].y)


def test_labels_of_a_crowded_limb_do_not_cover_each_other() -> None:
    crowd = [
        Marker(label=f"D{k:02d}", state="present", region=Region.ELBOW, side=Side.LEFT, longest_mm=4 + k)
        for k in range(1, 7)
    ]
    boxes = [
        (item.label_x - 11, item.label_y - 6, item.label_x + 11, item.label_y + 6)
        for item in place_markers(body_map.view("1.adult.front"), crowd)
    ]
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_point_on_a_hand_is_on_the_hand_and_by_region_on_the_figure_with_the_same_skin() -> None:
    dorsal = Marker(
        label="D05",
        state="present",
        region=Region.FINGER,
        side=Side.RIGHT,
        view="1.adult.right_hand_back",
        x=0.4,
        y=0.3,
    )
    shown = {view_id: place_markers(body_map.view(view_id), [dorsal]) for view_id in view_ids("adult")}
    assert {view_id for view_id, placed in shown.items() if placed} == {"1.adult.back", "1.adult.right_hand_back"}
    assert shown["1.adult.right_hand_back"][0].pointed and not shown["1.adult.back"][0].pointed


def test_a_point_of_childhood_is_shown_by_region_on_the_adult() -> None:
    then = replace(KNEE, view="1.child.front")
    placed = place_markers(body_map.view("1.adult.front"), [then])
    assert [item.pointed for item in placed] == [False]


def test_what_the_map_cannot_show_is_told() -> None:
    nowhere = replace(KNEE, region=Region.UNKNOWN, side=Side.UNKNOWN, view=None, x=None, y=None)
    sideless = replace(nowhere, region=Region.KNEE)
    assert unplaced(body_map.view("1.adult.front"), [KNEE, nowhere, sideless]) == [nowhere, sideless]


@pytest.mark.parametrize("view_id", VIEWS)
def test_targets_are_large_enough(view_id: str) -> None:
    """24 pixels either way for every part together with its halo (WCAG 2.2, 2.5.8); the lists do the same as the map."""
    drawn = body_map.view(view_id)
    pixels = size_px(view_id)[1] / drawn.box[3]
    for item in drawn.areas:
        left, top, right, bottom = item.face.box
        halo = 2 * body_map.BESIDE if min(right - left, bottom - top) < 24 else 0
        assert (min(right - left, bottom - top) + halo) * pixels >= 24 or item.region is Region.TOE, (
            item.region,
            item.part,
        )
    marked = render("1.adult.front", markers=LEFT_ELBOW)
    assert all(float(r) >= 12 for r in re.findall(r'body-map__target" r="([\d.]+)"', marked))


def test_is_small_enough_for_a_page() -> None:
    assert len(render("1.adult.front").encode()) < 40_000
    assert len(render("1.adult.front", link=link).encode()) < 80_000
