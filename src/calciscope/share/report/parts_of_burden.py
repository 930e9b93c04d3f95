"""The burden by region and by layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from calciscope.share.report.words import plain, site
from calciscope.terms.deposits import Deposit, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of the burden lies in one place; None where a deposit there is not evaluable."""

    name: str
    deposits: int
    mass_mg: float | None
    volume_ml: float | None


def by_region(deposits: Iterable[Deposit]) -> list[Part]:
    """Calcinosis by region and side, by falling mass."""
    return _parts(deposits, lambda one: site(one.region, one.side))


def by_layer(deposits: Iterable[Deposit]) -> list[Part]:
    """Calcinosis by layer, by falling mass."""
    return _parts(deposits, lambda one: plain(str(one.layer)))


def _parts(deposits: Iterable[Deposit], name_of: Callable[[Deposit], str]) -> list[Part]:
    groups: dict[str, list[Deposit]] = {}
    for deposit in deposits:
        if deposit.kind is Kind.CALCINOSIS:
            groups.setdefault(name_of(deposit), []).append(deposit)
    parts = [
        Part(
            name=name,
            deposits=len(group),
            mass_mg=_sum(one.mass_mg for one in group),
            volume_ml=_sum(one.volume_ml for one in group),
        )
        for name, group in groups.items()
    ]
    return sorted(parts, key=lambda part: (-(part.mass_mg or 0.0), part.name))


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total
