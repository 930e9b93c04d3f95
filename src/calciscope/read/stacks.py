"""Sorts the slices of a study into stacks: slices of one series, one geometry, one phase, each place once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from calciscope.read import tags
from calciscope.read.header import Slice, kernel_of
from calciscope.read.values import optional_number, text

# Two slices closer than this lie in the same place (positions are written to 0.01 mm or better; judgement).
SAME_PLACE_MM = 0.01
# Directions that agree to this many decimals belong together (0.001 is 0.06 degrees; judgement).
DIRECTION_DECIMALS = 3
# Parts of a series that share at least this part of the shorter one's range are phases, not neighbours (judgement).
PHASE_OVERLAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Slices that may form one volume, ordered along their normal; several in one place are duplicates."""

    series_uid: str
    places: tuple[tuple[Slice, ...], ...]
    positions_mm: tuple[float, ...]  # along the normal, rising

    @property
    def first(self) -> Slice:
        """The slice the stack's description is taken from."""
        return self.places[0][0]

    @property
    def slices(self) -> int:
        """How many files or frames it holds."""
        return sum(len(place) for place in self.places)

    @property
    def coverage_mm(self) -> float:
        """Distance from the first to the last slice."""
        return self.positions_mm[-1] - self.positions_mm[0]


def stacks_of(slices: Iterable[Slice]) -> list[Stack]:
    """All stacks, in a stable order."""
    groups: dict[Hashable, list[Slice]] = defaultdict(list)
    for one in slices:
        groups[_geometry_key(one)].append(one)
    found = [stack for key in sorted(groups, key=str) for stack in _phases(groups[key], list(PHASE_KEYS))]
    return sorted(found, key=lambda stack: (stack.series_uid, -stack.slices, stack.positions_mm[0]))


def _geometry_key(one: Slice) -> Hashable:
    """What the slices of one volume always share."""
    return (
        text(one.raw, tags.PATIENT_ID),
        text(one.raw, tags.STUDY_UID),
        one.series_uid,
        one.pixels.rows,
        one.pixels.columns,
        tuple(round(value, 4) for value in one.spacing_mm),
        tuple(round(value, DIRECTION_DECIMALS) + 0.0 for value in one.orientation),
        kernel_of(one.raw),
    )


def _thickness(one: Slice) -> Hashable:
    return round(optional_number(one.raw, tags.SLICE_THICKNESS) or 0.0, 3)


# What may tell the phases of one series apart; the first that leaves each place once is taken.
PHASE_KEYS: tuple[Callable[[Slice], Hashable], ...] = (
    lambda one: one.image_type,
    lambda one: optional_number(one.raw, tags.KVP),
    _thickness,
    lambda one: text(one.raw, tags.STACK_ID),
    lambda one: text(one.raw, tags.TEMPORAL_INDEX) or text(one.raw, tags.TEMPORAL_POSITION),
    lambda one: text(one.raw, tags.ACQUISITION_NUMBER),
    lambda one: text(one.raw, tags.CONTRAST_AGENT),
    lambda one: text(one.raw, tags.IRRADIATION_EVENT),
    lambda one: (text(one.raw, tags.ACQUISITION_DATETIME) or "") + (text(one.raw, tags.ACQUISITION_TIME) or ""),
)


def _phases(slices: list[Slice], keys: list[Callable[[Slice], Hashable]]) -> list[Stack]:
    """Split until each place is filled once, or no key helps."""
    whole = _stack(slices)
    if len(whole.places) == whole.slices and not _interleaved(whole):
        return [whole]
    while keys:
        key, keys = keys[0], keys[1:]
        parts: dict[str, list[Slice]] = defaultdict(list)
        for one in slices:
            parts[str(key(one))].append(one)
        if len(parts) > 1 and _overlap([_stack(part) for part in parts.values()]):
            return [stack for name in sorted(parts) for stack in _phases(parts[name], keys)]
    return _runs(slices) if len(whole.places) < whole.slices else [whole]


def _stack(slices: list[Slice]) -> Stack:
    """Order along the normal; slices in the same place share it, lowest instance number first."""
    normal = slices[0].normal
    placed = sorted(
        (float(normal @ np.array(one.position_mm)), one.instance_number, one.sop_uid, index, one)
        for index, one in enumerate(slices)
    )
    places: list[list[Slice]] = []
    positions: list[float] = []
    for position, _, _, _, one in placed:
        if positions and position - positions[-1] < SAME_PLACE_MM:
            places[-1].append(one)
        else:
            places.append([one])
            positions.append(position)
    return Stack(
        series_uid=slices[0].series_uid, places=tuple(tuple(place) for place in places), positions_mm=tuple(positions)
    )


def _interleaved(stack: Stack) -> bool:
    """Whether slices of different thickness take turns along the stack, as two reconstructions in one series do."""
    kinds = [(_thickness(place[0]), place[0].image_type) for place in stack.places]
    changes = sum(one != other for one, other in zip(kinds, kinds[1:], strict=False))
    return changes > 2 * len(set(kinds))


def _overlap(parts: list[Stack]) -> bool:
    """Whether the parts are phases over the same range, each with several slices."""
    if any(len(part.places) < 2 for part in parts):
        return False
    parts = sorted(parts, key=lambda part: part.coverage_mm)
    for shorter in parts[:-1]:
        low, high = (
            max(shorter.positions_mm[0], parts[-1].positions_mm[0]),
            min(shorter.positions_mm[-1], parts[-1].positions_mm[-1]),
        )
        if high - low < PHASE_OVERLAP * shorter.coverage_mm:
            return False
    return True


def _runs(slices: list[Slice]) -> list[Stack]:
    """Split where the instance numbers start over at places already filled, when most places are filled twice."""
    whole = _stack(slices)
    doubled = Counter(len(place) for place in whole.places)
    if sum(count for size, count in doubled.items() if size > 1) < PHASE_OVERLAP * len(whole.places):
        return [whole]
    depth = max(doubled)
    layers: list[list[Slice]] = [[] for _ in range(depth)]
    for place in whole.places:
        for layer, one in zip(layers, place, strict=False):
            layer.append(one)
    return [_stack(layer) for layer in layers]
