"""Coarse copies against plain means and counts, block by block."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.coarse import BONE_SHARE, CELL_SHARE, GAS_HU, _pool
from calciscope.measure.segment.coarse import coarsen
from calciscope.terms.geometry import Grid, Volume


def scan(shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """CT numbers and tissue codes without any order."""
    rng = np.random.default_rng(3)
    return rng.integers(-1000, 2000, shape).astype(np.int16), rng.choice(
        5, shape, p=[0.25, 0.3, 0.1, 0.15, 0.2]
    ).astype(np.uint8)


def blocks(shape: tuple[int, ...], factors: tuple[int, ...]) -> list[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Every block's index and its slices."""
    counts = [-(-n // f) for n, f in zip(shape, factors, strict=True)]
    return [
        (index, tuple(slice(i * f, i * f + f) for i, f in zip(index, factors, strict=True)))
        for index in np.ndindex(*counts)
    ]


@pytest.mark.parametrize("spacing", [1.0, 0.7, 3.0])
def test_blocks_hold_their_mean(spacing: float) -> None:
    hu, _ = scan((11, 17, 13))
    coarse = coarsen(Volume(hu=hu, grid=Grid(shape=hu.shape, affine=np.diag([spacing, spacing, spacing, 1.0]))))
    for index, block in blocks(hu.shape, coarse.factor):
        assert coarse.hu[index] == round(float(hu[block].mean()))


@pytest.mark.parametrize("factors", [(1, 2, 3), (3, 4, 4), (1, 1, 1)])
@pytest.mark.parametrize("sign", [1, -1])
def test_cells_hold_what_most_of_their_voxels_are(factors: tuple[int, int, int], sign: int) -> None:
    hu, tissue = scan((9, 18, 14))
    hu, tissue = hu[::sign], tissue[:, :, ::sign]
    pooled, mean, gas = _pool(hu, tissue, *factors)
    for index, block in blocks(hu.shape, factors):
        codes, values = tissue[block], hu[block]
        inside = (codes > 0).sum() >= (1 - CELL_SHARE) * codes.size
        bone = inside and (codes == 4).sum() >= BONE_SHARE * codes.size
        most = int(np.argmax([(codes == code).sum() for code in (1, 2, 3)])) + 1
        assert pooled[index] == (4 if bone else most if inside else 0)
        assert mean[index] == (int(values.sum()) // codes.size if bone else 0)
        assert gas[index] == (inside and ((codes == 1) & (values < GAS_HU)).sum() > CELL_SHARE * codes.size)
