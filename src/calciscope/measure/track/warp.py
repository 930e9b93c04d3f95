"""From any point of the baseline to the same point of the patient in the follow-up, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from calciscope.measure.track.limb import Limb, Surveyed
from calciscope.measure.track.register import Piece
from calciscope.measure.track.similarity import moved
from calciscope.terms.geometry import Bool, Float64, Grid

WORST_RESIDUAL_MM = 1.6
"""Median distance of a bone's surfaces after the fit above which the fit is called poor: two thirds of a voxel of the
anatomy map; good fits reach 0.3 to 0.9 mm (measured on phantoms)."""
WORST_SLIDE_MM = 3.0
"""A bone that could slide further along its axis (1 SD) does not tell neighbouring deposits apart (judgement)."""
LEAST_SHARED = 0.2
"""A bone of which the follow-up shows less than this share of the surface is not held on to (judgement)."""
BLEND_MM = 4.0
"""Tissue follows bones by the fourth power of nearness, softened by this distance (judgement)."""
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
BACK_STEPS = 12


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
class Warp:
    """The bones' fits blended by nearness, plus the slack that matched deposits show."""

    pieces: tuple[Piece, ...]
    trees: tuple[cKDTree, ...]
    good: tuple[bool, ...]
    knots: Knots

    def forth(self, points_mm: Float64) -> Float64:
        """(n, 3) baseline mm to follow-up mm."""
        return self._carried(points_mm) + self.knots.at(points_mm)

    def back(self, points_mm: Float64) -> Float64:
        """(n, 3) follow-up mm to baseline mm."""
        if not len(points_mm):
            return points_mm
        guesses = [moved(np.asarray(np.linalg.inv(piece.matrix)), points_mm) for piece in self.pieces]
        away = np.stack([tree.query(guess)[0] for tree, guess in zip(self.trees, guesses, strict=True)])
        nearest = np.argmin(away, axis=0)
        found = np.stack(guesses)[nearest, np.arange(len(points_mm))]
        for _ in range(BACK_STEPS):
            found = found + (points_mm - self.forth(found))
        return found

    def trusted(self, points_mm: Float64) -> Bool:
        """Whether the nearest bone of each baseline point was fitted well."""
        nearest = np.argmin(np.stack([tree.query(points_mm)[0] for tree in self.trees]), axis=0)
        return np.array(self.good, dtype=bool)[nearest]

    def _carried(self, points_mm: Float64) -> Float64:
        away = np.stack([tree.query(points_mm)[0] for tree in self.trees], axis=1)
        weight = (away + BLEND_MM) ** -4.0
        if any(self.good):
            weight = weight * np.where(self.good, 1.0, 1e-9)
        weight /= weight.sum(axis=1, keepdims=True)
        found = np.zeros_like(points_mm, dtype=np.float64)
        for n, piece in enumerate(self.pieces):
            found += weight[:, n : n + 1] * moved(piece.matrix, points_mm)
        return found


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
    return ""


def warp_of(pieces: tuple[Piece, ...], first: Surveyed, second: Surveyed) -> Warp:
    """Blend the fits, then take up the slack that deposits show, in rounds of falling reach."""
    trees = tuple(cKDTree(_held(piece, first.limbs)) for piece in pieces)
    warp = Warp(pieces=pieces, trees=trees, good=tuple(is_good(piece) for piece in pieces), knots=NO_KNOTS)
    then, now = (np.concatenate([limb.centres_mm for limb in scan.limbs]) for scan in (first, second))
    masses = [np.concatenate([limb.masses_mg for limb in scan.limbs]) for scan in (first, second)]
    for reach in KNOT_REACH_MM:
        warp = replace(warp, knots=_knots(warp, then, now, masses, reach))
    return warp


def _held(piece: Piece, limbs: tuple[Limb, ...]) -> Float64:
    """The points of the baseline that a piece stands for."""
    return limbs[piece.limb].skin.points_mm if piece.bone is None else piece.bone.points_mm


def _knots(warp: Warp, then: Float64, now: Float64, masses: list[Float64], reach_mm: float) -> Knots:
    """Deposits of the two scans that are each other's nearest within reach and of like mass."""
    if not len(then) or not len(now):
        return NO_KNOTS
    here = warp.forth(then)
    away, partner = cKDTree(now).query(here)
    back = cKDTree(here).query(now)[1]
    ratio = (masses[0] + 1.0) / (masses[1][partner] + 1.0)
    mutual = (back[partner] == np.arange(len(then))) & (away <= reach_mm)
    kept = mutual & (ratio < KNOT_RATIO) & (ratio > 1.0 / KNOT_RATIO)
    places, slack = then[kept], now[partner[kept]] - warp._carried(then[kept])
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
