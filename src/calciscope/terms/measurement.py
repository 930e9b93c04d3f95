"""The result of measuring one series: what measurement.json, deposits.csv and the masks are written from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.checks import Check
from calciscope.terms.deposits import Deposit, Region
from calciscope.terms.series import Series
from calciscope.terms.tissue import AnatomyMap, CoarseCt


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """HU per mg hydroxyapatite/ml, its relative standard uncertainty, and where it came from."""

    hu_per_mg_ml: float
    relative_sd: float
    source: str  # "modelled" | "given"
    kvp: float
    kvp_assumed: bool = False
    water_equivalent_cm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What the mineral of a deposit sits in: ``hu`` None means "the tissue around it" (--matrix background)."""

    hu: float | None = 40.0
    sd_hu: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user may set; None for calibration means modelled."""

    calibration_hu_per_mg_ml: float | None = None
    matrix_hu: float | None = 40.0  # None = background
    jobs: int = 0  # 0 = all cores


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that is needed to replay the measurement."""

    calibration: Calibration
    matrix: Matrix
    settings: dict[str, object] = field(default_factory=dict)  # every named constant that took part


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """Sum over the deposits of kind calcinosis; the interval is 95 % with shared parts correlated."""

    mass_mg: float | None
    mass_lower_mg: float | None
    mass_upper_mg: float | None
    volume_ml: float | None
    agatston: float | None
    deposits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One region of the body in view: evaluable or not, and why not."""

    region: Region
    side: str
    evaluable: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Everything `measure` found; ``labels`` is uint16 deposit_id on the series' grid, 0 elsewhere."""

    series: Series
    recipe: Recipe
    checks: tuple[Check, ...]
    coverage: tuple[Coverage, ...]
    burden: Burden
    deposits: tuple[Deposit, ...]
    labels: NDArray[np.uint16]
    anatomy: AnatomyMap
    coarse_ct: CoarseCt
