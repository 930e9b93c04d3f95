"""Label maps and crops of CT numbers as NIfTI-1 (.nii.gz), written slice by slice so that no second copy of the volume is held.

The 348-byte header is packed here, field by field as in the NIfTI-1 standard, because that is all there is to write;
importing a NIfTI library would cost more time than the whole file. Tests read the files back with nibabel and
SimpleITK.
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from calciscope.terms.geometry import Float64, Grid, Int16

Voxels = NDArray[np.uint8] | NDArray[np.uint16] | Int16

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])  # DICOM's x and y run to left and back, NIfTI's to right and front
_CODES = {"uint8": (2, 8), "int16": (4, 16), "uint16": (512, 16)}  # NIfTI datatype code, bits per voxel
_SCANNER_ANAT = 1  # the coordinates are the scanner's
_MM = 2
_DATA_OFFSET = 352
_LEVEL = 1
_GZIP_WINDOW = 31  # deflate with a gzip header, whose time stamp stays 0
_CHUNK_BYTES = 1 << 24
_LARGEST_SIDE = 32767  # NIfTI-1 keeps sizes in int16


def write_labels(path: Path, labels: NDArray[np.uint8] | NDArray[np.uint16], grid: Grid, *, description: str) -> None:
    """Write ``labels`` [slice, row, column] on ``grid``; the same labels give the same bytes."""
    with path.open("wb") as file:
        _write(file, labels, grid, description)


def write_volume(path: Path, hu: Int16, grid: Grid, *, description: str) -> None:
    """Write CT numbers [slice, row, column] on ``grid``."""
    with path.open("wb") as file:
        _write(file, hu, grid, description)


def packed(values: Voxels, grid: Grid, *, description: str) -> bytes:
    """The bytes of such a file."""
    file = BytesIO()
    _write(file, values, grid, description)
    return file.getvalue()


def _write(file: BinaryIO, labels: Voxels, grid: Grid, description: str) -> None:
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP_WINDOW)
    little_endian = np.dtype(labels.dtype).newbyteorder("<")
    step = max(1, _CHUNK_BYTES // max(1, labels[0].nbytes))
    file.write(compressor.compress(header(labels.dtype.name, grid, description)))
    for start in range(0, len(labels), step):
        slab = np.ascontiguousarray(labels[start : start + step], dtype=little_endian)
        file.write(compressor.compress(slab.data))
    file.write(compressor.flush())


def header(dtype: str, grid: Grid, description: str) -> bytes:
    """The header with its four bytes of "no extension"; sform always, qform where the grid is not sheared."""
    code, bits = _CODES[dtype]
    slices, rows, columns = grid.shape
    ras = LPS_TO_RAS @ grid.affine
    spacing = np.linalg.norm(ras[:3, :3], axis=0)
    quaternion, qfac, sheared = _quaternion(ras[:3, :3] / spacing)
    return b"".join(
        (
            struct.pack("<i35xB", 348, 0),
            struct.pack("<8h", 3, *(min(side, _LARGEST_SIDE) for side in (columns, rows, slices)), 1, 1, 1, 1),
            struct.pack("<3f4h", 0, 0, 0, 0, code, bits, 0),
            struct.pack("<8f", qfac, *spacing, 0, 0, 0, 0),
            struct.pack("<3fhBB", _DATA_OFFSET, 1, 0, 0, 0, _MM),
            struct.pack("<4f2i", 0, 0, 0, 0, 0, 0),
            struct.pack("<80s24s", description.encode("ascii", "replace")[:79], b""),
            struct.pack("<2h", 0 if sheared else _SCANNER_ANAT, _SCANNER_ANAT),
            struct.pack("<6f", *quaternion, *ras[:3, 3]),
            struct.pack("<12f", *ras[:3].ravel()),
            struct.pack("<16s4s4x", b"", b"n+1\0"),
        )
    )


def _quaternion(directions: Float64) -> tuple[tuple[float, float, float], float, bool]:
    """(b, c, d), qfac and whether ``directions`` (unit columns) are sheared, as nifti1.h defines them."""
    qfac = 1.0 if np.linalg.det(directions) > 0 else -1.0
    left, _, right = np.linalg.svd(directions * [1.0, 1.0, qfac])
    turn = left @ right
    sheared = bool(np.abs(turn - directions * [1.0, 1.0, qfac]).max() > 1e-4)
    a = 0.5 * np.sqrt(max(0.0, 1.0 + np.trace(turn)))
    if a > 0.25:
        b, c, d = (turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]) / (4.0 * a)
        return (float(b), float(c), float(d)), qfac, sheared
    # near half a turn dividing by a is unsafe: take the axis v from v v' = ((R + R') / 2 + (1 - 2 a^2) I) / 2
    outer = (turn + turn.T) / 4.0 + (0.5 - a * a) * np.eye(3)
    best = int(np.argmax(np.diag(outer)))
    vector = outer[:, best] / np.sqrt(outer[best, best])
    sign = turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]
    if float(np.dot(vector, sign)) < 0:
        vector = -vector
    return (float(vector[0]), float(vector[1]), float(vector[2])), qfac, sheared
