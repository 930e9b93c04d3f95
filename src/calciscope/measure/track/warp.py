"""From any point of the baseline to the same point of the patient in the follow-up, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import get_num_threads
from scipy.spatial import cKDTree

from calciscope.measure.track.field import Displacement, nearest_mm
from calciscope.measure.track.limb import Surveyed
from calciscope.measure.track.parts import Part
from calciscope.measure.track.register import Piece
from calciscope.measure.track.similarity import moved
from calciscope.measure.track.spread import POOR_WEIGHT, Nodes, spread, weight_of
from calciscope.terms.geometry import Bool, Float64, Grid

WORST_RESIDUAL_MM = 1.6
"""Median distance of a bone's surfaces after the fit above which the fit is called poor: two thirds of a voxel of the
anatomy map; good fits reach 0.3 to 0.9 mm (measured on phantoms)."""
WORST_SLIDE_MM = 3.0
"""A bone that could slide further along its axis (1 SD) does not tell neighbouring deposits apart (judgement)."""
LEAST_SHARED = 0.2
"""A bone of which the follow-up shows less than this share of the surface is not held on to (judgement)."""
KNOT_MM = 22.0
"""Slack of soft tissue is alike over about this distance (judgement: the length over which a joint bends the skin)."""
KNOT_PRIOR = 0.5
"""Weight of "no slack" against one matched deposit at the same place."""
KNOT_REACH_MM = (9.0, 6.0, 5.0)
"""How far a deposit may lie from where the bones put it to count as matched, round by round (judgement)."""
KNOT_RATIO = 5.0
"""Matched deposits differ in mass by less than this factor in a year, as a rule (judgement)."""
KNOT_STRAYS_MM = 4.0
"""A knot that far from what its neighbours say is a mismatch and is dropped."""
BACK_STEPS = 8
"""Steps of finding the way back; each cuts the error to a fifth or less where a knee is bent by 20 degrees."""
LATTICE_MM = 5.0
"""Distance of the nodes on which the way is tabulated: half of the distance over which it bends (judgement)."""
ROUGH_STEP = 8
"""Every so many points of a bone tell which bone is nearest, where a guess is enough."""
MARGIN_MM = 15.0
"""The table reaches this far beyond the scan, for points that are carried out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knots:
    """Where (n, 3; baseline) matched deposits lie, and how much further than the bones they were carried (n, 3)."""

    places_mm: Float64
    slack_mm: Float64

    def at(self, points_mm: Float64) -> Float64:
        """Slack at (n, 3) points."""
        if not len(self.places_mm) or not len(points_mm):
            return np.zeros_like(points_mm)
        tree = cKDTree(self.places_mm)
        near, which = tree.query(points_mm, k=min(12, len(self.places_mm)))
        near, which = near.reshape(len(points_mm), -1), which.reshape(len(points_mm), -1)
        weight = np.exp(-0.5 * (near / KNOT_MM) ** 2)
        pulled = (weight[..., None] * self.slack_mm[which]).sum(axis=1)
        return np.asarray(pulled / (weight.sum(axis=1) + KNOT_PRIOR)[:, None])


NO_KNOTS = Knots(places_mm=np.zeros((0, 3)), slack_mm=np.zeros((0, 3)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """The fits of bones' parts blended by nearness, plus the slack that matched deposits show; exact, and slow."""

    parts: tuple[Part, ...]
    trees: tuple[cKDTree, ...]
    good: tuple[bool, ...]
    knots: Knots

    def forth(self, points_mm: Float64) -> Float64:
        """(n, 3) baseline mm to follow-up mm."""
        return self.carried(points_mm, self.away(points_mm)) + self.knots.at(points_mm)

    def carried(self, points_mm: Float64, away: Float64) -> Float64:
        """By the bones alone; ``away`` (n, parts): distance to each."""
        weight = weight_of(away)
        if any(self.good):
            weight = weight * np.where(self.good, 1.0, POOR_WEIGHT)
        weight /= weight.sum(axis=1, keepdims=True)
        found = np.zeros_like(points_mm, dtype=np.float64)
        for n, part in enumerate(self.parts):
            found += weight[:, n : n + 1] * moved(part.matrix, points_mm)
        return found

    def away(self, points_mm: Float64) -> Float64:
        """(n, parts) distance to each."""
        return np.stack([nearest_mm(tree, points_mm) for tree in self.trees], axis=1)

    def rough_back(self, points_mm: Float64) -> Float64:
        """Follow-up to baseline by the bone that is nearest there."""
        placed = [moved(part.matrix, part.points_mm[::ROUGH_STEP]) for part in self.parts]
        owner = np.repeat(np.arange(len(placed)), [len(points) for points in placed])
        nearest = owner[cKDTree(np.concatenate(placed)).query(points_mm, workers=get_num_threads())[1]]
        found = np.zeros_like(points_mm)
        for n, part in enumerate(self.parts):
            mine = nearest == n
            found[mine] = moved(np.asarray(np.linalg.inv(part.matrix)), points_mm[mine])
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Warp:
    """A blend tabulated: ``there`` takes baseline mm to follow-up mm, ``guess`` back, roughly; ``trust`` is a map of trust."""

    there: Displacement
    guess: Displacement
    trust: Bool

    def forth(self, points_mm: Float64) -> Float64:
        """(n, 3) baseline mm to follow-up mm."""
        return points_mm + self.there.at(points_mm)

    def back(self, points_mm: Float64) -> Float64:
        """(n, 3) follow-up mm to baseline mm."""
        found = points_mm + self.guess.at(points_mm)
        for _ in range(BACK_STEPS):
            found = found + (points_mm - self.forth(found))
        return found

    def trusted(self, points_mm: Float64) -> Bool:
        """Whether the nearest bone of each baseline point was fitted well."""
        index = np.rint(self.there.grid.to_index(points_mm)).astype(np.intp)
        index = np.clip(index, 0, np.array(self.trust.shape) - 1)
        return np.asarray(self.trust[tuple(index.T)], dtype=np.bool_)


def tabulated(blend: Blend, first: Grid, second: Grid) -> Warp:
    """The blend on a lattice over the baseline's box, and a guess of its inverse over the follow-up's."""
    there, nodes = _lattice(first)
    carried, trust = spread(blend.parts, blend.trees, blend.good, Nodes(places_mm=nodes, shape=there.shape))
    back, now = _lattice(second)
    return Warp(
        there=Displacement(mm=(carried + blend.knots.at(nodes) - nodes).reshape(*there.shape, 3), grid=there),
        guess=Displacement(mm=(blend.rough_back(now) - now).reshape(*back.shape, 3), grid=back),
        trust=trust.reshape(there.shape),
    )


def _lattice(grid: Grid) -> tuple[Grid, Float64]:
    """A coarser grid over a scan's box with a margin, and its nodes (n, 3), LPS mm."""
    step = [max(1.0, LATTICE_MM / spacing) for spacing in grid.spacing_mm]
    margin = [MARGIN_MM / spacing for spacing in grid.spacing_mm]
    counts = [int(np.ceil((n - 1 + 2 * m) / s)) + 1 for n, m, s in zip(grid.shape, margin, step, strict=True)]
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_lps(-np.array(margin))
    for axis in range(3):
        affine[:3, axis] *= step[2 - axis]
    coarse = Grid(shape=(counts[0], counts[1], counts[2]), affine=affine)
    index = np.stack(np.meshgrid(*(np.arange(n, dtype=np.float64) for n in counts), indexing="ij"), axis=-1)
    return coarse, coarse.to_lps(index.reshape(-1, 3))


def is_good(piece: Piece) -> bool:
    """Whether the fit of a bone can be trusted."""
    return why_poor(piece) == ""


def why_poor(piece: Piece) -> str:
    """One clause on what is wrong with the fit of a bone; empty where nothing is."""
    if piece.bone is None:
        return "no bone is in view to hold on to"
    if piece.shared < LEAST_SHARED:
        return f"the follow-up shows {100 * piece.shared:.0f} % of it"
    if piece.residual_mm > WORST_RESIDUAL_MM:
        return f"its surfaces stay {piece.residual_mm:.1f} mm apart"
    if piece.along_sd_mm > WORST_SLIDE_MM:
        return f"it could slide along its axis by {piece.along_sd_mm:.1f} mm"
    if piece.implausible:
        return piece.implausible
    if not piece.agrees:
        return f"it parts from its neighbours by {piece.parted_mm or 0.0:.0f} mm"
    return ""


def warp_of(pieces: tuple[Piece, ...], first: Surveyed, second: Surveyed) -> Warp:
    """Blend the fits, then take up the slack that deposits show, in rounds of falling reach."""
    parts = tuple(part for piece in pieces for part in piece.parts)
    good = tuple(is_good(piece) for piece in pieces for _ in piece.parts)
    blend = Blend(parts=parts, trees=tuple(cKDTree(part.points_mm) for part in parts), good=good, knots=NO_KNOTS)
    then, now = (np.concatenate([limb.centres_mm for limb in scan.limbs]) for scan in (first, second))
    masses = [np.concatenate([limb.masses_mg for limb in scan.limbs]) for scan in (first, second)]
    for reach in KNOT_REACH_MM:
        blend = replace(blend, knots=_knots(blend, then, now, masses, reach))
    return tabulated(blend, first.scan.anatomy.grid, second.scan.anatomy.grid)


def _knots(blend: Blend, then: Float64, now: Float64, masses: list[Float64], reach_mm: float) -> Knots:
    """Deposits of the two scans that are each other's nearest within reach and of like mass."""
    if not len(then) or not len(now):
        return NO_KNOTS
    here = blend.forth(then)
    away, partner = cKDTree(now).query(here)
    back = cKDTree(here).query(now)[1]
    ratio = (masses[0] + 1.0) / (masses[1][partner] + 1.0)
    mutual = (back[partner] == np.arange(len(then))) & (away <= reach_mm)
    kept = mutual & (ratio < KNOT_RATIO) & (ratio > 1.0 / KNOT_RATIO)
    places, slack = then[kept], now[partner[kept]] - blend.carried(then[kept], blend.away(then[kept]))
    if len(places) > 2:
        others = _left_out(places, slack)
        steady = np.linalg.norm(slack - others, axis=1) <= KNOT_STRAYS_MM
        places, slack = places[steady], slack[steady]
    return Knots(places_mm=places, slack_mm=slack)


def _left_out(places: Float64, slack: Float64) -> Float64:
    """What the other knots say at each knot's place."""
    away = np.linalg.norm(places[:, None, :] - places[None, :, :], axis=2)
    weight = np.exp(-0.5 * (away / KNOT_MM) ** 2)
    np.fill_diagonal(weight, 0.0)
    return np.asarray(weight @ slack / (weight.sum(axis=1) + KNOT_PRIOR)[:, None])


def in_view(grid: Grid, points_mm: Float64, rim_mm: float) -> Bool:
    """Whether points lie in a scan, at least ``rim_mm`` from its border."""
    index, room = grid.to_index(points_mm), rim_mm / np.array(grid.spacing_mm)
    return np.asarray(((index >= room) & (index <= np.array(grid.shape) - 1 - room)).all(axis=1))
