"""Which deposit a candidate may be: sides never cross, positions of an earlier scan decide, and each deposit is first once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from calciscope.record.fact import Fact
from calciscope.record.scans.links import Linked, suggestions
from calciscope.record.stories import Story
from tests.unit.record.scans.made import candidate

ON = "10 Mar 2025"


def fact(noun: str, **data) -> Fact:
    return Fact(
        uid=uuid4(), version=1, noun=noun, data=data, status="final", effective_on=date(2025, 3, 1), visit_id=None,
        deposit_id=None, by="", role="", at=datetime(2025, 3, 1, tzinfo=UTC), reason="", software="",
    )  # fmt: skip


def story(number: int, *, event: str = "present", **found) -> Story:
    said = {"region": "knee", "side": "left", "layer": "subcutaneous", "form": "nodule", "longest_mm": 14.0} | found
    events = (fact("deposit_event", event=event),)
    return Story(
        id=UUID(int=number), label=f"D{number:02d}", findings=(fact("deposit_finding", **said),), events=events
    )


def first(said, number: int = 1) -> str:
    return said[number][0].label if said[number] else ""


def test_the_likest_comes_first_with_its_reasons() -> None:
    told = [story(1, region="thigh"), story(2, layer="fascial"), story(3)]
    (found,) = suggestions([candidate(1)], told).values()
    assert [one.label for one in found] == ["D03", "D02", "D01"]
    assert (
        found[0].reason
        == "same part (left knee), same layer (subcutaneous), same form (nodule), 14 mm here, 14 mm on the map"
    )
    assert "next layer (fascial on the map)" in found[1].reason
    assert "next to its part (left thigh)" in found[2].reason


@pytest.mark.parametrize(
    "other",
    [{"side": "right"}, {"region": "elbow"}, {"region": "head", "side": "midline"}],
    ids=["side", "part", "both"],
)
def test_another_side_or_a_far_part_is_never_offered(other) -> None:
    assert suggestions([candidate(1)], [story(1, **other)])[1] == ()


def test_what_is_not_certain_says_so() -> None:
    (found,) = suggestions([candidate(1, side="unknown")], [story(1)])[1]
    assert "side not certain" in found.reason
    assert (
        suggestions(
            [candidate(1, region="unknown", side="unknown", layer="unknown", longest_diameter_mm=None)], [story(1)]
        )[1]
        == ()
    )


def test_an_ended_deposit_comes_after_one_that_lives() -> None:
    assert first(suggestions([candidate(1)], [story(1, event="excised"), story(2, longest_mm=6.0)])) == "D02"


def test_one_deposit_is_the_first_choice_of_one_candidate() -> None:
    said = suggestions([candidate(1), candidate(2, longest_diameter_mm=6.0)], [story(1)])
    assert (first(said, 1), first(said, 2)) == ("D01", "")


def test_where_it_lay_on_an_earlier_scan_decides_though_the_patient_was_moved() -> None:
    """Three alike nodules; a year later all lie 80 mm further along the table, in another order of mass."""
    places = {1: (0.0, 0.0, 0.0), 2: (30.0, 5.0, 10.0), 3: (-20.0, 40.0, 0.0)}
    told = [story(number) for number in places]

    def at(number: int, shift: float, mass: float) -> dict:
        x, y, z = places[number]
        return candidate(number, x_mm=x + shift / 4, y_mm=y, z_mm=z + shift, mass_mg=mass)

    earlier = [Linked(deposit=UUID(int=number), candidate=at(number, 0.0, 10.0 * number), on=ON) for number in places]
    now = [
        at(number, 80.0, mass) | {"deposit_id": key} for key, number, mass in ((1, 2, 90.0), (2, 3, 50.0), (3, 1, 5.0))
    ]
    said = suggestions(now, told, earlier)
    assert [first(said, key) for key in (1, 2, 3)] == ["D02", "D03", "D01"]
    assert "0 mm from where it lay on the scan of 10 Mar 2025" in said[1][0].reason


def test_a_single_pair_says_nothing_of_the_shift() -> None:
    earlier = [Linked(deposit=UUID(int=1), candidate=candidate(1), on=ON)]
    (found,) = suggestions([candidate(1, x_mm=500.0)], [story(1)], earlier)[1]
    assert "lay on the scan" not in found.reason
