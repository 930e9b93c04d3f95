"""Pairs of phantom visits with crowded deposits that grow, shrink, come, go, merge and split, in all positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from benchmarks.track_scans import Pose, Visit, another_visit, first_visit
from calciscope.phantom.deposits import presets
from calciscope.phantom.deposits.change import bar, pair
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.spec import GROWTH_PER_YEAR, Body, PhantomSpec

CROWD = "crowd-that-changes"
PAIRS, BARS = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What differs at the follow-up."""

    name: str
    spec: PhantomSpec
    pose: Pose
    later: dict[str, object]
    centre_mm: float = 0.0

    def visits(self) -> tuple[tuple[PhantomSpec, Visit], tuple[PhantomSpec, Visit]]:
        """Baseline and follow-up, each with the scanner's settings."""
        first = first_visit(self.spec)
        spec = replace(self.spec, **self.later)  # type: ignore[arg-type]
        return (self.spec, first), (
            spec,
            another_visit(spec, first, self.pose, changed=True, centre_mm=self.centre_mm),
        )


def crowd(spec: PhantomSpec, ground: Ground) -> list[PlannedDeposit]:
    """Sixty and more nodules near each other, pairs that will merge, rods that will split."""
    found: list[PlannedDeposit | None] = [
        *pair(spec, ground, "pair", 6.0, 500.0), bar(spec, ground, "bar", 500.0),
    ]  # fmt: skip
    crowded: Callable[[PhantomSpec, Ground], list[PlannedDeposit]] = presets.PRESETS["crowded"]
    found += crowded(replace(spec, deposits="crowded", count=spec.count or 75), ground)
    return [one for one in found if one is not None]


presets.PRESETS[CROWD] = crowd


def cases(quick: bool) -> Iterator[Case]:
    """Every position and setting; the first three when quick."""
    base = PhantomSpec(kind=Body.LEG, deposits=CROWD, slices=200, rows=232, columns=232, vascular=False)
    bent = Pose(shift_mm=(5.0, -8.0, 13.0), turn_deg=8.0, bend_deg=12.0)
    grown = replace(bent, grown=GROWTH_PER_YEAR, bend_deg=9.0)
    found = [
        Case(name="moved, turned, knee bent by 12 degrees", spec=replace(base, seed=501), pose=bent, later={}),
        Case(name="a child's limb grown by 3.5 %, knee bent", spec=replace(base, seed=502, juvenile=True), pose=grown, later={}),
        Case(
            name="half the limb missing, another table height", spec=replace(base, seed=503),
            pose=Pose(shift_mm=(20.0, 60.0, -340.0), turn_deg=-12.0, bend_deg=4.0), later={"slices": 120}, centre_mm=-35.0,
        ),
        Case(name="follow-up of 3 mm slices", spec=replace(base, seed=504), pose=bent, later={"slice_mm": 3.0, "slices": 67}),
        Case(
            name="turned by 30 degrees, knee bent by 20", spec=replace(base, seed=505),
            pose=Pose(shift_mm=(-12.0, 30.0, 55.0), turn_deg=30.0, bend_deg=20.0), later={},
        ),
    ]  # fmt: skip
    yield from found[:3] if quick else found
