"""Calibrated regions of an ultrasound image: Sequence of Ultrasound Regions (DICOM PS3.3 section C.8.5.5, memory).

A region counts where it is two-dimensional (spatial format 1), shows tissue or flow over tissue (data type 1 or 2), and
both of its axes are in centimetres (unit 3). Spectra and traces have other axes; no length is measured in them.
"""

from __future__ import annotations

from typing import Any

from calciscope.terms.film import CalibratedRegion, Scale, ScaleBasis

CENTIMETRES, TWO_DIMENSIONAL, TISSUE_OR_FLOW = 3, 1, (1, 2)
MM_PER_CM = 10.0
LEAST_DELTA_CM, MOST_DELTA_CM = 0.0005, 0.2  # judgement: 5 um to 2 mm a pixel
# Judgement: sound is taken to travel at 1540 m/s; in fat it is 6 % slower, in muscle 3 % faster, and a path crosses both.
UNCERTAINTY = 0.02
LEAST_SIDE_PX = 16
NO_REGION = "This ultrasound image carries no calibrated region; draw a ruler along its depth marks first."
NO_SIZE = (
    "This ultrasound image gives its pixels no usable size in centimetres; draw a ruler along its depth marks first."
)
CUT = "The calibrated region reaches beyond the image, which was cut after it was made: the scale holds, its edges may not."


def calibrated_regions(data: Any, rows: int, columns: int) -> tuple[tuple[CalibratedRegion, ...], tuple[str, ...]]:
    """Regions of a pydicom data set within the image, and what has to be said of them."""
    found, notes = [], []
    for item in data.get("SequenceOfUltrasoundRegions") or ():
        region = _region(item)
        if region is None:
            continue
        inside = _within(region, rows, columns)
        if inside is None:
            continue
        if region.right > columns or region.bottom > rows:  # some count from one
            notes.append(CUT)
        found.append(inside)
    return tuple(found), tuple(dict.fromkeys(notes))


def why_no_region(data: Any) -> str:
    """What is said of an image none of whose regions is calibrated."""
    tissue = [item for item in data.get("SequenceOfUltrasoundRegions") or () if _shows_tissue(item)]
    return NO_SIZE if tissue else NO_REGION


def _shows_tissue(item: Any) -> bool:
    """Whether a region is a plane through tissue, whatever its units."""
    is_plane = int(item.get("RegionSpatialFormat") or 0) == TWO_DIMENSIONAL
    return is_plane and int(item.get("RegionDataType") or 0) in TISSUE_OR_FLOW


def _region(item: Any) -> CalibratedRegion | None:
    if not _shows_tissue(item):
        return None
    if any(int(item.get(f"PhysicalUnits{axis}Direction") or 0) != CENTIMETRES for axis in "XY"):
        return None
    across, down = (abs(float(item.get(f"PhysicalDelta{axis}") or 0.0)) for axis in "XY")
    if not all(LEAST_DELTA_CM <= delta <= MOST_DELTA_CM for delta in (across, down)):
        return None
    scale = Scale(
        x_mm=across * MM_PER_CM, y_mm=down * MM_PER_CM, relative_uncertainty=UNCERTAINTY, basis=ScaleBasis.REGION
    )
    left, top = (int(item.get(f"RegionLocationMin{axis}0") or 0) for axis in "XY")
    right, bottom = (int(item.get(f"RegionLocationMax{axis}1") or 0) for axis in "XY")
    return CalibratedRegion(left=left, top=top, right=right, bottom=bottom, scale=scale)


def _within(region: CalibratedRegion, rows: int, columns: int) -> CalibratedRegion | None:
    left, top = max(region.left, 0), max(region.top, 0)
    right, bottom = min(region.right, columns - 1), min(region.bottom, rows - 1)
    if right - left < LEAST_SIDE_PX or bottom - top < LEAST_SIDE_PX:
        return None
    return CalibratedRegion(left=left, top=top, right=right, bottom=bottom, scale=region.scale)
