"""A long bone that bends a little is followed part by part."""

from __future__ import annotations

import numpy as np

from calciscope.measure.track.bones import Bone, skeleton
from calciscope.measure.track.parts import PART_MM, parts_of
from calciscope.measure.track.similarity import SurfacePull, moved
from calciscope.terms.geometry import Grid
from calciscope.terms.tissue import AnatomyMap, Tissue

SHAPE = (70, 40, 40)
CELL_MM = 2.0
SAG_MM = 4.0


def shaft(sag_mm: float) -> AnatomyMap:
    """An upright rod of bone in muscle whose ends stand ``sag_mm`` further back than its middle."""
    grid = Grid(shape=SHAPE, affine=np.diag([CELL_MM, CELL_MM, CELL_MM, 1.0]))
    x, y, z = np.moveaxis(grid.to_lps(np.argwhere(np.ones(SHAPE, bool)).astype(float)), -1, 0)
    back = 40.0 + bow(z, sag_mm)
    rod = (np.hypot(x - 40.0, y - back) <= 11.0) & (np.abs(z - 70.0) <= 55.0)
    tissue = np.where(rod, Tissue.BONE, Tissue.MUSCLE).astype(np.uint8).reshape(SHAPE)
    return AnatomyMap(tissue=tissue, grid=grid)


def bow(z_mm: np.ndarray, sag_mm: float) -> np.ndarray:
    return sag_mm * ((z_mm - 70.0) / 55.0) ** 2


def tied(bone: Bone, sag_mm: float) -> tuple[SurfacePull, ...]:
    field = skeleton(shaft(sag_mm)).field
    return (SurfacePull(points_mm=bone.points_mm, depth_mm=bone.depth_mm, field=field, sd_mm=0.7, forgive_mm=2.1),)


def missed(points: np.ndarray, matrix: np.ndarray) -> float:
    """Mean distance (mm) from where points of the straight rod went when it bowed, its ends left out."""
    went = points + np.stack([0 * points[:, 0], bow(points[:, 2], SAG_MM), 0 * points[:, 0]], axis=1)
    away = np.linalg.norm(moved(matrix, points) - went, axis=1)
    return float(away[np.abs(points[:, 2] - 70.0) < 50.0].mean())


def test_parts_follow_a_bow_that_the_whole_cannot() -> None:
    (bone,) = skeleton(shaft(0.0)).bones
    whole = np.eye(4)
    whole[1, 3] = SAG_MM / 3.0
    parts = parts_of(bone, whole, tied(bone, SAG_MM))
    assert len(parts) == round(110.0 / PART_MM)

    before = np.mean([missed(part.points_mm, whole) for part in parts])
    assert np.mean([missed(part.points_mm, part.matrix) for part in parts]) < 0.7 * before


def test_a_bone_that_keeps_its_form_keeps_its_fit() -> None:
    (bone,) = skeleton(shaft(0.0)).bones
    for part in parts_of(bone, np.eye(4), tied(bone, 0.0)):
        assert np.abs(moved(part.matrix, part.points_mm) - part.points_mm).max() < 0.1
