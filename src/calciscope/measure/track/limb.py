"""A scan as registration sees it: bones, skin and muscle surfaces, deposits, limb by limb."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from calciscope.measure.track.bones import Bone, Skeleton, skeleton
from calciscope.measure.track.field import SurfaceField, nearest_mm, surface_field
from calciscope.terms.deposits import Kind, Side
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.tissue import Tissue
from calciscope.terms.tracking import TimePoint

LEVEL_MM = 4.0
"""Height of a level of a limb's profile: shorter than any bone end, longer than a slice (judgement)."""
SURFACE_POINTS = 1500
"""Points taken of the skin and of the muscles' surface of a limb (as many as of a bone)."""
SURFACE_REACH_MM = 3.0
"""Points of skin and muscle are taken this near to their surface."""
CONSTELLATION = (Kind.CALCINOSIS, Kind.VASCULAR, Kind.UNCERTAIN, Kind.PHYSIOLOGICAL)
"""Kinds that stay where they are in the body and so help to find the way: not contrast, metal's streaks or artefacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Points (n, 3) near a surface and their signed distance from it."""

    points_mm: Float64
    depth_mm: Float64


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """One limb of a scan: its bones, points of its skin and muscles, its deposits' centres, its profile along the body.

    ``profile`` is (levels, 7): body, muscle and bone in ml, and the middles (x, y) of bone and of body in mm;
    ``first_mm`` is the height (z) of its lowest level.
    """

    bones: tuple[Bone, ...]
    skin: Surface
    muscle: Surface
    centres_mm: Float64
    masses_mg: Float64
    profile: Float64
    first_mm: float
    side: Side

    @property
    def centre_mm(self) -> Float64:
        """Middle of the limb's bones; of its skin where it shows none."""
        if not self.bones:
            return np.asarray(self.skin.points_mm.mean(axis=0))
        return np.average([b.centre_mm for b in self.bones], axis=0, weights=[b.volume_ml for b in self.bones])


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """A scan with the three surfaces that tie it to another one, and its limbs."""

    scan: TimePoint
    bone: SurfaceField
    skin: SurfaceField
    muscle: SurfaceField
    limbs: tuple[Limb, ...]


def surveyed(scan: TimePoint) -> Surveyed:
    """Find bones, surfaces and limbs of a measured scan."""
    tissue, grid = scan.anatomy.tissue, scan.anatomy.grid
    bones = skeleton(scan.anatomy)
    skin = surface_field(tissue != Tissue.OUTSIDE, grid)
    muscle = surface_field((tissue == Tissue.MUSCLE) | (tissue == Tissue.BONE), grid)
    return Surveyed(scan=scan, bone=bones.field, skin=skin, muscle=muscle, limbs=_limbs(scan, bones, skin, muscle))


def _limbs(scan: TimePoint, bones: Skeleton, skin: SurfaceField, muscle: SurfaceField) -> tuple[Limb, ...]:
    tissue, grid = scan.anatomy.tissue, scan.anatomy.grid
    inside = np.argwhere(tissue[::2, ::2, ::2] != Tissue.OUTSIDE) * 2
    body_mm = grid.to_lps(inside.astype(np.float64))
    codes = tissue[tuple(inside.T)]
    members = [bones.of_limb(number) for number in range(max(1, bones.limbs))]
    points = _surface_points(skin), _surface_points(muscle)
    spots = [one for one in scan.deposits if one.kind in CONSTELLATION]
    centres = np.array([[one.x_mm, one.y_mm, one.z_mm] for one in spots]).reshape(-1, 3)
    masses = np.array([one.mass_mg or 0.0 for one in spots])
    sides = _sides(scan, members)
    found = []
    for number, own in enumerate(members):
        mine = _nearest(body_mm, members) == number
        profile, first = _profile(body_mm[mine], codes[mine], grid.voxel_volume_ml * 8.0)
        near = _nearest(centres, members) == number
        found.append(
            Limb(
                bones=own,
                skin=_of(points[0], _nearest(points[0].points_mm, members) == number),
                muscle=_of(points[1], _nearest(points[1].points_mm, members) == number),
                centres_mm=centres[near],
                masses_mg=masses[near],
                profile=profile,
                first_mm=first,
                side=sides[number],
            )
        )
    return tuple(found)


def _nearest(points_mm: Float64, members: list[tuple[Bone, ...]]) -> Float64:
    """Number of the limb whose bone is nearest to each point."""
    if len(members) == 1 or not len(points_mm):
        return np.zeros(len(points_mm))
    trees = [cKDTree(np.concatenate([bone.points_mm[::8] for bone in own])) for own in members]
    away = [nearest_mm(tree, points_mm) for tree in trees]
    return np.asarray(np.argmin(away, axis=0), dtype=np.float64)


def _surface_points(field: SurfaceField) -> Surface:
    """Points near a surface; those in the first and last slices and at the image's sides are the scan's border."""
    near = np.abs(field.mm) <= SURFACE_REACH_MM
    edge = np.zeros_like(near)
    edge[1:-1, 2:-2, 2:-2] = True
    index = np.argwhere(near & edge)
    return Surface(
        points_mm=field.grid.to_lps(index.astype(np.float64)), depth_mm=field.mm[tuple(index.T)].astype(np.float64)
    )


def _of(surface: Surface, mine: Bool) -> Surface:
    points, depth = surface.points_mm[mine], surface.depth_mm[mine]
    step = max(1, len(points) // SURFACE_POINTS)
    return Surface(points_mm=points[::step], depth_mm=depth[::step])


def _profile(body_mm: Float64, codes: Float64, cell_ml: float) -> tuple[Float64, float]:
    if not len(body_mm):
        return np.zeros((1, 7)), 0.0
    level = np.floor(body_mm[:, 2] / LEVEL_MM).astype(np.int64)
    first = int(level.min())
    count = int(level.max()) - first + 1
    level = level - first
    bone, muscle = codes == Tissue.BONE, codes == Tissue.MUSCLE
    columns = [np.bincount(level[part], minlength=count) * cell_ml for part in (slice(None), muscle, bone)]
    for part in (bone, slice(None)):
        number = np.maximum(np.bincount(level[part], minlength=count), 1)
        columns += [np.bincount(level[part], weights=body_mm[part, k], minlength=count) / number for k in (0, 1)]
    return np.stack(columns, axis=1), first * LEVEL_MM


def _sides(scan: TimePoint, members: list[tuple[Bone, ...]]) -> list[Side]:
    """Side of each limb: of two big ones the one further left (greater x) is the left, of one what the scan's regions say."""
    named = {part.side for part in scan.coverage} & {"left", "right"}
    if len(members) >= 2 and named == {"left", "right"}:
        across = [float(np.mean([bone.centre_mm[0] for bone in own])) for own in members]
        middle = (across[0] + across[1]) / 2
        return [Side.LEFT if x > middle else Side.RIGHT for x in across]
    return [Side(next(iter(named))) if len(named) == 1 else Side.UNKNOWN] * len(members)
