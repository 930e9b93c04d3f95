"""What is kept of a measured scan, to and from the values that measuring works with."""

from __future__ import annotations

from calciscope.measure.blur import Blur
from calciscope.measure.calibration_field import CalibrationField
from calciscope.measure.coarse import CoarseScan
from calciscope.measure.quantify.run import Blurs
from calciscope.terms.series import Series
from calciscope.terms.whole_scan import CoarseCopy, FactorMap, ScanContext


def scan_context(
    series: Series, noise_hu: float, blurs: Blurs, coarse: CoarseScan, field: CalibrationField | None
) -> ScanContext:
    """What to keep."""
    return ScanContext(
        acquisition=series.acquisition,
        noise_hu=noise_hu,
        ceiling_hu=series.volume.ceiling_hu,
        first_blur_mm=(blurs.first.slice_mm, blurs.first.plane_mm),
        own_blur_mm=(blurs.own.slice_mm, blurs.own.plane_mm),
        coarse=CoarseCopy(tissue=coarse.tissue, hu=coarse.hu, gas=coarse.gas, cut=coarse.cut, grid=coarse.grid),
        factors=None
        if field is None
        else FactorMap(
            hu_per_mg_ml=field.hu_per_mg_ml,
            slices=field.slices,
            block=field.block,
            typical_hu_per_mg_ml=field.typical_hu_per_mg_ml,
            cut_off_share=field.cut_off_share,
        ),
    )


def blurs_of(context: ScanContext) -> Blurs:
    """The blurs that the whole scan showed."""
    first, own = (Blur(slice_mm=mm[0], plane_mm=mm[1]) for mm in (context.first_blur_mm, context.own_blur_mm))
    return Blurs(first=first, own=own)


def coarse_of(context: ScanContext) -> CoarseScan:
    """The coarse copy."""
    kept = context.coarse
    return CoarseScan(tissue=kept.tissue, hu=kept.hu, gas=kept.gas, cut=kept.cut, grid=kept.grid)


def factors_of(context: ScanContext) -> CalibrationField | None:
    """The calibration's field."""
    kept = context.factors
    if kept is None:
        return None
    return CalibrationField(
        hu_per_mg_ml=kept.hu_per_mg_ml,
        slices=kept.slices,
        block=kept.block,
        typical_hu_per_mg_ml=kept.typical_hu_per_mg_ml,
        cut_off_share=kept.cut_off_share,
    )
