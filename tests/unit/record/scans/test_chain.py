"""Scans as courses: of one part of the body together, each with the one it was held against, families followed through all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.fact import Fact
from calciscope.record.scans.chain import chains, followed_through
from tests.unit.record.scans.made import candidate

SPACE = UUID(int=9)


def fact(name: str, noun: str, on: str, data: dict[str, Any]) -> Fact:
    return Fact(
        uid=uuid5(SPACE, name), version=1, noun=noun, data=data, status="current", effective_on=date.fromisoformat(on),
        visit_id=None, deposit_id=None, by="Dr Example", role="rheumatologist", at=datetime(2026, 10, 1, tzinfo=UTC), reason="",
        software="",
    )  # fmt: skip


def scan(name: str, on: str, *, regions: tuple[str, ...] = ("knee",), numbers: tuple[int, ...] = (1, 2)) -> list[Fact]:
    study = fact(f"study {name}", "imaging_study", on, {"regions": list(regions)})
    said = {
        "study": str(study.uid),
        "outcome": "measured",
        "candidates": [candidate(one) for one in numbers],
        "mass_mg": 100.0,
    }
    return [study, fact(name, "imaging_measurement", on, said)]


def held(earlier: str, later: str, families: list[dict[str, Any]], *, outcome: str = "compared") -> Fact:
    said = {
        "measurement": str(uuid5(SPACE, later)),
        "earlier": str(uuid5(SPACE, earlier)),
        "outcome": outcome,
        "families": families,
    }
    return fact(f"{earlier} {later}", "imaging_comparison", "2026-01-01", said)


def family(
    then: list[int], now: list[int], masses: tuple[float | None, float | None], event: str = "stable"
) -> dict[str, Any]:
    return {
        "event": event,
        "baseline_ids": then,
        "followup_ids": now,
        "baseline_mass_mg": masses[0],
        "followup_mass_mg": masses[1],
    }


THREE = [*scan("a", "2024-01-10"), *scan("b", "2025-01-10"), *scan("c", "2026-01-10")]


def test_three_scans_of_one_part_are_one_course_and_another_part_is_its_own() -> None:
    facts = [*THREE, *scan("elbow", "2026-03-10", regions=("elbow",))]
    elbow, knee = chains(facts)
    assert elbow.regions == ("elbow",) and elbow.last is None
    assert [one.effective_on.year for one in knee.scans if one.effective_on] == [2024, 2025, 2026]
    assert [step.comparison for step in knee.steps] == [None, None]
    assert not knee.steps[0].possible


def test_a_family_is_followed_through_all_scans() -> None:
    facts = [
        *THREE,
        held("a", "b", [family([1], [2], (100.0, 90.0)), family([2], [1], (40.0, 41.0))]),
        held("b", "c", [family([2], [1], (91.0, 50.0), "shrunk"), family([1], [2], (41.0, 42.0))]),
    ]
    (chain,) = chains(facts)
    first, second = followed_through(chain, facts)
    assert [mass for _, mass in first.points] == [100.0, 90.0, 50.0]
    assert [mass for _, mass in second.points] == [40.0, 41.0, 42.0]
    assert first.places == ((0, 0), (1, 0))


def test_families_that_merge_are_one_from_the_first_scan_on() -> None:
    facts = [
        *THREE,
        held("a", "b", [family([1], [1], (60.0, 61.0)), family([2], [2], (30.0, 31.0))]),
        held("b", "c", [family([1, 2], [1], (92.0, 95.0), "merged")]),
    ]
    (chain,) = chains(facts)
    (merged,) = followed_through(chain, facts)
    assert [mass for _, mass in merged.points] == [90.0, 92.0, 95.0]


def test_a_mass_that_could_not_be_evaluated_is_no_point() -> None:
    facts = [*THREE, held("a", "b", [family([1], [1], (60.0, None), "not_evaluable")])]
    (chain,) = chains(facts)
    (one,) = followed_through(chain, facts)
    assert [mass for _, mass in one.points] == [60.0]


def test_what_was_not_seen_and_not_evaluable_is_not_gone() -> None:
    """Its place may lie outside the later scan."""
    facts = [
        *THREE,
        held("a", "b", [family([1], [], (60.0, 0.0), "not_evaluable"), family([2], [], (40.0, 0.0), "resolved")]),
    ]
    (chain,) = chains(facts)
    assert [[mass for _, mass in one.points] for one in followed_through(chain, facts)] == [[60.0], [40.0, 0.0]]


def test_a_scan_that_came_late_leaves_the_comparison_that_was_made() -> None:
    """The first and the last were compared before the one between them was sent."""
    facts = [
        *THREE,
        held("a", "c", [family([1], [1], (60.0, 20.0), "shrunk")]),
        held("a", "b", [family([1], [1], (60.0, 59.0))]),
    ]
    (chain,) = chains(facts)
    assert [(str(step.earlier.effective_on), str(step.later.effective_on)) for step in chain.steps] == [
        ("2024-01-10", "2025-01-10"), ("2024-01-10", "2026-01-10"),
    ]  # fmt: skip
    (one,) = followed_through(chain, facts)
    assert [mass for _, mass in one.points] == [60.0, 59.0, 20.0]


def test_a_comparison_that_was_not_possible_joins_nothing() -> None:
    facts = [
        *scan("a", "2024-01-10"),
        *scan("x", "2025-01-10", regions=("elbow",)),
        held("a", "x", [], outcome="not_comparable"),
    ]
    assert [chain.regions for chain in chains(facts)] == [("elbow",), ("knee",)]


def test_of_a_series_that_was_measured_twice_the_newer_result_counts() -> None:
    first, again = scan("a", "2024-01-10"), scan("a", "2024-01-10")
    newer = Fact(**{name: getattr(again[1], name) for name in Fact.__dataclass_fields__} | {
        "uid": uuid5(SPACE, "again"), "at": datetime(2026, 11, 1, tzinfo=UTC), "data": again[1].data | {"series_uid": "1.2"},
    })  # fmt: skip
    older = Fact(
        **{name: getattr(first[1], name) for name in Fact.__dataclass_fields__}
        | {"data": first[1].data | {"series_uid": "1.2"}}
    )
    (chain,) = chains([first[0], older, newer])
    assert [one.uid for one in chain.scans] == [newer.uid]
