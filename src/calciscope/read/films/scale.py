"""How large a pixel of a radiograph is in the patient, from what its header says.

DICOM PS3.3 section 10.7.1 (memory): Imager Pixel Spacing is on the detector. Pixel Spacing is in the patient where its
calibration type is FIDUCIAL or GEOMETRY, or where it differs from Imager Pixel Spacing; else it is on the detector too. Rays
spread, so a deposit is smaller than its shadow: by Estimated Radiographic Magnification Factor, which is also Distance Source
to Detector over Distance Source to Patient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from calciscope.read.limits import MAX_FILM_PIXEL_MM, MIN_FILM_PIXEL_MM
from calciscope.terms.film import Scale, ScaleBasis

NOT_SAID = "The file does not say how large a pixel is; draw a ruler on the image first."
CALIBRATED = ("FIDUCIAL", "GEOMETRY")
SAME_SPACING = 0.001  # relative; below it two spacings are one number rounded twice
# Judgement: a limb lies 0 to 15 cm from the detector at 100 to 115 cm from the source, so a shadow is 1.0 to 1.2 times as large;
# the middle is taken, and the standard uncertainty of an even spread: 0.2 / sqrt(12) / 1.1.
UNKNOWN_FROM, UNKNOWN_TO = 1.0, 1.2
LEAST_MAGNIFICATION, MOST_MAGNIFICATION = 1.0, 2.5  # judgement: beyond it is a wrong header
# Judgement: a deposit 2 cm off the plane that the factor holds for is 2 % larger or smaller at 1 m.
STATED_UNCERTAINTY, OBJECT_UNCERTAINTY = 0.02, 0.03


def magnification_unknown() -> tuple[float, float]:
    """The factor to assume where none is known, and its relative standard uncertainty."""
    middle = 0.5 * (UNKNOWN_FROM + UNKNOWN_TO)
    return middle, (UNKNOWN_TO - UNKNOWN_FROM) / math.sqrt(12) / middle


def radiograph_scale(data: Any) -> Scale | None:
    """The scale by the header of a radiograph (a pydicom data set); None where it gives no usable size of a pixel."""
    imager = spacing(data.get("ImagerPixelSpacing")) or spacing(data.get("NominalScannedPixelSpacing"))
    object_mm = spacing(data.get("PixelSpacing"))
    if object_mm and (_type(data) in CALIBRATED or (imager and not _same(object_mm, imager))):
        return _scale(object_mm, 1.0, OBJECT_UNCERTAINTY, ScaleBasis.AT_OBJECT)
    detector = imager or (None if _captured(data) else object_mm)
    if detector is None:
        return None
    stated = magnification(data)
    if stated:
        return _scale(detector, stated, STATED_UNCERTAINTY, ScaleBasis.MAGNIFICATION_STATED)
    assumed, uncertainty = magnification_unknown()
    return _scale(detector, assumed, uncertainty, ScaleBasis.DETECTOR)


def magnification(data: Any) -> float | None:
    """The magnification that the header states, or that its distances give; None where neither is plausible."""
    stated = _number(data.get("EstimatedRadiographicMagnificationFactor"))
    if stated is None:
        far, near = (_number(data.get(name)) for name in ("DistanceSourceToDetector", "DistanceSourceToPatient"))
        stated = far / near if far and near else None
    return stated if stated is not None and LEAST_MAGNIFICATION <= stated <= MOST_MAGNIFICATION else None


def spacing(value: Any) -> tuple[float, float] | None:
    """Distance between rows and between columns in mm; None where it is not two plausible numbers."""
    if value is None or isinstance(value, str | bytes) or not isinstance(value, Sequence) or len(value) != 2:
        return None
    rows, columns = (_number(part) for part in value)
    if rows is None or columns is None:
        return None
    plausible = all(MIN_FILM_PIXEL_MM <= part <= MAX_FILM_PIXEL_MM for part in (rows, columns))
    return (rows, columns) if plausible else None


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and found > 0 else None


def _type(data: Any) -> str:
    return str(data.get("PixelSpacingCalibrationType") or "").strip().upper()


def _captured(data: Any) -> bool:
    """Whether the image is a copy of another: its Pixel Spacing is that of a screen or a scanner's guess."""
    return str(data.get("Modality") or "").strip().upper() in ("OT", "SC") or bool(data.get("ConversionType"))


def _same(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return all(abs(one - other) <= SAME_SPACING * other for one, other in zip(first, second, strict=True))


def _scale(spacing_mm: tuple[float, float], factor: float, uncertainty: float, basis: ScaleBasis) -> Scale:
    rows, columns = spacing_mm
    return Scale(x_mm=columns / factor, y_mm=rows / factor, relative_uncertainty=uncertainty, basis=basis)
