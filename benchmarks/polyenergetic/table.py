"""Regenerates src/calciscope/measure/calibration_table.py: HU per mg hydroxyapatite/ml of deposit.

    python -m benchmarks.polyenergetic.table            prints the spread over beams and the check against scanners
    python -m benchmarks.polyenergetic.table --write    writes the module

After water precorrection a little mineral of areal density dA (g/cm2) on a ray through t cm of water is
read as dA x <m_HA>_t / <mu_water>_t cm of water, where <>_t averages over the detected signal behind t. In HU per
mg/ml (1 HU = 1/1000 of water's attenuation; 1 mg/ml = 1/1000 g/ml) that is the ratio itself. Mineral also takes the
place of matrix: 1/3.16 ml a gram, so the matrix's own attenuation is taken off. Calibration inserts (hydroxyapatite
cast in resin) are defined the same way.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.polyenergetic.beam import (
    HYDROXYAPATITE_G_ML,
    Beam,
    Float64,
    half_value_layer_mm,
    mass_attenuation,
    photons,
    response,
)

KVP = (70.0, 80.0, 90.0, 100.0, 110.0, 120.0, 130.0, 140.0, 150.0)
PATH_CM = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 48.0)
MATRIX_HU = 40.0  # soft tissue, the product's default matrix

MINERAL_PATHS_CM = (4.0, 8.0, 16.0, 24.0, 32.0)  # the equivalent hardly changes over these
MINERAL_G_CM2 = 0.5  # nor with this, from 0.25 to 2 g/cm2 (within 9 % of its value at 0.5)

NOMINAL = {"aluminium_mm": 6.0, "titanium_mm": 0.9}
SPREAD = (  # filtrations from soft to hard; half-value layers at 120 kV 6.5 to 9.6 mm Al
    {"aluminium_mm": 6.0, "titanium_mm": 0.0},
    {"aluminium_mm": 9.0, "titanium_mm": 0.0},
    {"aluminium_mm": 3.0, "titanium_mm": 0.9},
    {"aluminium_mm": 6.0, "titanium_mm": 0.9},
    {"aluminium_mm": 9.0, "titanium_mm": 1.2},
    {"aluminium_mm": 6.0, "titanium_mm": 0.9, "copper_mm": 0.2},
)
# Fujioka et al., Acad Radiol 2012;19(11), table 1 (seen): calibration factor 200 / (HU insert - HU water) mg/ml/HU on
# the QRM thorax phantom with a 200 mg/ml insert: Aquilion-64, LightSpeed VCT, Definition AS+, Brilliance-64.
MEASURED_FACTOR = {120.0: (0.70, 0.71, 0.83, 0.81), 80.0: (0.51, 0.51, 0.59, 0.56)}
# Filters that give those four factors (1.43, 1.24, 1.41 and 1.26 HU per mg/ml at 120 kV behind 20 cm,
# 1.96, 1.69, 1.94 and 1.72 at 80 kV): a small population of scanners.
LIKE_MEASURED = (
    {"aluminium_mm": 6.0, "titanium_mm": 0.0},
    {"aluminium_mm": 6.0, "titanium_mm": 0.9, "copper_mm": 0.3},
    {"aluminium_mm": 6.3, "titanium_mm": 0.0},
    {"aluminium_mm": 6.0, "titanium_mm": 0.9, "copper_mm": 0.2},
)
MEASURED_PHANTOM_CM = 20.0  # 30 x 20 cm thorax with lungs: my estimate of its water equivalent

TARGET = Path(__file__).resolve().parents[2] / "src" / "calciscope" / "measure" / "calibration_table.py"


def hu_per_mg_ml(beam: Beam, path_cm: Float64, matrix_hu: float = MATRIX_HU) -> Float64:
    """HU per mg/ml for a little mineral behind each water path of ``path_cm``."""
    energy_kev, fluence = photons(beam)
    water, mineral = (mass_attenuation(name, energy_kev) for name in ("water", "hydroxyapatite"))
    signal = fluence * response(energy_kev) * np.exp(-np.outer(path_cm, water))
    added = (signal @ mineral) / (signal @ water)
    displaced = (1.0 + matrix_hu / 1000.0) / HYDROXYAPATITE_G_ML
    return np.asarray(added - displaced)


def water_cm_of_mineral(beam: Beam) -> float:
    """Centimetres of water that lower the factor of a deposit as much as 1 g/cm2 of mineral elsewhere on its rays.

    A ray through t cm of water and A g/cm2 of mineral is read as T cm of water, so a little more mineral reads
    <m_HA - displaced mu>_(t, A) / <mu_water>_T; the equivalent is where the factor behind water alone falls as low.
    """
    energy_kev, fluence = photons(beam)
    water, mineral = (mass_attenuation(name, energy_kev) for name in ("water", "hydroxyapatite"))
    beam_signal = fluence * response(energy_kev)
    depth_cm = np.linspace(0.0, 80.0, 1601)
    logged = -np.log(np.exp(-np.outer(depth_cm, water)) @ beam_signal)
    factor = hu_per_mg_ml(beam, depth_cm)
    displaced = (1.0 + MATRIX_HU / 1000.0) / HYDROXYAPATITE_G_ML
    found = []
    for path_cm in MINERAL_PATHS_CM:
        signal = beam_signal * np.exp(-water * path_cm - mineral * MINERAL_G_CM2)
        apparent = beam_signal * np.exp(-water * np.interp(-np.log(signal.sum()), logged, depth_cm))
        read = (signal @ (mineral - displaced * water)) / signal.sum() / ((apparent @ water) / apparent.sum())
        found.append((np.interp(-read, -factor, depth_cm) - path_cm) / MINERAL_G_CM2)
    return float(np.mean(found))


def table() -> Float64:
    """[kVp, path] of HU per mg/ml, four decimals."""
    return np.round([hu_per_mg_ml(Beam(kvp=kvp, **NOMINAL), np.array(PATH_CM)) for kvp in KVP], 4)


def rendered() -> str:
    """The module that the product ships."""
    rows = "\n".join("    (" + ", ".join(f"{value:.4f}" for value in row) + ")," for row in table().T)
    mineral = ", ".join(f"{water_cm_of_mineral(Beam(kvp=kvp, **NOMINAL)):.2f}" for kvp in KVP)
    return (
        '"""HU per mg hydroxyapatite/ml behind water, by tube voltage. Made by benchmarks/polyenergetic/table.py.\n\n'
        "Not written by hand: regenerate with `python -m benchmarks.polyenergetic.table --write`.\n"
        "Beam 6 mm Al + 0.9 mm Ti, energy-integrating Gd2O2S detector, water precorrection, mineral that displaces\n"
        'soft tissue. docs/explanation/calibration.md says why.\n"""\n\n'
        "from __future__ import annotations\n\n"
        f"KVP: tuple[float, ...] = {KVP}\n"
        f"PATH_CM: tuple[float, ...] = {PATH_CM}\n"
        f"# Water (cm) that hardens the beam, for calcium's sake, as 1 g/cm2 of mineral does; by tube voltage.\n"
        f"WATER_CM_OF_MINERAL: tuple[float, ...] = ({mineral})\n"
        f"HU_PER_MG_ML: tuple[tuple[float, ...], ...] = (  # [path][kVp]\n{rows}\n)\n"
    )


def report() -> None:
    """Print the spread over filtrations, and the table beside four scanners' measured inserts."""
    paths = np.array([8.0, 20.0, 32.0])
    for kvp in (80.0, 100.0, 120.0, 140.0):
        beams = [Beam(kvp=kvp, **filters) for filters in SPREAD]
        values = np.array([hu_per_mg_ml(beam, paths) for beam in beams])
        print(f"{kvp:.0f} kV, behind 8 / 20 / 32 cm water")
        for beam, row in zip(beams, values, strict=True):
            print(f"   HVL {half_value_layer_mm(beam):.2f} mm Al  {np.round(row, 3)}  {beam.filters}")
        spread = values.std(axis=0, ddof=1) / values.mean(axis=0)
        print(f"   SD over filtrations, per cent: {np.round(100 * spread, 1)}")
    for kvp, factors in MEASURED_FACTOR.items():
        measured = 1.0 / np.array(factors)
        modelled = hu_per_mg_ml(Beam(kvp=kvp, **NOMINAL), np.array([MEASURED_PHANTOM_CM]), 0.0)[0]
        print(
            f"{kvp:.0f} kV: four scanners {np.round(measured, 2)} mean {measured.mean():.3f} "
            f"SD {100 * measured.std(ddof=1) / measured.mean():.1f} %, modelled {modelled:.3f}"
        )


if __name__ == "__main__":
    if "--write" in sys.argv:
        TARGET.write_text(rendered())
    report()
