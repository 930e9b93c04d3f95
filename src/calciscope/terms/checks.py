"""The outcome of one acquisition check, and the quantities a failed check can void."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Voids(StrEnum):
    """A quantity that a failed check makes not evaluable."""

    MASS = "mass"
    VOLUME = "volume"
    DEPTH = "depth"
    LAYER = "layer"
    AGATSTON = "agatston"
    BURDEN = "burden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: a failed one warns, and voids only what it spoils."""

    id: str
    passed: bool
    message: str
    voids: tuple[Voids, ...] = ()
