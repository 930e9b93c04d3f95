"""HU per mg hydroxyapatite/ml, modelled from tube voltage and the body the beam crosses.

The model: a deposit of c mg/ml reads matrix + c x k HU. k falls as the beam hardens, so it depends on the tube voltage
and on the water-equivalent path of the rays through the deposit. ``calibration_table`` holds k behind water, from a
spectral model; here the path is taken from the image itself. docs/explanation/calibration.md derives every figure.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.calibration_field import CalibrationField, Hardening, calibration_field
from calciscope.measure.calibration_table import HU_PER_MG_ML, KVP, PATH_CM, WATER_CM_OF_MINERAL
from calciscope.terms.errors import Refused, WrongUsage
from calciscope.terms.geometry import Float64
from calciscope.terms.measurement import Calibration, Settings
from calciscope.terms.series import Series

ASSUMED_KVP = 120.0  # the commonest tube voltage in CT
LOWEST_KVP, HIGHEST_KVP = 60.0, 160.0  # beyond the table's ends (70-150) its edge is used; further out is no CT's
FINE_PATH_CM = np.linspace(PATH_CM[0], 64.0, 257)

# Standard uncertainties, relative.
# Between scanners, by water path (cm): SD of four makers' measured inserts behind about 20 cm, 8.8 % at 120 kV and
# 7.2 % at 80 kV (seen: Fujioka 2012, table 1); beams differ more behind less water. Filters that explain all of the
# four would give 13 % at 8 cm and 5 % at 32 cm (modelled); half of that dependence is taken (judgement).
BEAM_SD = ((8.0, 0.10), (12.0, 0.09), (20.0, 0.08), (32.0, 0.07))
# A factor the user measured: noise and place of the insert (judgement; calibrated precision in vitro 2 %, seen).
GIVEN_SD = 0.02
# Bone in the rays' way, corrected for by some scanners only: the factor without it is 1.8-2.4 % higher (measured).
BONE_SD = 0.02
OUT_OF_TABLE_SD = 0.05  # tube voltage beyond the table (judgement)
# Part of the body is outside the image: 10 cm more path is 9 % at 120 kV (the table), about half of it may be missing.
CUT_OFF_SD = 0.04
NO_BODY_PATH_CM = 16.0  # no body to measure: between a limb (8) and a trunk (25)
NO_BODY_SD = 0.08  # half the spread of k from 8 to 25 cm at 120 kV (the table)
# No kVp recorded: if 70 % are at 120 kV, 15 % at 100, 8 % at 130-140, 7 % at 70-80 (judgement), k has this SD.
ASSUMED_KVP_SD = 0.12


def hu_per_mg_ml(kvp: float, path_cm: Float64) -> Float64:
    """Table value behind each water path (cm), between entries linear in path and, in logarithms, in tube voltage."""
    rows = np.log(np.asarray(HU_PER_MG_ML)).T
    at_path = np.stack([np.interp(path_cm, PATH_CM, row) for row in rows])
    place = float(np.interp(np.log(kvp), np.log(KVP), np.arange(len(KVP))))
    low = min(int(place), len(KVP) - 2)
    return np.asarray(np.exp(at_path[low] + (place - low) * (at_path[low + 1] - at_path[low])))


def plausible(kvp: float | None) -> bool:
    """Whether a recorded tube voltage can be a CT's."""
    return kvp is not None and LOWEST_KVP <= kvp <= HIGHEST_KVP


def modelled(kvp: float, water_equivalent_cm: float) -> Calibration:
    """Calibration behind ``water_equivalent_cm`` of water: the path of rays through the deposit, not the body's width.

    Refused when the tube voltage is no CT's.
    """
    if not plausible(kvp):
        raise Refused(
            f"Calcium cannot be calibrated at a tube voltage of {kvp:g} kV (CT runs at 70 to 150 kV);"
            " give a calibration that you have measured with --calibration."
        )
    outside = not KVP[0] <= kvp <= KVP[-1]
    spreads = [_beam_sd(water_equivalent_cm), BONE_SD] + [OUT_OF_TABLE_SD] * outside
    return Calibration(
        hu_per_mg_ml=float(hu_per_mg_ml(kvp, np.array([water_equivalent_cm]))[0]),
        relative_sd=_combined(*spreads),
        source="modelled",
        kvp=kvp,
        water_equivalent_cm=water_equivalent_cm,
    )


def calibrate(series: Series, tissue: NDArray[np.uint8], settings: Settings) -> Calibration:
    """The scan's calibration: the user's own, or the modelled one at a typical soft-tissue place of this body."""
    return calibrate_field(series, tissue, settings)[0]


def calibrate_field(
    series: Series, tissue: NDArray[np.uint8], settings: Settings
) -> tuple[Calibration, CalibrationField | None]:
    """Calibration of the scan, and how it changes over the body (None where it is one number for the whole scan).

    ``tissue``: uint8 ``Tissue`` codes on the series' grid. A factor that the user gives holds everywhere.
    """
    recorded = series.acquisition.kvp
    assumed = not plausible(recorded)
    kvp = ASSUMED_KVP if recorded is None or assumed else recorded
    if settings.calibration_hu_per_mg_ml is not None:
        return _given(settings.calibration_hu_per_mg_ml, kvp, assumed), None
    table = _hardening(kvp)
    field = calibration_field(series.volume, tissue, table)
    widening = ASSUMED_KVP_SD if assumed else 0.0
    if field is None:
        return _widened(modelled(kvp, NO_BODY_PATH_CM), assumed, widening, NO_BODY_SD), None
    path_cm = float(np.interp(-field.typical_hu_per_mg_ml, -table.factor, table.path_cm))
    typical = replace(modelled(kvp, path_cm), hu_per_mg_ml=field.typical_hu_per_mg_ml)
    return _widened(typical, assumed, widening, CUT_OFF_SD * field.cut_off_share), field


def _widened(calibration: Calibration, assumed: bool, *more_sds: float) -> Calibration:
    """The calibration with further doubts, and whether its tube voltage is assumed."""
    return replace(calibration, kvp_assumed=assumed, relative_sd=_combined(calibration.relative_sd, *more_sds))


def _beam_sd(path_cm: float) -> float:
    """Spread between scanners behind a water path."""
    paths, spreads = np.array(BEAM_SD).T
    return float(np.interp(path_cm, paths, spreads))


def _hardening(kvp: float) -> Hardening:
    """The table at one tube voltage."""
    mineral = float(np.interp(np.log(kvp), np.log(KVP), WATER_CM_OF_MINERAL))
    return Hardening(path_cm=FINE_PATH_CM, factor=hu_per_mg_ml(kvp, FINE_PATH_CM), water_cm_of_mineral=mineral)


def _given(factor: float, kvp: float, assumed: bool) -> Calibration:
    """The user's own factor; the tube voltage no longer matters to mass."""
    if not np.isfinite(factor) or factor <= 0:
        raise WrongUsage(f"The calibration must be a positive number of HU per mg/ml, not {factor:g}.")
    return Calibration(hu_per_mg_ml=factor, relative_sd=GIVEN_SD, source="given", kvp=kvp, kvp_assumed=assumed)


def _combined(*relative_sds: float) -> float:
    """Independent relative uncertainties, root of the sum of squares."""
    return float(np.sqrt(np.sum(np.square(relative_sds))))
