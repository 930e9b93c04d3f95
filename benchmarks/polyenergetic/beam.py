"""The beam and the detector: energy-integrated signal weights of a CT scanner, and mass attenuation of materials.

Spectra: spekpy (tungsten anode, 10 degree). Cross-sections: xraylib, total with coherent scatter, cm2/g.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import spekpy
import xraylib
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

ANODE_ANGLE_DEG = 10.0  # usual in CT tubes (7-12); moves HU per mg/ml by less than 1 %
ENERGY_STEP_KEV = 1.0
SCINTILLATOR = "Gd2O2S"  # the commonest CT scintillator
SCINTILLATOR_G_CM2 = 7.3 * 0.14  # 7.3 g/ml, 1.4 mm thick

HYDROXYAPATITE = "Ca10P6O26H2"
HYDROXYAPATITE_G_ML = 3.16
WATER = "H2O"

# Elemental mass fractions of ICRU 44 / ICRP 23 tissues (from memory of the standard tables, rounded).
TISSUES: dict[str, dict[str, float]] = {
    "muscle": {
        "H": 0.102,
        "C": 0.143,
        "N": 0.034,
        "O": 0.710,
        "Na": 0.001,
        "P": 0.002,
        "S": 0.003,
        "Cl": 0.001,
        "K": 0.004,
    },
    "fat": {"H": 0.114, "C": 0.598, "N": 0.007, "O": 0.278, "Na": 0.001, "S": 0.001, "Cl": 0.001},
    "bone": {
        "H": 0.034,
        "C": 0.155,
        "N": 0.042,
        "O": 0.435,
        "Na": 0.001,
        "Mg": 0.002,
        "P": 0.103,
        "S": 0.003,
        "Ca": 0.225,
    },
}
DENSITY_G_ML = {"muscle": 1.05, "fat": 0.95, "bone": 1.92, "water": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beam:
    """A tube voltage (kV) and the filters in front of it (mm)."""

    kvp: float
    aluminium_mm: float = 6.0
    titanium_mm: float = 0.9
    copper_mm: float = 0.0

    @property
    def filters(self) -> list[tuple[str, float]]:
        """(element, mm) of every filter present."""
        named = (("Al", self.aluminium_mm), ("Ti", self.titanium_mm), ("Cu", self.copper_mm))
        return [(name, mm) for name, mm in named if mm > 0]


@lru_cache(maxsize=256)
def photons(beam: Beam) -> tuple[Float64, Float64]:
    """(energy keV, relative number of photons) that leave the filters."""
    spectrum = spekpy.Spek(kvp=beam.kvp, th=ANODE_ANGLE_DEG, dk=ENERGY_STEP_KEV)
    for element, thickness_mm in beam.filters:
        spectrum.filter(element, thickness_mm)
    energy_kev, fluence = spectrum.get_spectrum()
    keep = fluence > fluence.max() * 1e-6
    return np.asarray(energy_kev[keep], dtype=np.float64), np.asarray(fluence[keep] / fluence.sum(), dtype=np.float64)


@lru_cache(maxsize=256)
def half_value_layer_mm(beam: Beam) -> float:
    """First half-value layer in mm aluminium."""
    spectrum = spekpy.Spek(kvp=beam.kvp, th=ANODE_ANGLE_DEG, dk=ENERGY_STEP_KEV)
    for element, thickness_mm in beam.filters:
        spectrum.filter(element, thickness_mm)
    return float(spectrum.get_hvl1())


def mass_attenuation(material: str, energy_kev: Float64) -> Float64:
    """Total mass attenuation (cm2/g) of a tissue of TISSUES, an element symbol or a chemical formula."""
    if material in TISSUES:
        parts = TISSUES[material]
        shares = ((element, share / sum(parts.values())) for element, share in parts.items())
        return np.asarray(sum(share * mass_attenuation(element, energy_kev) for element, share in shares))
    formula = WATER if material == "water" else HYDROXYAPATITE if material == "hydroxyapatite" else material
    return np.array([xraylib.CS_Total_CP(formula, float(energy)) for energy in energy_kev])


def response(energy_kev: Float64) -> Float64:
    """Mean detector signal of one photon: its energy times the chance that the scintillator absorbs it."""
    absorbed = 1.0 - np.exp(-mass_attenuation(SCINTILLATOR, energy_kev) * SCINTILLATOR_G_CM2)
    return energy_kev * absorbed
