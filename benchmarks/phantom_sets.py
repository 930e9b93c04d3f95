"""Which phantoms the benchmarks make: presets, seeds and sizes."""

from __future__ import annotations

from calciscope.phantom.spec import Body, PhantomSpec

SEEDS = (11, 12, 13, 14)
QUICK_SEEDS = (11,)
NOISE_HU = 20.0
SLICES = 160  # one leg around the knee: enough room for a set, short enough to repeat


def seeds(quick: bool, repeats: int | None) -> tuple[int, ...]:
    """Phantom seeds to run."""
    if repeats is not None:
        return tuple(range(SEEDS[0], SEEDS[0] + repeats))
    return QUICK_SEEDS if quick else SEEDS


def leg(preset: str, seed: int, **changes: object) -> PhantomSpec:
    """One leg with a preset's deposits and 20 HU noise."""
    known: dict[str, object] = {"kind": Body.LEG, "deposits": preset, "noise_hu": NOISE_HU, "slices": SLICES}
    return PhantomSpec(seed=seed, **{**known, **changes})  # type: ignore[arg-type]


def texture() -> str:
    """The product phantom's noise, in words."""
    return f"noise SD {NOISE_HU:.0f} HU, ramp x kernel texture, stronger behind more body, correlated along slices"
