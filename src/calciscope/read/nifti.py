"""NIfTI (.nii, .nii.gz) in HU to a series: RAS to LPS, scaling, units, and what makes one unusable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from typing import Any, BinaryIO, cast

import numpy as np
from isal import igzip
from numpy.typing import NDArray

from calciscope.read.dicom_series import pixel_sha256
from calciscope.read.entries import Entry
from calciscope.read.foreign import Unreadable, parsing
from calciscope.read.limits import (
    MAX_PIXEL_MM,
    MAX_POSITION_MM,
    MAX_RATIO,
    MAX_SLICE_MM,
    MAX_VOXELS,
    MIN_PIXEL_MM,
    MIN_SLICES,
    RATIO_FROM_BYTES,
)
from calciscope.read.pixels import NO_IMAGE_HU, OUTSIDE_HU
from calciscope.read.plausible import range_hu, why_not_hu
from calciscope.read.volume import pile_up
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Float64, Grid, Int16, Volume
from calciscope.terms.progress import Progress
from calciscope.terms.series import Series, Source

GZIP_MAGIC = b"\x1f\x8b"
HEADER_SIZES = (348, 540)
RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
MILLIMETRES = {"mm": 1.0, "unknown": 1.0, "meter": 1000.0, "micron": 0.001}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a NIfTI header says: shape (x, y, z), affine in LPS mm, how values are stored and scaled."""

    shape: tuple[int, int, int]
    affine: Float64
    kind: np.dtype[Any]
    offset: int
    slope: float
    intercept: float


def is_nifti(entry: Entry) -> bool:
    """Whether the entry is a NIfTI file, by its header; by its name when it is compressed."""
    if entry.name.lower().endswith((".nii", ".nii.gz")):
        return True
    head = entry.head(348)
    return len(head) == 348 and head[344:348] in (b"n+1\0", b"ni1\0")


def read_nifti(entry: Entry, path: object, *, series_uid: str | None, progress: Progress) -> Series:
    """The series in a NIfTI file; Refused when it holds no CT volume in HU with an orientation."""
    if series_uid is not None:
        raise Refused(f"{path} is a NIfTI file and holds no DICOM series {series_uid}; leave the series out.")
    with opened(entry) as stream:
        layout = read_layout(stream, path)
        _refuse_bomb(layout, entry, path)
        hu = _read_hu(stream, layout, path, progress)
    low, high = range_hu(hu)
    why = why_not_hu(low, high)
    if why:
        raise Refused(f"{path} is not in Hounsfield units: {why}; export the CT numbers themselves.")
    axis = _slice_axis(layout.affine)
    hu, affine = _slices_first(hu, layout.affine, axis)
    volume = Volume(hu=hu, grid=Grid(shape=hu.shape, affine=affine), ceiling_hu=pile_up(hu, high))
    source = Source(kind="nifti", pixel_sha256=pixel_sha256(hu), chosen_because="the only volume in the file")
    return Series(volume=volume, source=source)


@contextmanager
def opened(entry: Entry) -> Iterator[BinaryIO]:
    """The uncompressed bytes."""
    with parsing("its bytes are damaged or cut short"), entry.opened() as raw:  # type: ignore[attr-defined]
        start = raw.read(2)
        raw.seek(0)
        if start == GZIP_MAGIC:
            with igzip.GzipFile(fileobj=raw, mode="rb") as plain:
                yield cast(BinaryIO, BufferedReader(plain, 1 << 20))
        else:
            yield raw


def read_layout(stream: BinaryIO, path: object) -> Layout:
    """The header, checked; the stream stands at the end of it."""
    import nibabel

    start = stream.read(4)
    size = next((n for n in HEADER_SIZES if start in (n.to_bytes(4, "little"), n.to_bytes(4, "big"))), None)
    if size is None:
        raise Refused(f"{path} is not a NIfTI file (its header is not recognised); export it again.")
    kind = nibabel.Nifti1Header if size == HEADER_SIZES[0] else nibabel.Nifti2Header
    with parsing("its header is damaged"):
        header = kind(start + stream.read(size - 4), check=False)
        shape = tuple(int(n) for n in header.get_data_shape())
        dtype = header.get_data_dtype()
        offset = int(header.get_data_offset())
        slope, intercept = header.get_slope_inter()
        oriented = int(header["qform_code"]) > 0 or int(header["sform_code"]) > 0
        units = header.get_xyzt_units()[0]
        affine = np.array(header.get_best_affine(), dtype=np.float64)
    shape = shape[:3] if len(shape) >= 3 and all(n == 1 for n in shape[3:]) else shape
    _refuse_shape(shape, dtype, path)
    if not oriented:
        raise Refused(f"{path} does not say how it lies in the patient (no qform or sform); export it with one.")
    scale = MILLIMETRES.get(units, 1.0)
    affine = RAS_TO_LPS @ np.diag([scale, scale, scale, 1.0]) @ affine
    _refuse_affine(affine, path)
    if not 0 <= offset <= 1 << 24:
        raise Unreadable("its header is damaged")
    stream.read(max(0, offset - size))
    return Layout(
        shape=cast(tuple[int, int, int], shape),
        affine=affine,
        kind=dtype,
        offset=offset,
        slope=1.0 if slope is None else float(slope),
        intercept=0.0 if intercept is None else float(intercept),
    )


def _refuse_bomb(layout: Layout, entry: Entry, path: object) -> None:
    """Refuse a file that unpacks to far more than images do."""
    claimed = layout.shape[0] * layout.shape[1] * layout.shape[2] * layout.kind.itemsize
    if claimed > max(RATIO_FROM_BYTES, MAX_RATIO * entry.size):
        raise Refused(f"{path} claims {claimed / 1e9:.1f} GB of voxels, more than it can hold; export it again.")


def _refuse_shape(shape: tuple[int, ...], dtype: np.dtype[Any], path: object) -> None:
    if len(shape) != 3 or min(shape) < MIN_SLICES:
        words = " x ".join(str(n) for n in shape)
        raise Refused(f"{path} holds {words} values, not one volume; give a single 3-D CT volume.")
    if shape[0] * shape[1] * shape[2] > MAX_VOXELS:
        raise Refused(f"{path} claims more than {MAX_VOXELS / 1e9:.0f} billion voxels; crop it or export it again.")
    if dtype.kind not in "iuf" or dtype.names is not None:
        raise Refused(f"{path} holds colours or complex numbers, not CT numbers; give the CT volume.")


def _refuse_affine(affine: Float64, path: object) -> None:
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    sane = np.isfinite(affine).all() and np.abs(affine[:3, 3]).max() <= MAX_POSITION_MM
    if not sane or sizes.min() < MIN_PIXEL_MM or sizes.max() > MAX_SLICE_MM or np.sort(sizes)[1] > MAX_PIXEL_MM:
        raise Refused(f"{path} has an absurd voxel size or position; export it again.")
    if abs(np.linalg.det(affine[:3, :3] / sizes)) < 0.05:
        raise Refused(f"{path} has axes that do not span a volume; export it again.")


def _read_hu(stream: BinaryIO, layout: Layout, path: object, progress: Progress) -> Int16:
    """int16 [z, y, x] in HU; NaN and infinity are refused."""
    if not np.isfinite([layout.slope, layout.intercept]).all() or layout.slope == 0:
        raise Refused(f"{path} has an unusable scale (scl_slope); export it again.")
    hu = np.empty((0,), dtype=np.int16)
    for index, stored in enumerate(stored_slices(stream, layout)):
        if index == 0:  # only once the file was seen to hold anything
            hu = np.empty(layout.shape[::-1], dtype=np.int16)
        if stored.dtype.kind == "f" and not np.isfinite(stored).all():
            raise Refused(f"{path} holds values that are not numbers (NaN or infinity); export it again.")
        hu[index] = _scaled(stored, layout)
        progress("Reading the scan", (index + 1) / layout.shape[2])
    return hu


def stored_slices(stream: BinaryIO, layout: Layout) -> Iterator[NDArray[Any]]:
    """The stored values, one [y, x] after the other along z; Unreadable when the file is too short."""
    columns, rows, slices = layout.shape
    size = rows * columns * layout.kind.itemsize
    for _ in range(slices):
        data = stream.read(size)
        if len(data) < size:
            raise Unreadable("its voxels are cut short")
        yield np.frombuffer(data, dtype=layout.kind).reshape(rows, columns)


def _scaled(stored: NDArray[Any], layout: Layout) -> Int16:
    if layout.slope == 1.0 and layout.intercept == 0.0 and stored.dtype.kind == "i" and stored.dtype.itemsize == 2:
        values = stored.astype(np.int16)
        return np.where(values <= NO_IMAGE_HU, OUTSIDE_HU, values)
    values = np.rint(stored.astype(np.float64) * layout.slope + layout.intercept)
    return np.where(values <= NO_IMAGE_HU, float(OUTSIDE_HU), np.clip(values, -32767, 32767)).astype(np.int16)


def _slice_axis(affine: Float64) -> int:
    """The storage axis nearest to the patient's long axis."""
    directions = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return int(np.argmax(np.abs(directions[2])))


def _slices_first(hu: Int16, affine: Float64, axis: int) -> tuple[Int16, Float64]:
    """[slice, row, column] with slices across the long axis; axial storage, the usual, is kept as it is."""
    if axis == 2:
        return hu, affine
    across = sorted((a for a in (0, 1, 2) if a != axis), key=lambda a: -abs(affine[0, a]))
    order = [*across, axis]  # storage axes that become column (nearest to left-right), row, slice
    moved = np.ascontiguousarray(hu.transpose([2 - order[2], 2 - order[1], 2 - order[0]]))
    result = affine.copy()
    result[:, :3] = affine[:, order]
    return moved, result
