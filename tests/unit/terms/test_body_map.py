"""The body map: outlines that share their borders, points that find their region, and points for every region."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import pytest

from calciscope.terms import body_map
from calciscope.terms.body_map import BODIES, Place, anchor, part, place, shows, view, view_ids, views_of
from calciscope.terms.body_map.curves import Point, flattened
from calciscope.terms.body_map.faces import Face, area
from calciscope.terms.deposits import Region, Side
from calciscope.terms.errors import Refused

VIEWS = [view_id for body in BODIES for view_id in view_ids(body)]
FIGURES = [view_id for view_id in VIEWS if view_id.endswith(("front", "back")) and "hand" not in view_id]
MIDDLE = {"head", "face", "neck", "chest", "back", "abdomen", "pelvis"}
ON_BOTH = "head neck shoulder upper_arm elbow forearm wrist hand finger pelvis hip thigh knee lower_leg ankle foot "
ON_THE_FRONT = ON_BOTH + "face chest abdomen groin toe"
ON_THE_BACK = ON_BOTH + "back buttock"
LARGEST_DRIFT = 0.25  # units by which a chord may leave its curve: far below the width of a line


def spans(corners: tuple[Point, ...], y: float) -> list[tuple[float, float]]:
    """Where a level line runs inside a polygon: an own rasteriser, apart from the one that is tested."""
    crossings = sorted(
        a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
        if (a[1] <= y) != (b[1] <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def silhouette(view_id: str) -> tuple[Point, ...]:
    """The outer outline alone, joined from the edges that border on one area only."""
    drawn = view(view_id)
    leaving = {}
    for number in drawn.outer:
        edge = drawn.edges[number - 1]
        for way in (edge, edge.reversed()):
            leaving.setdefault(way.origin, []).append((number, way))
    start = next(iter(leaving))
    walked, node, corners = set(), start, []
    while True:
        number, edge = next((n, e) for n, e in leaving[node] if n not in walked)
        walked.add(number)
        corners += flattened(edge.start, edge.pieces)
        node = edge.goal
        if node == start:
            break
    assert walked == drawn.outer, "the outline is one closed line"
    return tuple(corners)


def test_every_region_and_side_is_on_some_view_of_every_body() -> None:
    for body in BODIES:
        shown = {found for view_id in view_ids(body) for found in shows(view_id)}
        for region in set(Region) - {Region.UNKNOWN}:
            sides = {Side.LEFT, Side.RIGHT} | ({Side.MIDLINE} if region in MIDDLE else set())
            assert {found.side for found in shown if found.region is region} == sides, region


@pytest.mark.parametrize("body", BODIES)
def test_figures_show_the_regions_that_can_be_seen_from_there(body: str) -> None:
    for name, words in (("front", ON_THE_FRONT), ("back", ON_THE_BACK)):
        assert {found.region.value for found in shows(f"1.{body}.{name}")} == set(words.split())


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_outline_is_closed_and_belongs_to_one_region(view_id: str) -> None:
    drawn = view(view_id)
    assert len({item.face.edges for item in drawn.areas}) == len(drawn.areas)
    for item in drawn.areas:
        assert item.face.pieces[-1][2] == pytest.approx(item.face.start)
    uses = Counter(abs(number) for item in drawn.areas for number in item.face.edges)
    assert set(uses) == set(range(1, len(drawn.edges) + 1)), "no line is left over"
    assert max(uses.values()) == 2
    walked = Counter(number for item in drawn.areas for number in item.face.edges)
    assert max(walked.values()) == 1, "neighbours walk their border in opposite ways"


@pytest.mark.parametrize("view_id", VIEWS)
def test_regions_fill_the_silhouette_without_gap_or_overlap(view_id: str) -> None:
    drawn, outline = view(view_id), silhouette(view_id)
    assert sum(abs(area(item.face.corners)) for item in drawn.areas) == pytest.approx(abs(area(outline)), rel=1e-9)
    top, height = drawn.box[1], drawn.box[3]
    for k in range(160):
        y = top + height * (k + 0.31831) / 160
        inside = spans(outline, y)
        parts = sorted(span for item in drawn.areas for span in spans(item.face.corners, y))
        assert sum(b - a for a, b in parts) == pytest.approx(sum(b - a for a, b in inside), abs=1e-6)
        for before, after in pairwise(parts):
            assert before[1] <= after[0] + 1e-6, f"overlap at height {y:.1f}"


@pytest.mark.parametrize("view_id", VIEWS)
def test_lines_meet_in_nodes_only(view_id: str) -> None:
    """Two borders that crossed between nodes would make a point belong to two regions."""
    drawn = view(view_id)
    chains = [[edge.start, *flattened(edge.start, edge.pieces)] for edge in drawn.edges]
    chords = [(k, a, b) for k, chain in enumerate(chains) for a, b in pairwise(chain)]
    chords.sort(key=lambda chord: min(chord[1][0], chord[2][0]))
    for n, (k, a, b) in enumerate(chords):
        right = max(a[0], b[0])
        for other, c, d in chords[n + 1 :]:
            if min(c[0], d[0]) > right:
                break
            assert other == k or not crosses(a, b, c, d), (drawn.edges[k].origin, drawn.edges[other].origin, a, c)


def crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    def turn(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    if {a, b} & {c, d}:
        return False
    return turn(a, b, c) * turn(a, b, d) < -1e-9 and turn(c, d, a) * turn(c, d, b) < -1e-9


@pytest.mark.parametrize("view_id", VIEWS)
def test_chords_stay_on_their_curves(view_id: str) -> None:
    for edge in view(view_id).edges:
        start = edge.start
        for piece in edge.pieces:
            chords = [start, *flattened(start, [piece])]
            first, second, end = piece
            for k in range(len(chords) - 1):
                t = (k + 0.5) / (len(chords) - 1)
                on_curve = [
                    (1 - t) ** 3 * start[i]
                    + 3 * (1 - t) ** 2 * t * first[i]
                    + 3 * (1 - t) * t * t * second[i]
                    + t**3 * end[i]
                    for i in (0, 1)
                ]
                a, b = chords[k], chords[k + 1]
                across = abs((b[0] - a[0]) * (on_curve[1] - a[1]) - (b[1] - a[1]) * (on_curve[0] - a[0])) / math.dist(
                    a, b
                )
                assert across < LARGEST_DRIFT
            start = end


@pytest.mark.parametrize("view_id", VIEWS)
def test_the_point_of_a_region_lies_in_that_region_well_inside(view_id: str) -> None:
    drawn = view(view_id)
    for found in shows(view_id):
        x, y = anchor(found.region, found.side, view_id)
        assert place(view_id, x, y) == found
    for item in drawn.areas:
        x, y = drawn.normalised(item.anchor)
        assert (place(view_id, x, y), part(view_id, x, y)) == (Place(item.region, item.side), item.part)
        assert item.face.distance(item.anchor) > 1.5, (item.region, item.part)


@pytest.mark.parametrize("view_id", FIGURES)
def test_figures_are_mirror_images(view_id: str) -> None:
    other = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.MIDLINE: Side.MIDLINE}
    for i in range(60):
        for j in range(60):
            x, y = (i + 0.37) / 60, (j + 0.37) / 60
            here, there = place(view_id, x, y), place(view_id, 1 - x, y)
            assert (here and Place(here.region, other[here.side])) == there


def test_sides_are_the_patients() -> None:
    assert place("1.adult.front", 0.2, 0.45).side is Side.RIGHT  # the patient faces the viewer
    assert place("1.adult.back", 0.2, 0.45).side is Side.LEFT
    for name, thumb_at_right in (
        ("left_hand_palm", False),
        ("left_hand_back", True),
        ("right_hand_palm", True),
        ("right_hand_back", False),
    ):
        thumb = next(item for item in view(f"1.adult.{name}").areas if item.part == "thumb")
        assert (view(f"1.adult.{name}").normalised(thumb.anchor)[0] > 0.5) is thumb_at_right, name
    for name, big_at_right in (
        ("left_foot_top", True),
        ("left_foot_sole", False),
        ("right_foot_top", False),
        ("right_foot_sole", True),
    ):
        big = next(item for item in view(f"1.adult.{name}").areas if item.part == "big toe")
        assert (view(f"1.adult.{name}").normalised(big.anchor)[0] > 0.5) is big_at_right, name


@pytest.mark.parametrize("view_id", VIEWS)
def test_hands_and_feet_have_five_fingers_and_toes(view_id: str) -> None:
    for found in shows(view_id):
        if found.region in (Region.FINGER, Region.TOE):
            parts = [item.part for item in view(view_id).areas if (item.region, item.side) == found]
            assert len(set(parts)) == len(parts) == 5


def test_a_child_has_a_larger_head_and_shorter_limbs() -> None:
    def share(view_id: str, regions: set[str]) -> float:
        faces: list[Face] = [item.face for item in view(view_id).areas if item.region.value in regions]
        whole = [item.face for item in view(view_id).areas]
        return height(faces) / height(whole)

    def height(faces: list[Face]) -> float:
        return max(face.box[3] for face in faces) - min(face.box[1] for face in faces)

    head, leg, arm = (
        {"head", "face"},
        {"thigh", "knee", "lower_leg", "ankle", "foot", "toe"},
        {"upper_arm", "forearm", "hand", "finger"},
    )
    assert 7.2 < 1 / share("1.adult.front", head) < 7.8  # heads in a body: 7.5 grown up, 6 at the age of seven
    assert 5.5 < 1 / share("1.child.front", head) < 6.3
    assert share("1.child.front", leg) < share("1.adult.front", leg)
    assert share("1.child.front", arm) < share("1.adult.front", arm)


def test_both_bodies_are_one_description() -> None:
    for adult, child in zip(view_ids("adult"), view_ids("child"), strict=True):
        assert [(a.region, a.side, a.part) for a in view(adult).areas] == [
            (a.region, a.side, a.part) for a in view(child).areas
        ]


def test_a_near_miss_belongs_to_the_nearest_part_when_asked() -> None:
    drawn = view("1.adult.front")
    elbow = next(item.face for item in drawn.areas if (item.region, item.side) == (Region.ELBOW, Side.LEFT))
    middle = (elbow.box[1] + elbow.box[3]) / 2
    edge = max(corner for corner in elbow.corners if abs(corner[1] - middle) < 5)
    x, y = drawn.normalised((edge[0] + 5, edge[1]))
    assert place("1.adult.front", x, y) is None
    assert place("1.adult.front", x, y, beside=8) == (Region.ELBOW, Side.LEFT)
    assert place("1.adult.front", x, y, beside=2) is None
    assert place("1.adult.front", 0.02, 0.98, beside=8) is None


def test_views_of_a_region_begin_with_the_whole_figure() -> None:
    assert views_of(Region.FINGER, Side.LEFT, "adult") == (
        "1.adult.front", "1.adult.back", "1.adult.left_hand_palm", "1.adult.left_hand_back",
    )  # fmt: skip
    assert views_of(Region.BUTTOCK, Side.RIGHT, "child") == ("1.child.back",)
    assert views_of(Region.UNKNOWN, Side.UNKNOWN, "adult") == ()


def test_what_is_not_there_is_refused() -> None:
    for wrong in ("2.adult.front", "1.giant.front", "1.adult.side", "", "1.adult", "1.adult.front.x"):
        with pytest.raises(Refused, match="no view"):
            view(wrong)
    for x, y in ((-0.01, 0.5), (0.5, 1.2), (math.nan, 0.5), (math.inf, 0.5)):
        with pytest.raises(Refused, match="between 0 and 1"):
            place("1.adult.front", x, y)
    with pytest.raises(Refused, match="does not show"):
        anchor(Region.BUTTOCK, Side.LEFT, "1.adult.front")


def test_ids_fit_the_record() -> None:
    assert body_map.VERSION == "1"
    assert all(len(view_id) <= 40 and view_id.islower() for view_id in VIEWS)
