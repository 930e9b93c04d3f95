"""Named sets of deposits, for benchmarks and tests to ask for."""

from __future__ import annotations

from collections.abc import Callable

from calciscope.phantom.deposits.nodules import nodule_array
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Layer
from calciscope.terms.errors import WrongUsage

DIAMETERS_MM = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0)
CONCENTRATIONS_MG_ML = (200.0, 400.0, 800.0, 100.0, 1200.0)
FAT, MUSCLE = (Layer.SUBCUTANEOUS,), (Layer.INTRAMUSCULAR,)
DEFAULT_COUNT = 24

Preset = Callable[[PhantomSpec, Ground], list[PlannedDeposit]]


def _none(spec: PhantomSpec, ground: Ground) -> list[PlannedDeposit]:
    return []


def _array(layers: tuple[Layer, ...]) -> Preset:
    def place(spec: PhantomSpec, ground: Ground) -> list[PlannedDeposit]:
        diameters = (spec.diameter_mm,) if spec.diameter_mm else DIAMETERS_MM
        densities = (spec.concentration_mg_ml,) if spec.concentration_mg_ml else CONCENTRATIONS_MG_ML
        return nodule_array(spec, ground, diameters, densities, layers, spec.count or DEFAULT_COUNT, lobed=False)

    return place


def _mixed(spec: PhantomSpec, ground: Ground) -> list[PlannedDeposit]:
    return nodule_array(
        spec, ground, DIAMETERS_MM, CONCENTRATIONS_MG_ML, FAT + MUSCLE, spec.count or DEFAULT_COUNT, lobed=True
    )


PRESETS: dict[str, Preset] = {
    "none": _none,
    "nodules": _array(FAT + MUSCLE),
    "nodules-fat": _array(FAT),
    "nodules-muscle": _array(MUSCLE),
    "mixed": _mixed,
}


def plan(spec: PhantomSpec, ground: Ground) -> list[PlannedDeposit]:
    """Return the deposits of the preset that ``spec`` names."""
    if spec.deposits not in PRESETS:
        raise WrongUsage(f"There is no deposit preset '{spec.deposits}'; there are: {', '.join(PRESETS)}.")
    return PRESETS[spec.deposits](spec, ground)
