"""The thin strands of a net and the small grains of a cluster belong to the sure part beside them; tissue does not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from calciscope.measure.segment.beside_sure import join_beside
from calciscope.measure.segment.pieces import Box
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.tissue import Tissue

SIZE, FINE = 40, 4  # voxels of 1 mm, fine voxels a millimetre while shapes are drawn
MIDDLE = SIZE // 2
NOISE_HU = 4.0
Shape = list[tuple[float, np.ndarray]]


def fine() -> list[np.ndarray]:
    """Coordinates (mm from the middle) of the fine voxels: slice, row, column."""
    places = (np.arange(SIZE * FINE) + 0.5) / FINE - SIZE / 2
    return np.meshgrid(places, places, places, indexing="ij")


def ball(at: tuple[float, float, float], radius_mm: float) -> np.ndarray:
    """Fine mask of a ball."""
    return np.asarray(sum((axis - mm) ** 2 for axis, mm in zip(fine(), at, strict=True)) <= radius_mm**2)


def rod(radius_mm: float, start_mm: float, stop_mm: float) -> np.ndarray:
    """Fine mask of a rod along the rows."""
    z, y, x = fine()
    return np.asarray((z**2 + y**2 <= radius_mm**2) & (x >= start_mm) & (x <= stop_mm))


def scanned(tissue_hu: float, shapes: Shape) -> Volume:
    """Tissue with shapes of these CT numbers, blurred and pooled to voxels of 1 mm, with noise."""
    image = np.full((SIZE * FINE,) * 3, tissue_hu, np.float32)
    for hu, mask in shapes:
        image[mask] = hu
    image = ndimage.gaussian_filter(image, 0.45 * FINE).reshape(SIZE, FINE, SIZE, FINE, SIZE, FINE).mean(axis=(1, 3, 5))
    image += np.random.default_rng(3).normal(0.0, 2 * NOISE_HU, image.shape)
    return Volume(hu=np.rint(image).astype(np.int16), grid=Grid(shape=image.shape, affine=np.eye(4)))


def joined(volume: Volume, bone: np.ndarray | None = None) -> tuple[np.ndarray, list[tuple[Box, np.ndarray]]]:
    """Voxels of the core after a sure ball of 5 mm in the middle was given its strands; and the grains beside it."""
    labels = np.zeros(volume.hu.shape, np.uint16)
    labels[tuple(slice(MIDDLE - 2, MIDDLE + 2) for _ in range(3))] = 1
    tissue = np.full(volume.hu.shape, int(Tissue.FAT), np.uint8)
    if bone is not None:
        tissue[bone] = int(Tissue.BONE)
    box = (slice(MIDDLE - 2, MIDDLE + 2),) * 3
    _, grains = join_beside(volume, tissue, labels, 1, box, NOISE_HU)
    return labels == 1, grains


SURE = (900.0, ball((0.0, 0.0, 0.0), 2.5))


def test_a_thin_strand_that_goes_on_from_a_nodule_is_its_own() -> None:
    strand = (500.0, rod(0.5, 0.0, 9.0))
    core, grains = joined(scanned(-95.0, [strand, SURE]))
    assert core[MIDDLE - 1 : MIDDLE + 1, MIDDLE - 1 : MIDDLE + 1, MIDDLE + 5 : MIDDLE + 8].any(axis=(0, 1)).all()
    assert not grains


@pytest.mark.parametrize(
    "shape", [(55.0, rod(0.6, -20.0, 20.0)), (55.0, np.abs(fine()[0]) < 0.4)], ids=["vein", "septum"]
)
def test_lean_tissue_that_touches_a_nodule_is_not(shape: tuple[float, np.ndarray]) -> None:
    core, grains = joined(scanned(-95.0, [shape, SURE]))
    assert core.sum() == 64
    assert not grains


def test_a_muscle_beside_a_nodule_is_not() -> None:
    core, grains = joined(scanned(-95.0, [(55.0, fine()[2] > 3.0), SURE]))
    assert core.sum() == 64
    assert not grains


@pytest.mark.parametrize(("tissue_hu", "mineral_hu"), [(-95.0, 500.0), (55.0, 600.0)], ids=["fat", "muscle"])
def test_a_grain_beside_a_nodule_is_one_more(tissue_hu: float, mineral_hu: float) -> None:
    core, grains = joined(scanned(tissue_hu, [(mineral_hu, ball((0.0, 0.0, 6.0), 1.0)), SURE]))
    assert core.sum() == 64
    assert len(grains) == 1
    (place, mask) = grains[0]
    assert abs((np.argwhere(mask).mean(axis=0) + [s.start for s in place])[2] - (MIDDLE + 5.5)) < 0.7


def test_a_grain_far_from_it_is_not() -> None:
    assert not joined(scanned(-95.0, [(500.0, ball((0.0, 0.0, 9.0), 0.9)), SURE]))[1]


def test_nothing_is_taken_from_beside_a_bone() -> None:
    bone = np.zeros((SIZE,) * 3, bool)
    bone[:, :, MIDDLE + 7 :] = True
    assert not joined(scanned(55.0, [(600.0, ball((0.0, 0.0, 5.2), 0.9)), SURE]), bone)[1]


def test_noise_is_neither() -> None:
    core, grains = joined(scanned(55.0, [SURE]))
    assert core.sum() == 64
    assert not grains
