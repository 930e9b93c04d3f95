"""Which stack to measure when the input holds several, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calciscope.read import tags
from calciscope.read.acquisition import contrast_agent
from calciscope.read.header import kernel_of
from calciscope.read.kernels import Sharpness, sharpness
from calciscope.read.spacing import Layout
from calciscope.read.stacks import Stack
from calciscope.read.values import optional_number
from calciscope.terms.errors import Refused

# What each drawback costs (judgement): a part of the body that is not covered cannot be measured at all, contrast voids
# the mass, a sharp kernel and thick slices cost precision.
COST_COVERAGE = 8.0  # times the part of the longest range not covered
COST_CONTRAST = 4.0
COST_SHARP, COST_UNKNOWN_KERNEL = 2.0, 0.5
COST_NOT_AXIAL, COST_DERIVED = 2.0, 1.0
THICKNESS_COSTS_MM = ((1.6, 0.0), (2.6, 0.7), (3.6, 1.5), (5.5, 3.0), (np.inf, 5.0))
DERIVED_WORDS = {"DERIVED", "SECONDARY", "REFORMATTED", "MPR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The stack to measure, how it lies, and why it was chosen."""

    stack: Stack
    layout: Layout
    because: str


def choose(candidates: list[tuple[Stack, Layout]], series_uid: str | None, path: object) -> Choice:
    """The best usable stack, of the series asked for when one is; Refused when there is none."""
    if series_uid is not None:
        known = sorted({stack.series_uid for stack, _ in candidates if stack.series_uid})
        candidates = [item for item in candidates if item[0].series_uid == series_uid]
        if not candidates:
            listed = ", ".join(known) or "none with a UID"
            raise Refused(f"{path} holds no CT series {series_uid}; found: {listed}.")
    usable = [(stack, layout) for stack, layout in candidates if not layout.refusal]
    if not usable:
        stack, layout = max(candidates, key=lambda item: item[0].slices)
        raise Refused(f"The CT series in {path} {layout.refusal}; export the complete series again.")
    longest = max(stack.coverage_mm for stack, _ in usable)
    ranked = sorted(usable, key=lambda item: (_cost(item[0], item[1], longest), -item[0].slices, item[0].series_uid))
    stack, layout = ranked[0]
    return Choice(stack=stack, layout=layout, because=_because(stack, layout, len(usable), series_uid, longest))


def thickness_mm(stack: Stack, layout: Layout) -> float:
    """The slice thickness in the header, else the distance between slices."""
    return optional_number(stack.first.raw, tags.SLICE_THICKNESS) or layout.spacing_mm


def _cost(stack: Stack, layout: Layout, longest_mm: float) -> float:
    raw = stack.first.raw
    thick = max(thickness_mm(stack, layout), layout.spacing_mm)
    cost = COST_COVERAGE * (1 - stack.coverage_mm / longest_mm)
    cost += next(cost for limit, cost in THICKNESS_COSTS_MM if thick <= limit)
    cost += COST_CONTRAST if contrast_agent(raw) else 0.0
    cost += {Sharpness.SHARP: COST_SHARP, Sharpness.UNKNOWN: COST_UNKNOWN_KERNEL}.get(sharpness(kernel_of(raw)), 0.0)
    cost += COST_NOT_AXIAL if abs(stack.first.normal[2]) < 0.7 else 0.0
    cost += COST_DERIVED if {word.upper() for word in stack.first.image_type} & DERIVED_WORDS else 0.0
    return cost


def _because(stack: Stack, layout: Layout, count: int, asked: str | None, longest_mm: float) -> str:
    if asked is not None and count == 1:
        return "the series asked for"
    if count == 1:
        return "the only usable CT series found"
    raw = stack.first.raw
    kernel = kernel_of(raw)
    kind = {Sharpness.SOFT: "soft", Sharpness.SHARP: "sharp", Sharpness.UNKNOWN: "unfamiliar"}[sharpness(kernel)]
    parts = [
        f"{thickness_mm(stack, layout):.3g} mm slices",
        f"{stack.coverage_mm:.0f} mm of the {longest_mm:.0f} mm the longest one covers",
        f"{kind} kernel ({kernel})" if kernel else "kernel not recorded",
        "contrast agent given" if contrast_agent(raw) else "no contrast agent recorded",
    ]
    among = (
        "of the series asked for, the best suited stack" if asked is not None else f"best suited of {count} CT series"
    )
    return f"{among}: " + ", ".join(parts)
