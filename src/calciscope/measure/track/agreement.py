"""Whether the fits of neighbouring bones agree: bones that meet must still meet in the follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from calciscope.measure.track.bones import GAP_STEP, Bone
from calciscope.measure.track.similarity import moved, scale_of
from calciscope.terms.geometry import Float64

NEIGHBOUR_MM = 40.0
"""Bones nearer than this are neighbours: ribs lie 10 to 30 mm apart, bones of a joint less (general knowledge)."""
JOINT_ARM_MM = 25.0
"""A joint turns about an axis this far from where its bones meet, at most: that of a knee lies as deep in the thigh bone
(general knowledge, rounded up)."""
SLACK_MM, STRETCH = 5.0, 0.15
"""What neighbours may part beyond a joint's turn: a joint's play, and a share of the tissue between them, which breathing
stretches (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A bone of the baseline and the matrix of its fit."""

    bone: Bone
    matrix: Float64


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How two neighbours' fits part (mm) where they meet, beyond what a joint's turn explains; and what they may."""

    parted_mm: float
    allowed_mm: float

    @property
    def agrees(self) -> bool:
        """Whether they still meet."""
        return self.parted_mm <= self.allowed_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far a bone's fit parts from that of the neighbour it agrees with best; None: it has none. ``agrees``: near enough."""

    parted_mm: float | None
    agrees: bool


def agreements(placed: Sequence[Placed]) -> tuple[Agreement, ...]:
    """Each bone of one limb held against the neighbours of the greatest set of bones that agree."""
    meetings = _meetings(placed)
    volumes = [one.bone.volume_ml for one in placed]
    joined = _sets(len(placed), [pair for pair, meeting in meetings.items() if meeting.agrees])
    near = _sets(len(placed), list(meetings))
    found = []
    for number in range(len(placed)):
        around = [n for n in range(len(placed)) if near[n] == near[number]]
        main = max({joined[n] for n in around}, key=lambda one: (_volume(one, joined, volumes), -one))
        beside = [meeting.parted_mm for pair, meeting in meetings.items() for mine, other in (pair, pair[::-1])
                  if mine == number and joined[other] == main]  # fmt: skip
        found.append(Agreement(parted_mm=min(beside, default=None), agrees=joined[number] == main))
    return tuple(found)


def _volume(one: int, joined: list[int], volumes: list[float]) -> float:
    return sum(volume for number, volume in zip(joined, volumes, strict=True) if number == one)


def _meetings(placed: Sequence[Placed]) -> dict[tuple[int, int], Meeting]:
    """(number, greater number) -> meeting of every two neighbours."""
    points = [one.bone.points_mm[::GAP_STEP] for one in placed]
    trees = [cKDTree(one) for one in points]
    found = {}
    for a in range(len(placed)):
        for b in range(a + 1, len(placed)):
            away, which = trees[b].query(points[a], distance_upper_bound=NEIGHBOUR_MM)
            nearest = int(np.argmin(away))
            if np.isfinite(away[nearest]):
                middle = 0.5 * (points[a][nearest] + points[b][which[nearest]])
                found[a, b] = _meeting(placed[a].matrix, placed[b].matrix, middle, float(away[nearest]))
    return found


def _meeting(one: Float64, other: Float64, middle_mm: Float64, gap_mm: float) -> Meeting:
    turn = (one[:3, :3] / scale_of(one)).T @ (other[:3, :3] / scale_of(other))
    apart = float(np.linalg.norm(moved(one, middle_mm[None])[0] - moved(other, middle_mm[None])[0]))
    turned = float(Rotation.from_matrix(turn).magnitude())
    return Meeting(parted_mm=max(apart - JOINT_ARM_MM * turned, 0.0), allowed_mm=SLACK_MM + STRETCH * gap_mm)


def _sets(count: int, links: Sequence[tuple[int, int]]) -> list[int]:
    """Number of the connected set that each of ``count`` belongs to: its smallest member."""
    found = list(range(count))
    for a, b in links:
        low, high = sorted((found[a], found[b]))
        found = [low if one == high else one for one in found]
    return found
