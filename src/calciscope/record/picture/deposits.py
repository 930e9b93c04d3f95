"""The deposits that were there on one day, each with its state by the newest finding and by what was said since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.picture.held import Held, flag, number, value
from calciscope.record.picture.scanned import OnScan, measured_size, scan_label, scanned, seen_on_scan
from calciscope.record.stories import Story, stories
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.picture import DepositForm, DepositState, SeenDeposit

MODERATE_PAIN = 4  # of 10: from here pain is called moderate (usual cut of numeric ratings; memory)
OF_SKIN = {
    "inflamed": DepositState.INFLAMED,
    "ulcerated": DepositState.ULCERATED,
    "extruding": DepositState.EXTRUDING,
    "draining": DepositState.EXTRUDING,
}
OF_INFECTION = {
    "infection_suspected": DepositState.INFECTION_SUSPECTED,
    "infection_confirmed": DepositState.INFECTION_CONFIRMED,
    "infection_excluded": DepositState.INFECTION_EXCLUDED,
}
GROWTH = ("growing", "stable", "shrinking", "resorbing")
SOFT = ("paste", "fluid")
INTACT = ["intact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDeposit:
    """A deposit of the picture as the record names it: by its label on the body map, or as found on a measured scan."""

    id: UUID  # of the deposit, or of the measurement that shows it
    label: str
    from_imaging: bool = False


def seen_deposits(
    held: Held, deposits: Sequence[tuple[UUID, str]]
) -> tuple[tuple[SeenDeposit, ...] | None, tuple[NamedDeposit, ...], bool]:
    """(deposits, who they are, in the same order, whether a scan shows any): those of the body map, then those that
    only a scan shows.

    None where nobody looked; empty only after "examined, none found" or an end.
    """
    every = stories(held.facts, deposits)
    told = [story for story in every if story.stands]
    there = [story for story in told if not story.ended]
    on_scans = scanned(held, every)
    if not there and not told and not on_scans.alone and not _none_found(held):
        return None, (), False
    seen = [_with_scan(_seen(story, held), story, on_scans.of_map.get(story.id, ())) for story in there]
    named = [NamedDeposit(id=story.id, label=story.label) for story in there]
    seen += [seen_on_scan(one, held) for one in on_scans.alone]
    named += [NamedDeposit(id=one.measurement, label=scan_label(one), from_imaging=True) for one in on_scans.alone]
    return tuple(seen), tuple(named), bool(on_scans.of_map or on_scans.alone)


def _with_scan(seen: SeenDeposit, story: Story, parts: Sequence[OnScan]) -> SeenDeposit:
    """Its size as measured, where nobody measured it since; layer and form from the scan only where the map says none."""
    if not parts:
        return seen
    main = parts[0].read.found
    examined = story.newest.effective_on if story.newest else None
    older = seen.longest_mm is None or (examined is not None and examined < parts[0].day)
    layer, form = main.get("layer"), main.get("shape")
    return replace(
        seen,
        longest_mm=measured_size(parts) or seen.longest_mm if older else seen.longest_mm,
        layer=seen.layer or (Layer(layer) if layer in set(Layer) else None),
        form=seen.form or (DepositForm(form) if form in set(DepositForm) else None),
    )


def _none_found(held: Held) -> bool:
    examined = held.newest("examination")
    return value(examined, "outcome") == "none_found" and value(examined, "extent") == "whole_body"


def _seen(story: Story, held: Held) -> SeenDeposit:
    found = story.newest
    layer, form = value(found, "layer"), value(found, "form")
    if layer is not None and layer not in set(Layer):
        held.unread.append(f"{story.label}: layer {str(layer).replace('_', ' ')}")
    return SeenDeposit(
        site=Region(value(found, "region")) if found else None,
        side=Side(value(found, "side")) if found else None,
        layer=Layer(layer) if layer in set(Layer) else None,
        form=DepositForm(form) if form in set(DepositForm) else None,
        longest_mm=number(found, "longest_mm"),
        symptomatic=_symptomatic(found),
        states=_states(story, found),
    )


def _symptomatic(found: Fact | None) -> bool | None:
    pain = number(found, "pain")
    if pain is not None and pain >= MODERATE_PAIN:
        return True
    if _limits(found):
        return True
    return None if pain is None else False


def _states(story: Story, found: Fact | None) -> frozenset[DepositState] | None:
    """None where the skin over it was not looked at and nothing was said either."""
    skin = value(found, "skin_state")
    states = {OF_SKIN[word] for word in skin or () if word in OF_SKIN}
    states |= {OF_SKIN[word] for event in _since(story, found) if (word := str(event.data["event"])) in OF_SKIN}
    if value(found, "consistency") in SOFT:
        states.add(DepositState.LIQUID)
    if (number(found, "pain") or 0) >= MODERATE_PAIN:
        states.add(DepositState.PAINFUL)
    if _limits(found):
        states.add(DepositState.LIMITING_JOINT)
    if _grows(story, found):
        states.add(DepositState.GROWING)
    infected = _infection(story, found)
    if infected:
        states.add(infected)
    return frozenset(states) if skin is not None or states else None


def _limits(found: Fact | None) -> bool:
    return (number(found, "joint_limit_deg") or 0) > 0


def _since(story: Story, found: Fact | None) -> list[Fact]:
    """Events on the day of the newest finding or after it."""
    return [event for event in story.events if not _before(event, found)]


def _grows(story: Story, found: Fact | None) -> bool:
    """The last word on growth; a later finding "unchanged" takes it back, a finding that is silent does not."""
    said = [event for event in story.events if event.data["event"] in GROWTH]
    if not said or said[-1].data["event"] != "growing":
        return False
    return not (_before(said[-1], found) and flag(found, "unchanged"))


def _infection(story: Story, found: Fact | None) -> DepositState | None:
    """The last word on infection, until a later finding says that the skin is intact."""
    said = [event for event in story.events if event.data["event"] in OF_INFECTION]
    if not said or (_before(said[-1], found) and value(found, "skin_state") == INTACT):
        return None
    return OF_INFECTION[str(said[-1].data["event"])]


def _before(event: Fact, found: Fact | None) -> bool:
    if found is None or event.effective_on is None or found.effective_on is None:
        return False
    return event.effective_on < found.effective_on
