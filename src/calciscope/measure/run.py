"""Measure one series: segment, quantify, describe, calibrate, sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.anatomy import anatomy_map
from calciscope.measure.calibration import calibrate_field
from calciscope.measure.calibration_field import CalibrationField
from calciscope.measure.coarse_ct import coarse_ct
from calciscope.measure.constants import named_constants
from calciscope.measure.context import scan_context
from calciscope.measure.coverage import coverage
from calciscope.measure.deposit_row import deposit_row, local_calibration, voided
from calciscope.measure.in_order import in_order
from calciscope.measure.measures import describe
from calciscope.measure.neighbourhood import Candidate, Neighbourhood, Quantity, Segmentation
from calciscope.measure.quantify.mass import burden_interval
from calciscope.measure.quantify.run import find_blurs, quantify
from calciscope.measure.scene import Scene, survey
from calciscope.measure.segment.run import segment
from calciscope.terms.checks import Check, Voids
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.geometry import Bool
from calciscope.terms.measurement import Burden, Calibration, Matrix, Measurement, Recipe, Settings
from calciscope.terms.progress import Progress, silent
from calciscope.terms.series import Series
from calciscope.terms.whole_scan import WholeScan

Measured = tuple[Candidate, Neighbourhood, Quantity, Calibration]


def measure(
    series: Series,
    settings: Settings | None = None,
    *,
    checks: Iterable[Check] = (),
    bone_mask: Bool | None = None,
    progress: Progress = silent,
) -> Measurement:
    """Find and measure every deposit of ``series``; what `measure_whole` gives, without what is kept of the scan."""
    return measure_whole(series, settings, checks=checks, bone_mask=bone_mask, progress=progress)[0]


def measure_whole(
    series: Series,
    settings: Settings | None = None,
    *,
    checks: Iterable[Check] = (),
    bone_mask: Bool | None = None,
    progress: Progress = silent,
) -> tuple[Measurement, WholeScan]:
    """Find and measure every deposit of ``series``; also what a part of it can be measured again with.

    ``checks``: what the reader found, each may void a quantity; ``bone_mask``: bool of the volume's shape that
    replaces the built-in bone. Raises ``Refused`` when no body is in view.
    """
    chosen = settings or Settings()
    done_checks = tuple(checks)
    voids = {void for check in done_checks if not check.passed for void in check.voids}
    segmentation = segment(series, bone_mask=bone_mask, progress=progress)
    matrix = Matrix(hu=chosen.matrix_hu)
    calibration, field = calibrate_field(series, segmentation.tissue, chosen)
    blurs = find_blurs(series.volume, series.acquisition, segmentation)
    quantities = quantify(series.volume, series.acquisition, segmentation, blurs=blurs, progress=progress)
    progress("Describing deposits", 0.0)
    scene = survey(series.volume, series.acquisition, segmentation)
    deposits, order = _deposits(scene, segmentation, quantities, calibration, field, matrix, voids)
    measured = [
        (quantities[c.label][1], local_calibration(calibration, field, quantities[c.label][0]))
        for c in order
        if c.kind is Kind.CALCINOSIS
    ]
    measurement = Measurement(
        series=series,
        recipe=Recipe(calibration=calibration, matrix=matrix, settings=_recipe_settings(chosen, segmentation)),
        checks=done_checks,
        coverage=coverage(scene),
        burden=_burden(deposits, measured, matrix, voids),
        deposits=deposits,
        labels=_renumbered(segmentation, quantities, order),
        anatomy=anatomy_map(series.volume, segmentation),
        coarse_ct=coarse_ct(series.volume),
    )
    context = scan_context(series, segmentation.noise_hu, blurs, scene.coarse, field)
    kept = WholeScan(volume=series.volume, labels=measurement.labels, tissue=segmentation.tissue, context=context)
    return measurement, kept


def _deposits(
    scene: Scene,
    segmentation: Segmentation,
    quantities: dict[int, tuple[Neighbourhood, Quantity]],
    calibration: Calibration,
    field: CalibrationField | None,
    matrix: Matrix,
    voids: set[Voids],
) -> tuple[tuple[Deposit, ...], list[Candidate]]:
    """Every candidate as a deposit, numbered by falling mass; also the candidates in that order."""
    columns = in_order(lambda c: describe(scene, *quantities[c.label]), segmentation.candidates)
    rows: list[tuple[Candidate, Deposit]] = []
    for candidate, column in zip(segmentation.candidates, columns, strict=True):
        neighbourhood, quantity = quantities[candidate.label]
        local = local_calibration(calibration, field, neighbourhood)
        rows.append((candidate, voided(deposit_row(candidate, quantity, column, local, matrix), voids)))
    rows.sort(key=lambda row: (-_size(row[1]), row[1].z_mm, row[1].y_mm, row[1].x_mm))
    numbered = tuple(replace(deposit, deposit_id=number) for number, (_, deposit) in enumerate(rows, start=1))
    return numbered, [candidate for candidate, _ in rows]


def _size(deposit: Deposit) -> float:
    """What deposits are ordered by: mass, or the excess where mass is not evaluable."""
    return deposit.mass_mg if deposit.mass_mg is not None else (deposit.excess_hu_ml or 0.0)


def _burden(
    deposits: tuple[Deposit, ...], measured: list[tuple[Quantity, Calibration]], matrix: Matrix, voids: set[Voids]
) -> Burden:
    """Sum over calcinosis; the interval keeps calibration and matrix as errors that all deposits share."""
    counted = [deposit for deposit in deposits if deposit.kind is Kind.CALCINOSIS]
    mass_mg, lower_mg, upper_mg = burden_interval(measured, matrix)
    without_mass = bool(voids & {Voids.MASS, Voids.BURDEN})
    return Burden(
        mass_mg=None if without_mass else mass_mg,
        mass_lower_mg=None if without_mass else lower_mg,
        mass_upper_mg=None if without_mass else upper_mg,
        volume_ml=_sum(deposit.volume_ml for deposit in counted),
        agatston=_sum(deposit.agatston for deposit in counted),
        deposits=len(counted),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    """Sum, or None as soon as one part is not evaluable."""
    known = list(values)
    return None if any(value is None for value in known) else float(sum(value or 0.0 for value in known))


def _recipe_settings(settings: Settings, segmentation: Segmentation) -> dict[str, object]:
    """What the user set, what the scan itself set, and every named number that stood while it was measured."""
    chosen = {key: value for key, value in asdict(settings).items() if key != "jobs"}
    return {**chosen, "noise_hu": round(segmentation.noise_hu, 2), "constants": named_constants()}


def _renumbered(
    segmentation: Segmentation, quantities: dict[int, tuple[Neighbourhood, Quantity]], order: list[Candidate]
) -> NDArray[np.uint16]:
    """Labels changed, in place, from candidate to deposit_id; only the crops that hold them are looked through."""
    crops = [quantities[candidate.label][0] for candidate in order]
    cores = [tuple((np.argwhere(crop.core) + crop.origin).T) for crop in crops]
    for number, core in enumerate(cores, start=1):
        segmentation.labels[core] = number
    return segmentation.labels
