"""What the calibration benchmark scans, and how deposits and the peer's fixed factor are scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.polyenergetic.adapter import series_of
from benchmarks.polyenergetic.beam import Beam
from benchmarks.polyenergetic.oracle import excesses
from benchmarks.polyenergetic.scan import Scanner, clean
from benchmarks.polyenergetic.scenes import scene
from calciscope.measure.calibration import calibrate_field
from calciscope.terms.measurement import Calibration, Settings
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
    scan, background = clean(scene(case.kind, case.seed), Scanner(beam=case.beam, size=size))
    series = series_of(scan)
    tissue = np.where(series.volume.hu > BODY_HU, Tissue.MUSCLE, Tissue.OUTSIDE).astype(np.uint8)
    tissue[:, background > BONE_HU] = Tissue.BONE
    calibration, field = calibrate_field(series, tissue, Settings())
    assert field is not None
    found = []
    for excess in excesses(scan, background):
        true_mg = excess.truth.mass_mg
        found.append(Bias(
            case=case, mass_mg=true_mg, calibration=calibration,
            local=excess.mass_mg(field.at(excess.index), MATRIX_HU) / true_mg - 1,
            typical=excess.mass_mg(calibration.hu_per_mg_ml, MATRIX_HU) / true_mg - 1,
            peer=excess.excess_hu_ml / PEER_HU_PER_MG_ML / true_mg - 1,
        ))  # fmt: skip
    return found


def mass_weighted(biases: list[Bias], which: str) -> float:
    """Bias of the total mass."""
    mass = np.array([bias.mass_mg for bias in biases])
    return float((mass * [getattr(bias, which) for bias in biases]).sum() / mass.sum())
