"""Deposits over a year: which grow, shrink, go, come, merge and split, and the truth about who became whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from calciscope.phantom.deposits.compact import nodule
from calciscope.phantom.deposits.forms import Ball, Rods, point
from calciscope.phantom.deposits.planned import PlannedDeposit, Recipe, settle
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Kind, Layer, Shape

PAIR_GAP_MM = 3.5
BAR_MM = 16.0
BAR_RADIUS_MM = 2.0
GROWN, SHRUNK = 1.26, 0.74  # of lengths: mass doubles, or falls to 40 %
CYCLE = ("stable", "grown", "shrunk", "stable", "resolved")
MAY_RESOLVE = (Shape.NODULE, Shape.PUNCTATE)
NEW_DEPOSITS = ((Layer.SUBCUTANEOUS, 6.0, 450.0), (Layer.INTRAMUSCULAR, 8.0, 350.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What became of deposits, by identity."""

    event: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def pair(spec: PhantomSpec, ground: Ground, name: str, diameter_mm: float, mg_ml: float) -> list[PlannedDeposit]:
    """Place two neighbours in fat or muscle that a year later have merged."""
    found: list[PlannedDeposit] = []

    def propose() -> Recipe | None:
        reach = diameter_mm + PAIR_GAP_MM / 2
        spot = ground.spot(Layer.INTRAMUSCULAR, reach)
        if spot is None:
            return None
        offset = np.array([(diameter_mm + PAIR_GAP_MM) / 2, 0.0, 0.0])
        first, second = (
            Recipe(
                identity=f"{name}-{n}",
                limb=spot[0],
                form=Ball(local=point(spot[1] + sign * offset), radius_mm=diameter_mm / 2),
                shape=Shape.NODULE,
                concentration_mg_ml=mg_ml,
                matrix_hu=spec.matrix_hu,
                note=f"{PAIR_GAP_MM:g} mm from its partner",
            )
            for n, sign in ((1, -1.0), (2, 1.0))
        )
        other = settle(second, ground.limbs[spot[0]])
        if not ground.has_room(other):
            return None
        found[:] = [other]
        return first

    first = ground.place(propose, patience=4)
    if first is None:
        return []
    ground.take(found[0])
    return [first, found[0]]


def bar(spec: PhantomSpec, ground: Ground, name: str, mg_ml: float) -> PlannedDeposit | None:
    """Place a short rod that a year later has fallen into two."""

    def propose() -> Recipe | None:
        spot = ground.spot(Layer.INTRAMUSCULAR, BAR_MM / 2 + BAR_RADIUS_MM)
        if spot is None:
            return None
        half = np.array([BAR_MM / 2, 0.0, 0.0])
        ends = (point(spot[1] - half), point(spot[1] + half))
        return Recipe(
            identity=name,
            limb=spot[0],
            form=Rods(ends=(ends,), radii_mm=(BAR_RADIUS_MM,)),
            shape=Shape.LINEAR,
            concentration_mg_ml=mg_ml,
            matrix_hu=spec.matrix_hu,
            note="a rod",
        )

    return ground.place(propose, patience=3)


def year_later(
    spec: PhantomSpec,
    before: list[PlannedDeposit],
    ground: Ground,
    ratio: float,
    seen_before: Callable[[PlannedDeposit], bool] = lambda fresh: True,
) -> tuple[list[PlannedDeposit], list[Event]]:
    """Return the deposits a year later in ``ground`` (the limb moved, bent, grown by ``ratio``) and what happened.

    ``seen_before``: whether the first scan shows the place of a deposit; a new one elsewhere is not evaluable.
    """
    recipes: list[Recipe] = []
    events: list[Event] = []
    by_name = {item.recipe.identity: item.recipe for item in before}
    done: set[str] = set()
    if {"pair-1", "pair-2"} <= by_name.keys():
        recipes.append(_merged(by_name["pair-1"], by_name["pair-2"], ratio))
        events.append(Event(event="merged", before=("pair-1", "pair-2"), after=("pair",)))
        done |= {"pair-1", "pair-2"}
    if "bar" in by_name:
        recipes += _split(by_name["bar"], ratio)
        events.append(Event(event="split", before=("bar",), after=("bar-1", "bar-2")))
        done.add("bar")
    turn = 0
    for recipe in (item.recipe for item in before if item.recipe.identity not in done):
        event = "stable"
        if recipe.kind == Kind.CALCINOSIS:
            event, turn = CYCLE[turn % len(CYCLE)], turn + 1
        if event == "resolved" and recipe.shape not in MAY_RESOLVE:
            event = "shrunk"
        size = {"grown": GROWN, "shrunk": SHRUNK}.get(event, 1.0)
        if event != "resolved":
            recipes.append(replace(recipe, form=recipe.form.moved(ratio).sized(size)))
        after = () if event == "resolved" else (recipe.identity,)
        if event == "resolved" and not _place_in_view(recipe, ground, ratio):
            event = "not_evaluable"
        events.append(Event(event=event, before=(recipe.identity,), after=after))
    settled = [settle(recipe, ground.limbs[recipe.limb]) for recipe in recipes]
    settled = [replace(item, in_view=ground.in_view(item)) for item in settled]
    hidden = {item.recipe.identity for item in settled if not item.in_view}
    events = [replace(event, event="not_evaluable") if hidden & {*event.after} else event for event in events]
    for item in settled:
        ground.take(item)
    for number, (layer, diameter, density) in enumerate(NEW_DEPOSITS if before else ()):
        fresh = nodule(spec, ground, f"new-{number + 1}", layer, diameter, density)
        if fresh is not None:
            settled.append(fresh)
            event = "new" if seen_before(fresh) else "not_evaluable"
            events.append(Event(event=event, before=(), after=(fresh.recipe.identity,)))
    return settled, events


def _place_in_view(gone: Recipe, ground: Ground, ratio: float) -> bool:
    """Whether the image shows the whole place where a deposit was."""
    return ground.in_view(settle(replace(gone, form=gone.form.moved(ratio)), ground.limbs[gone.limb]))


def _merged(first: Recipe, second: Recipe, ratio: float) -> Recipe:
    """One body over both places, so much thicker that their gap is gone."""
    a, b = (recipe.form.moved(ratio) for recipe in (first, second))
    assert isinstance(a, Ball) and isinstance(b, Ball)
    form = Rods(ends=((a.local, b.local),), radii_mm=(a.radius_mm * 0.95,))
    return replace(first, identity="pair", form=form, note="merged of two")


def _split(whole: Recipe, ratio: float) -> list[Recipe]:
    """Two balls where the ends of the rod were."""
    form = whole.form.moved(ratio)
    assert isinstance(form, Rods)
    return [
        replace(
            whole,
            identity=f"bar-{n + 1}",
            shape=Shape.NODULE,
            form=Ball(local=end, radius_mm=1.15 * BAR_RADIUS_MM),
            note="split from a rod",
        )
        for n, end in enumerate(form.ends[0])
    ]
