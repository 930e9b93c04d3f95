"""Lays a stack's slices on a regular grid: which slots are filled, which are missing, or where to resample."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calciscope.read.limits import (
    MAX_FILLED_ADJACENT,
    MAX_FILLED_FRACTION,
    MAX_SLICE_MM,
    MAX_VOXELS,
    MIN_SLICE_MM,
    MIN_SLICES,
)
from calciscope.read.stacks import Stack

# Positions may be rounded when written: a slice may lie this far from its place (part of the gap, or mm; judgement).
ROUNDING_PART, ROUNDING_MM = 0.1, 0.06
# Gaps that are no multiple of each other are resampled up to this many times the median gap (judgement).
MODEST_GAP = 2.5
# Beyond a gap too wide to fill, a series is measured without its smaller part when that is at most this much (judgement).
MAX_PART_LEFT_OUT = 0.15
# In-plane origins may wander this much (mm) from a straight line before the slices are no single volume (judgement).
WANDER_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each place of the stack goes. ``slots``: index of each place on the regular grid; uneven stacks have one
    slot a place and are resampled to ``spacing_mm`` afterwards. ``refusal``: why the stack cannot be a volume."""

    slots: tuple[int, ...]
    count: int
    spacing_mm: float
    uneven: bool = False
    refusal: str = ""

    @property
    def missing(self) -> tuple[int, ...]:
        """Slots without a slice."""
        taken = set(self.slots)
        return tuple(slot for slot in range(self.count) if slot not in taken)


def lay_out(stack: Stack) -> Layout:
    """The regular grid a stack fits, or why there is none."""
    positions = np.array(stack.positions_mm)
    if len(positions) < MIN_SLICES:
        return _refused("holds a single slice", len(positions))
    gaps = np.diff(positions)
    median = float(np.median(gaps))
    if not MIN_SLICE_MM <= median <= MAX_SLICE_MM:
        return _refused(f"has an absurd slice spacing ({median:.3g} mm)", len(positions))
    if len(positions) * stack.first.pixels.rows * stack.first.pixels.columns > MAX_VOXELS:
        return _refused(f"holds more than {MAX_VOXELS / 1e9:.0f} billion voxels", len(positions))
    if _wander_mm(stack) > WANDER_MM:
        return _refused("has slices that are shifted sideways against each other", len(positions))
    steps = np.maximum(np.rint(gaps / median), 1.0)
    slots = np.concatenate([[0.0], np.cumsum(steps)])
    spacing, start = np.polyfit(slots, positions, 1)
    off = float(np.abs(start + spacing * slots - positions).max())
    if off <= max(ROUNDING_PART * spacing, ROUNDING_MM):
        layout = Layout(slots=tuple(int(slot) for slot in slots), count=int(slots[-1]) + 1, spacing_mm=float(spacing))
        why = too_many(layout.missing, layout.count, "are missing")
        return layout if not why else _refused(why, len(positions))
    if gaps.max() > MODEST_GAP * median:
        return _refused(f"has uneven slice gaps ({gaps.min():.3g} to {gaps.max():.3g} mm)", len(positions))
    return Layout(slots=tuple(range(len(positions))), count=len(positions), spacing_mm=median, uneven=True)


def before_or_after_gap(stack: Stack) -> Stack | None:
    """The larger part of a stack with one or more wide gaps, when hardly any slice lies outside it; else None."""
    gaps = np.diff(stack.positions_mm)
    if len(gaps) < MIN_SLICES:
        return None
    wide = np.flatnonzero(gaps > (MAX_FILLED_ADJACENT + 1.5) * np.median(gaps)) + 1
    edges = [0, *(int(edge) for edge in wide), len(stack.places)]
    start, end = max(zip(edges, edges[1:], strict=False), key=lambda part: part[1] - part[0])
    if not len(wide) or end - start < (1 - MAX_PART_LEFT_OUT) * len(stack.places):
        return None
    return replace(stack, places=stack.places[start:end], positions_mm=stack.positions_mm[start:end])


def too_many(filled: tuple[int, ...], count: int, verb: str) -> str:
    """Why so many slices cannot be filled in; empty when they can."""
    longest = run = 0
    for index, slot in enumerate(filled):
        run = run + 1 if index and slot == filled[index - 1] + 1 else 1
        longest = max(longest, run)
    if longest > MAX_FILLED_ADJACENT or len(filled) > MAX_FILLED_FRACTION * count:
        return f"cannot be trusted: {len(filled)} of {count} slices {verb}, up to {longest} in a row"
    return ""


def _wander_mm(stack: Stack) -> float:
    """How far the slices' origins stray from a straight line (a tilted gantry keeps it straight)."""
    origins = np.array([place[0].position_mm for place in stack.places])
    steps = np.array(stack.positions_mm)
    fits = np.polyfit(steps, origins, 1)
    return float(np.abs(np.outer(steps, fits[0]) + fits[1] - origins).max())


def _refused(why: str, count: int) -> Layout:
    return Layout(slots=tuple(range(count)), count=count, spacing_mm=1.0, refusal=why)
