"""What the calibration benchmark scans, and how deposits and the peer's fixed factor are scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.polyenergetic.adapter import LEAST_HU, MOST_HU
from benchmarks.polyenergetic.beam import Beam
from benchmarks.polyenergetic.oracle import excesses
from benchmarks.polyenergetic.scan import Scanner, Section, section
from benchmarks.polyenergetic.scenes import scene
from calciscope.measure.calibration import calibrate_field
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.measurement import Calibration, Settings
from calciscope.terms.series import Acquisition, Series
from calciscope.terms.tissue import Tissue

PEER_HU_PER_MG_ML = 1.31  # one fixed factor: 120 kV behind 20 cm of water
MATRIX_HU = 40.0  # the product's default
BODY_HU, BONE_HU = -300.0, 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One scan of the benchmark."""

    kind: str
    beam: Beam
    seed: int

    @property
    def label(self) -> str:
        """Kind and tube voltage."""
        return f"{self.kind}, {self.beam.kvp:.0f} kV"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bias:
    """Relative mass errors of one deposit: local calibration, one factor for the scan, peer; and the interval's SD."""

    case: Case
    mass_mg: float
    local: float
    typical: float
    peer: float
    calibration: Calibration


def oracle_biases(case: Case, size: int) -> list[Bias]:
    """Errors that calibration and matrix alone make: background and volume are the simulation's own."""
    rods = scene(case.kind, case.seed, planar=True)
    seen = section(rods, Scanner(beam=case.beam, size=size))
    calibration, field = calibrate_field(*two_slices(seen, case.beam.kvp), Settings())
    assert field is not None
    found = []
    for rod in excesses(rods, seen):
        local = field.at((0.0, *rod.index))
        found.append(Bias(
            case=case, mass_mg=rod.mass_mg, calibration=calibration,
            local=rod.weighed_mg(local, MATRIX_HU) / rod.mass_mg - 1,
            typical=rod.weighed_mg(calibration.hu_per_mg_ml, MATRIX_HU) / rod.mass_mg - 1,
            peer=rod.excess_hu_ml / PEER_HU_PER_MG_ML / rod.mass_mg - 1,
        ))  # fmt: skip
    return found


def two_slices(seen: Section, kvp: float) -> tuple[Series, NDArray[np.uint8]]:
    """The slice twice, as a series, and its tissue: body by threshold, bone from the scene without deposits."""
    hu = np.repeat(np.clip(np.rint(seen.hu), LEAST_HU, MOST_HU).astype(np.int16)[None], 2, axis=0)
    grid = Grid(shape=hu.shape, affine=np.diag([seen.pixel_mm, seen.pixel_mm, 1.0, 1.0]))
    tissue = np.where(hu > BODY_HU, Tissue.MUSCLE, Tissue.OUTSIDE).astype(np.uint8)
    tissue[:, seen.background_hu > BONE_HU] = Tissue.BONE
    return Series(volume=Volume(hu=hu, grid=grid), acquisition=Acquisition(kvp=kvp)), tissue


def mass_weighted(biases: list[Bias], which: str) -> float:
    """Bias of the total mass."""
    mass = np.array([bias.mass_mg for bias in biases])
    return float((mass * [getattr(bias, which) for bias in biases]).sum() / mass.sum())
