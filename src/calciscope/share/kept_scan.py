"""What is kept of a measured scan: its voxels in packed blocks, so that any part is read fast, and what the whole scan told.

Blocks without any body are not kept: their voxels are air when they are read. Same scan, same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.share.nifti import write_labels, write_volume
from calciscope.terms.geometry import Grid
from calciscope.terms.tissue import Tissue
from calciscope.terms.whole_scan import ScanContext, WholeScan

FOLDER, VOXELS, CONTEXT, ARRAYS = "kept", "voxels.bin", "context.json", "context.npz"
WHOLE, WHOLE_LABELS = "whole.nii.gz", "whole_labels.nii.gz"
BLOCK = (16, 128, 128)  # a crop around a deposit touches a handful of them (judgement)
MOST_OVERVIEW_VOXELS = 2_500_000  # what a browser without a graphics card turns without a wait (judgement)
LAYOUT = 1
_LEVEL = 1


def write_kept(scan: WholeScan, folder: Path) -> None:
    """Write the folder ``kept`` and what is in it into a result's folder."""
    into = folder / FOLDER
    into.mkdir()
    blocks = _write_voxels(scan, into / VOXELS)
    _write_context(scan, into, blocks)
    factor = _overview_factor(scan.volume.grid.shape, scan.volume.grid.spacing_mm)
    grid = _pooled_grid(scan.volume.grid, factor)
    write_volume(into / WHOLE, _pooled(scan.volume.hu, factor, "mean"), grid, description="coarse overview")
    write_labels(into / WHOLE_LABELS, _pooled(scan.labels, factor, "max"), grid, description="label = deposit_id")


def _write_voxels(scan: WholeScan, path: Path) -> list[list[int]]:
    """Offset and size in bytes of every block, in the order of `corners`; a size of 0 is air alone."""
    places, offset = [], 0
    with path.open("wb") as file, ThreadPoolExecutor(2) as pool:
        for packed in pool.map(lambda corner: _packed(scan, corner), corners(scan.volume.grid.shape)):
            file.write(packed)
            places.append([offset, len(packed)])
            offset += len(packed)
    return places


def corners(shape: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
    """The first index of every block."""
    for z in range(0, shape[0], BLOCK[0]):
        for y in range(0, shape[1], BLOCK[1]):
            for x in range(0, shape[2], BLOCK[2]):
                yield z, y, x


def _packed(scan: WholeScan, corner: tuple[int, int, int]) -> bytes:
    box = tuple(slice(at, at + size) for at, size in zip(corner, BLOCK, strict=True))
    tissue, labels = scan.tissue[box], scan.labels[box]
    if not (tissue != Tissue.OUTSIDE).any() and not labels.any():
        return b""
    parts = (scan.volume.hu[box].astype("<i2"), labels.astype("<u2"), tissue)
    return bytes(isal_zlib.compress(b"".join(np.ascontiguousarray(part).tobytes() for part in parts), _LEVEL))


def _write_context(scan: WholeScan, into: Path, blocks: list[list[int]]) -> None:
    context, factors = scan.context, scan.context.factors
    said = {
        "layout": LAYOUT,
        "grid": _grid(scan.volume.grid),
        "acquisition": {name: _plain(value) for name, value in asdict(context.acquisition).items()},
        "noise_hu": context.noise_hu,
        "ceiling_hu": context.ceiling_hu,
        "first_blur_mm": list(context.first_blur_mm),
        "own_blur_mm": list(context.own_blur_mm),
        "coarse_grid": _grid(context.coarse.grid),
        "factors": None
        if factors is None
        else {
            "slices": [int(one) for one in factors.slices],
            "block": list(factors.block),
            "typical_hu_per_mg_ml": factors.typical_hu_per_mg_ml,
            "cut_off_share": factors.cut_off_share,
        },
        "block": list(BLOCK),
        "blocks": blocks,
        "boxes": _boxes(scan.labels),
    }
    (into / CONTEXT).write_text(json.dumps(said, allow_nan=False))
    np.savez_compressed(into / ARRAYS, **_arrays(context))  # type: ignore[arg-type]


def _boxes(labels: NDArray[np.uint16]) -> dict[str, list[list[int]]]:
    """deposit_id -> first and last index (inclusive) along each axis of its voxels."""
    found = enumerate(ndimage.find_objects(labels), start=1)
    return {str(n): [[part.start, part.stop - 1] for part in box] for n, box in found if box is not None}


def _arrays(context: ScanContext) -> dict[str, NDArray[Any]]:
    coarse, factors = context.coarse, context.factors
    found: dict[str, NDArray[Any]] = {"tissue": coarse.tissue, "hu": coarse.hu, "gas": coarse.gas, "cut": coarse.cut}
    return found if factors is None else {**found, "factors": factors.hu_per_mg_ml}


def _grid(grid: Grid) -> dict[str, Any]:
    return {"shape": list(grid.shape), "affine": grid.affine.tolist(), "frame_uid": grid.frame_uid}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()


def _overview_factor(shape: tuple[int, int, int], spacing_mm: tuple[float, float, float]) -> tuple[int, int, int]:
    """Whole voxels pooled along each axis, so that the cells are nearly cubes and few enough."""
    cell_mm = max(spacing_mm)
    while True:
        factor = tuple(max(1, round(cell_mm / step)) for step in spacing_mm)
        if np.prod([-(-size // by) for size, by in zip(shape, factor, strict=True)]) <= MOST_OVERVIEW_VOXELS:
            return factor[0], factor[1], factor[2]
        cell_mm *= 1.1


def _pooled_grid(grid: Grid, factor: tuple[int, int, int]) -> Grid:
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_lps(np.array([(by - 1) / 2.0 for by in factor]))
    affine[:3, :3] = grid.affine[:3, :3] * np.array(factor[::-1])
    shape = tuple(size // by for size, by in zip(grid.shape, factor, strict=True))
    return Grid(shape=(shape[0], shape[1], shape[2]), affine=affine, frame_uid=grid.frame_uid)


def _pooled(array: NDArray[Any], factor: tuple[int, int, int], how: str) -> NDArray[Any]:
    """Mean or maximum of whole cells; what is left at the far ends is dropped. Slab by slab, to spare memory."""
    (fz, fy, fx), (nz, ny, nx) = factor, (size // by for size, by in zip(array.shape, factor, strict=True))
    out = np.empty((nz, ny, nx), array.dtype)
    for z in range(nz):
        cells = array[z * fz : (z + 1) * fz, : ny * fy, : nx * fx].reshape(fz, ny, fy, nx, fx)
        out[z] = np.rint(cells.mean(axis=(0, 2, 4))) if how == "mean" else cells.max(axis=(0, 2, 4))
    return out
