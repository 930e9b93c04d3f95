"""How many of the proposals on phantoms a reader who knows the truth accepts as they are."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.phantom_reading import Reading, cached
from benchmarks.phantom_sets import leg
from calciscope.terms.deposits import Kind

PROPOSED = (Kind.CALCINOSIS, Kind.UNCERTAIN)
SEEDS, QUICK_SEEDS = (5, 11, 12, 13), (11,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of one phantom."""

    name: str
    proposals: int
    unedited: int


def on_phantoms(*, quick: bool) -> list[Share]:
    """Legs with the mixed set of deposits, adults and children."""
    return [
        share(f"leg {seed}, {'child' if juvenile else 'adult'}", cached(leg("mixed", seed, juvenile=juvenile)))
        for seed in (QUICK_SEEDS if quick else SEEDS)
        for juvenile in (False, True)
    ]


def share(name: str, reading: Reading) -> Share:
    """Unedited: called calcinosis, and so in truth; not where it has swallowed a true deposit that has no part of its own."""
    swallowed = {part.deposit_id for read in reading.reads if not read.match.deposits for part in read.touch.deposits}
    unedited = {
        part.deposit_id
        for read in reading.reads
        if read.truth["kind"] == Kind.CALCINOSIS.value
        for part in read.match.counted
    } - swallowed
    proposals = sum(deposit.kind in PROPOSED for deposit in reading.measurement.deposits)
    return Share(name=name, proposals=proposals, unedited=len(unedited))
