"""Vessels told apart, and layer, side, region and shape, in the product's phantoms."""

from __future__ import annotations

import sys

from benchmarks.bench_shapes import percent, share
from benchmarks.phantom_reading import Read, cached
from benchmarks.phantom_sets import leg, seeds, texture
from benchmarks.report import Goal, Options, Report, Table
from calciscope.phantom.spec import Body, PhantomSpec
from calciscope.terms.deposits import Kind

VASCULAR, PLACED = 0.90, 0.95
WHAT = ("layer", "side", "region", "shape")


def specs(options: Options) -> list[PhantomSpec]:
    """Mixed phantoms: one leg, and two legs, an arm and a child's leg beside it in the full run."""
    chosen = seeds(options.quick, options.repeats)
    made = [leg("mixed", seed, slices=0) for seed in chosen]
    if not options.quick:
        made += [PhantomSpec(kind=kind, seed=21, noise_hu=20.0) for kind in (Body.LEGS, Body.ARM, Body.TRUNK)]
        made.append(leg("mixed", 22, slices=0, juvenile=True))
    return made


def run(options: Options) -> Report:
    """Read the mixed phantoms and a set of vessels."""
    reads: list[Read] = []
    used = 0
    for spec in specs(options):
        reads += cached(spec).reads
        used += 1
        print(f"  mixed {spec.kind} {spec.seed}", file=sys.stderr, flush=True)
    chosen = seeds(options.quick, options.repeats)
    vessels = [item for seed in chosen for item in cached(leg("vascular", seed, slices=0)).reads]
    vessels = [item for item in vessels if item.truth["kind"] == Kind.VASCULAR.value]
    vascular = [any(d.kind is Kind.VASCULAR for d in (*i.match.deposits, *i.touch.deposits)) for i in vessels]
    vascular = [right and not item.match.found for right, item in zip(vascular, vessels, strict=True)]
    calcinosis = [item for item in reads if item.truth["kind"] == Kind.CALCINOSIS.value and item.match.deposits]
    goals = [
        Goal(
            what="calcified vessels as vascular",
            unit="%",
            ours=percent(share(vascular)),
            target=">= 90",
            met=(share(vascular) or 0) >= VASCULAR if vessels else None,
            peer=0.0,
        )
    ]
    for name in WHAT:
        right = share([item.same(name) for item in calcinosis])
        promised = name in ("layer", "side")
        goals.append(
            Goal(
                what=f"{name} right",
                unit="%",
                ours=percent(right),
                target=">= 95" if promised else "(none set)",
                met=None if right is None or not promised else right >= PLACED,
            )
        )
    wrong = [
        (
            str(item.truth["identity"]),
            name,
            str(item.truth[name]),
            str(getattr(item.match.largest(), name)),
        )
        for item in calcinosis
        for name in WHAT
        if not item.same(name)
    ]
    return Report(
        id="anatomy",
        title="Vessels, layer, side, region, shape",
        conditions=(
            f"{used} mixed phantoms ({len(calcinosis)} deposits that were found), {len(vessels)} vascular deposits in "
            f"{len(chosen)} vessel phantoms, seeds {chosen} and 21-22; {texture()}",
            "a vascular deposit counts when a part is called vascular and none calcinosis; the peer has no such class",
        ),
        goals=tuple(goals),
        tables=(Table(caption="What was wrong", columns=("deposit", "of", "truth", "read"), rows=tuple(wrong[:40])),),
    )
