"""Series over time that facts tell: dose of every scan, burden, growth. Pure, from facts that were read already."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.record.fact import Fact

MOSTELLER = 3600.0  # cm kg per m4: body surface = sqrt(height x weight / 3600), Mosteller 1987 (memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One scan in the dose register; what is not known is None and adds nothing to the sums, which are then lower bounds."""

    study: UUID
    on: date | None
    dlp_mgy_cm: float | None
    effective_msv: float | None
    cumulative_dlp_mgy_cm: float
    cumulative_msv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Height and weight of a day; the surface in m2 where both are known."""

    on: date | None
    height_cm: float | None
    weight_kg: float | None
    surface_m2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What was measured on one study, with its 95 % interval."""

    study: UUID
    on: date | None
    mass_mg: float | None
    mass_lower_mg: float | None
    mass_upper_mg: float | None


def dose_register(facts: Iterable[Fact]) -> tuple[Dose, ...]:
    """Every imaging study by date, with the sums so far."""
    doses: list[Dose] = []
    for fact in _of(facts, "imaging_study"):
        dlp, msv = _number(fact, "dlp_mgy_cm"), _number(fact, "effective_dose_msv")
        before = (doses[-1].cumulative_dlp_mgy_cm, doses[-1].cumulative_msv) if doses else (0.0, 0.0)
        doses.append(
            Dose(
                study=fact.uid,
                on=fact.effective_on,
                dlp_mgy_cm=dlp,
                effective_msv=msv,
                cumulative_dlp_mgy_cm=before[0] + (dlp or 0.0),
                cumulative_msv=before[1] + (msv or 0.0),
            )
        )
    return tuple(doses)


def body_sizes(facts: Iterable[Fact]) -> tuple[Size, ...]:
    """Height, weight and body surface by date."""
    sizes = []
    for fact in _of(facts, "body_size"):
        height, weight = _number(fact, "height_cm"), _number(fact, "weight_kg")
        surface = math.sqrt(height * weight / MOSTELLER) if height and weight else None
        sizes.append(Size(on=fact.effective_on, height_cm=height, weight_kg=weight, surface_m2=surface))
    return tuple(sizes)


def burdens(facts: Iterable[Fact]) -> tuple[Burden, ...]:
    """What was measured, by the date of the study."""
    all_facts = list(facts)
    days = {str(fact.uid): fact.effective_on for fact in _of(all_facts, "imaging_study")}
    found = [
        Burden(
            study=UUID(str(fact.data["study"])),
            on=days.get(str(fact.data["study"])),
            mass_mg=_number(fact, "mass_mg"),
            mass_lower_mg=_number(fact, "mass_lower_mg"),
            mass_upper_mg=_number(fact, "mass_upper_mg"),
        )
        for fact in _of(all_facts, "imaging_measurement")
        if fact.data["outcome"] == "measured" and str(fact.data["study"]) in days
    ]
    return tuple(sorted(found, key=lambda burden: (burden.on or date.min, str(burden.study))))


def _of(facts: Iterable[Fact], noun: str) -> list[Fact]:
    standing = [fact for fact in facts if fact.noun == noun and fact.holds]
    return sorted(standing, key=lambda fact: (fact.effective_on or date.min, fact.at))


def _number(fact: Fact, name: str) -> float | None:
    value = fact.data.get(name)
    return float(value) if isinstance(value, int | float) else None
