"""The folder of an earlier `measure`, read back: numbers, label map and anatomy, each checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from calciscope.read.entries import FileEntry
from calciscope.read.foreign import Unreadable, quiet
from calciscope.read.nifti import Layout, opened, read_layout, stored_slices
from calciscope.terms.deposits import Deposit, Kind, Layer, Region, Shape, Side
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Grid
from calciscope.terms.measurement import Burden, Calibration, Coverage, Matrix
from calciscope.terms.tissue import AnatomyMap, CoarseCt
from calciscope.terms.tracking import LabelledVoxels, ScanFacts, TimePoint

Part = TypeVar("Part", Deposit, Burden, Calibration)

NUMBERS = frozenset({"int", "float"})  # annotations of fields, alone or "| None"
SCHEMA = "calciscope.measurement"
SCHEMA_VERSION = 1
POSITION_TOLERANCE_MM = 0.05  # NIfTI keeps positions in single precision


def is_measured(path: Path) -> bool:
    """Whether ``path`` is a folder that `measure` wrote."""
    return (path / "measurement.json").is_file()


def read_measured(folder: Path) -> TimePoint:
    """The measured scan in ``folder``; Refused when a part is missing, damaged or of another layout."""
    found = _document(folder)
    try:
        grid = _grid(found["grid"])
        deposits = tuple(_deposit(row) for row in found["deposits"])
        scan = TimePoint(
            facts=_facts(found),
            deposits=deposits,
            voxels=_voxels(folder, grid, len(deposits)),
            anatomy=_anatomy(folder, grid.frame_uid),
            burden=_numbers_in(Burden(**found["burden"])),
            coverage=tuple(_coverage(part) for part in found["coverage"]),
            calibration=_numbers_in(Calibration(**found["recipe"]["calibration"])),
            matrix=_matrix(found["recipe"]["matrix"]),
            coarse_ct=_coarse_ct(folder, grid.frame_uid),
        )
    except (KeyError, TypeError, ValueError, AttributeError, Unreadable) as error:
        raise Refused(f"{folder} holds a damaged measurement.json; measure the scan again.") from error
    if [deposit.deposit_id for deposit in deposits] != list(range(1, len(deposits) + 1)):
        raise Refused(f"{folder} holds deposits that are not numbered one after the other; measure the scan again.")
    return scan


def _document(folder: Path) -> dict[str, Any]:
    place = folder / "measurement.json"
    try:
        found = json.loads(place.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(f"{place} cannot be read; measure the scan again.") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise Refused(f"{place} was not written by `calciscope measure`; give a scan, or a folder that it wrote.")
    if found.get("schema_version") != SCHEMA_VERSION:
        raise Refused(f"{place} has another layout than this version reads; measure the scan again.")
    return found


def _grid(found: dict[str, Any]) -> Grid:
    shape = found["shape"]
    return Grid(
        shape=(int(shape["slices"]), int(shape["rows"]), int(shape["columns"])),
        affine=np.array(found["affine"], dtype=np.float64),
        frame_uid=found["frame_uid"],
    )


def _facts(found: dict[str, Any]) -> ScanFacts:
    series = found["series"]
    return ScanFacts(
        scan_date=None if series["date"] is None else date.fromisoformat(series["date"]),
        kvp=series["kvp"],
        kernel=series["kernel"],
        slice_thickness_mm=series["slice_thickness_mm"] or series["spacing_mm"]["slice"],
        contrast_agent=series["contrast_agent"],
        patient_key=series["patient_key"],
        patient_age_years=series["patient_age_years"],
        body_part=series["body_part"],
        laterality=series["laterality"],
        frame_uid=series["frame_uid"],
        series_uid=series["series_uid"],
        pixel_sha256=str(series["pixel_sha256"]),
        failed_checks=tuple(check["id"] for check in found["checks"] if not check["passed"]),
    )


def _deposit(row: dict[str, Any]) -> Deposit:
    words = {
        "kind": Kind(row["kind"]),
        "layer": Layer(row["layer"]),
        "layer_also": tuple(Layer(one) for one in row["layer_also"]),
        "shape": Shape(row["shape"]),
        "region": Region(row["region"]),
        "side": Side(row["side"]),
    }
    return _numbers_in(Deposit(**{**row, **words}))


def _numbers_in(part: Part) -> Part:
    """The same, once every field that is to hold a number does. Unreadable where one holds something else."""
    for one in fields(part):
        kind, _, none_too = str(one.type).partition(" | ")
        value = getattr(part, one.name)
        if kind not in NUMBERS or (value is None and none_too):
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unreadable(f"{one.name} holds no number")
    return part


def _coverage(part: dict[str, Any]) -> Coverage:
    return Coverage(
        region=Region(part["region"]), side=part["side"], evaluable=part["evaluable"], why_not=part["why_not"]
    )


def _matrix(found: dict[str, Any]) -> Matrix:
    return Matrix(hu=None if found["name"] == "background" else float(found["hu"]), sd_hu=float(found["sd_hu"]))


def _voxels(folder: Path, grid: Grid, deposits: int) -> LabelledVoxels:
    """Label map without its zeros, slice by slice, so that a scan of any length needs little memory."""
    place = folder / "segmentation.nii.gz"
    index, label = [], []
    with _label_map(place) as (layout, slices):
        _must_fit(layout, grid, place)
        for number, stored in enumerate(slices):
            rows, columns = np.nonzero(stored)
            if len(rows):
                index.append(np.stack([np.full(len(rows), number), rows, columns], axis=1).astype(np.int32))
                label.append(stored[rows, columns].astype(np.uint16))
    if label and max(int(part.max()) for part in label) > deposits:
        raise Refused(f"{place} marks deposits that measurement.json does not name; measure the scan again.")
    return LabelledVoxels(
        index=np.concatenate(index) if index else np.zeros((0, 3), np.int32),
        label=np.concatenate(label) if label else np.zeros(0, np.uint16),
        grid=grid,
    )


def _anatomy(folder: Path, frame_uid: str | None) -> AnatomyMap:
    with _label_map(folder / "anatomy.nii.gz") as (layout, slices):
        tissue = np.stack([stored.astype(np.uint8) for stored in slices])
    shape = (tissue.shape[0], tissue.shape[1], tissue.shape[2])
    return AnatomyMap(tissue=tissue, grid=Grid(shape=shape, affine=layout.affine, frame_uid=frame_uid))


def _coarse_ct(folder: Path, frame_uid: str | None) -> CoarseCt | None:
    """Mean CT numbers; None in a folder of an earlier version, which had none."""
    place = folder / "coarse_ct.nii.gz"
    if not place.exists():
        return None
    with _label_map(place) as (layout, slices):
        hu = np.stack([stored.astype(np.int16) for stored in slices])
    shape = (hu.shape[0], hu.shape[1], hu.shape[2])
    return CoarseCt(hu=hu, grid=Grid(shape=shape, affine=layout.affine, frame_uid=frame_uid))


@contextmanager
def _label_map(place: Path) -> Iterator[tuple[Layout, Iterator[NDArray[Any]]]]:
    """Layout and [row, column] slices of a NIfTI map; Refused when it is missing or damaged."""
    try:
        entry = FileEntry(place, place.stat().st_size)
        with quiet(), opened(entry) as stream:
            layout = read_layout(stream, place)
            yield layout, stored_slices(stream, layout)
    except (OSError, Unreadable) as error:
        raise Refused(f"{place} is missing or damaged; measure the scan again.") from error


def _must_fit(layout: Layout, grid: Grid, place: Path) -> None:
    corners = np.array([[0, 0, 0], grid.shape[::-1]], dtype=np.float64)
    apart = [corners @ affine[:3, :3].T + affine[:3, 3] for affine in (layout.affine, grid.affine)]
    if layout.shape[::-1] != grid.shape or np.abs(apart[0] - apart[1]).max() > POSITION_TOLERANCE_MM:
        raise Refused(f"{place} does not lie where measurement.json says; measure the scan again.")
