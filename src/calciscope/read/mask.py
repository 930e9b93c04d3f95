"""A mask of bone (or anything) made by another tool, brought to the measured grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calciscope.read.entries import FileEntry
from calciscope.read.foreign import Unreadable, quiet
from calciscope.read.listing import list_entries
from calciscope.read.nifti import Layout, is_nifti, opened, read_layout, stored_slices
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Bool, Grid


def read_mask(path: str | Path, grid: Grid) -> Bool:
    """Bool [slice, row, column] on the grid, True where the NIfTI mask is not zero (nearest voxel).

    Raises WrongUsage when the path does not exist, Refused when it is no mask or does not overlap the grid.
    """
    path = Path(path)
    with quiet():
        entries, _ = list_entries(path)
        entry = entries[0]
        if len(entries) != 1 or not isinstance(entry, FileEntry) or not is_nifti(entry):
            raise Refused(f"{path} is not a NIfTI file; give the bone mask as .nii or .nii.gz.")
        try:
            with opened(entry) as stream:
                layout = read_layout(stream, path)
                stored = np.stack([part != 0 for part in stored_slices(stream, layout)])
        except Unreadable as error:
            raise Refused(f"{path} cannot be read: {error}; export the bone mask again.") from error
    return _to_grid(stored, layout, grid, path)


def _to_grid(stored: Bool, layout: Layout, grid: Grid, path: Path) -> Bool:
    """Nearest-neighbour lookup, slice by slice; voxels of the grid outside the mask's own box are False."""
    mask_from_grid = np.linalg.inv(layout.affine) @ grid.affine
    result = np.zeros(grid.shape, dtype=bool)
    covered = 0
    rows, columns = np.mgrid[: grid.shape[1], : grid.shape[2]]
    for index in range(grid.shape[0]):
        places = [_place(mask_from_grid[axis], columns, rows, index) for axis in (2, 1, 0)]
        inside = np.logical_and.reduce([(p >= 0) & (p < n) for p, n in zip(places, stored.shape, strict=True)])
        covered += int(np.count_nonzero(inside))
        result[index][inside] = stored[tuple(p[inside] for p in places)]
    if covered == 0:
        raise Refused(f"{path} does not overlap the scan; give the bone mask made from this scan.")
    return result


def _place(
    row: NDArray[np.float64], columns: NDArray[np.int64], rows: NDArray[np.int64], index: int
) -> NDArray[np.intp]:
    place: NDArray[np.intp] = np.rint(row[0] * columns + row[1] * rows + row[2] * index + row[3]).astype(np.intp)
    return place
