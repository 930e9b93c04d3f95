"""Dense pieces into bone and candidates: whole bones, bodies split off bones, and the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.beyond_bone import beyond_bone
from calciscope.measure.segment.body import ball
from calciscope.measure.segment.bumps import bumps
from calciscope.measure.segment.pieces import Box, Labels, Piece, only_dense
from calciscope.measure.segment.skeleton import SMALLEST_BONE_ML, is_bone, knobs
from calciscope.measure.segment.solid import Build, Solid, build_of, build_solid
from calciscope.terms.geometry import Volume
from calciscope.terms.tissue import Tissue

Bool = NDArray[np.bool_]

MASK_RIM_MM = 1.5
"""Rim of bone beyond a mask from elsewhere that is still bone's blur, mm: one voxel of common tools' masks (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A candidate: its piece, its build where large enough, and its neck's share where it was split off bone."""

    piece: Piece
    build: Build | None = None
    knob_contact: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """Candidates, largest first, and the bones as (box, mask of the box) pairs on the full grid."""

    candidates: tuple[Item, ...]
    bones: tuple[tuple[Box, Bool], ...]

    def paint_bone(self, tissue: NDArray[np.uint8]) -> None:
        """Write BONE into a full-grid tissue map."""
        for box, mask in self.bones:
            tissue[box][mask] = int(Tissue.BONE)


def separate(
    volume: Volume,
    labels: Labels,
    pieces: list[Piece],
    bone_mask: Bool | None,
    progress: Callable[[float], None],
) -> Separated:
    """Sort pieces; bodies split off a bone are given new numbers in ``labels``, bone's own become ``only_dense``."""
    if bone_mask is not None:
        return _with_given_bone(volume, pieces, bone_mask)
    spacing = volume.grid.spacing_mm
    candidates: list[Item] = []
    bones: list[tuple[Box, Bool]] = []
    fresh = max((piece.label for piece in pieces), default=0) + 1
    total = sum(piece.volume_ml for piece in pieces) or 1.0
    done = 0.0
    for piece in pieces:
        done += piece.volume_ml
        if piece.volume_ml < SMALLEST_BONE_ML:
            candidates.append(Item(piece=piece))
            continue
        solid = build_solid(volume.hu, labels, piece, spacing)
        build = build_of(solid)
        if not is_bone(piece, build):
            candidates.append(Item(piece=piece, build=build))
            continue
        fresh = _take_bone(volume, labels, piece, solid, candidates, bones, fresh)
        progress(done / total)
    candidates.sort(key=lambda item: (-item.piece.volume_ml, item.piece.label))
    return Separated(candidates=tuple(candidates), bones=tuple(bones))


def near_mask(bone_mask: Bool, spacing_mm: tuple[float, float, float]) -> Bool:
    """The mask with the blurred rim of the bone, slice by slice to spare memory."""
    element = ball(MASK_RIM_MM, (1e9, spacing_mm[1], spacing_mm[2]))[0]
    out = bone_mask.copy()
    for plane in out:
        if plane.any():
            plane[:] = ndimage.binary_dilation(plane, element)
    return out


def _with_given_bone(volume: Volume, pieces: list[Piece], bone_mask: Bool) -> Separated:
    """All pieces are candidates, for their voxels in the given mask are already gone; the mask is the bone."""
    whole = (slice(0, volume.hu.shape[0]), slice(0, volume.hu.shape[1]), slice(0, volume.hu.shape[2]))
    return Separated(candidates=tuple(Item(piece=piece) for piece in pieces), bones=((whole, bone_mask),))


def _take_bone(
    volume: Volume,
    labels: Labels,
    piece: Piece,
    solid: Solid,
    candidates: list[Item],
    bones: list[tuple[Box, Bool]],
    fresh: int,
) -> int:
    """Move one bone out of the labels, keeping the bodies that hang on it; returns the next free label."""
    own = labels[solid.box] == piece.label
    bone = solid.to_full(solid.filled)
    bodies = [(mask, build_of(solid, mask), 1.0) for mask in beyond_bone(solid)]
    bodies += [(knob.mask, knob.build, knob.contact) for knob in knobs(solid)]
    bodies += [(bump.mask, build_of(solid, bump.mask), bump.seat_ratio) for bump in bumps(solid)]
    for mask, build, contact in bodies:
        full = solid.to_full(mask) & (labels[solid.box] == piece.label)
        part = _piece_of(volume, full, solid.box, fresh)
        if part is None:
            continue
        labels[solid.box][full] = fresh
        bone &= ~full
        candidates.append(Item(piece=part, build=build, knob_contact=contact))
        fresh += 1
    labels[solid.box][own & (labels[solid.box] == piece.label)] = only_dense(labels)
    bones.append((solid.box, bone))
    return fresh


def _piece_of(volume: Volume, mask: Bool, box: Box, label: int) -> Piece | None:
    """Describe a mask within ``box`` as a piece of its own; None when it is empty."""
    index = np.argwhere(mask)
    if len(index) == 0:
        return None
    low, high = index.min(axis=0), index.max(axis=0) + 1
    own = [slice(int(a) + s.start, int(b) + s.start) for a, b, s in zip(low, high, box, strict=True)]
    values = volume.hu[box][mask]
    shape = volume.hu.shape
    return Piece(
        label=label,
        box=(own[0], own[1], own[2]),
        volume_ml=float(len(index) * volume.grid.voxel_volume_ml),
        peak_hu=float(values.max()),
        mean_hu=float(values.mean()),
        at_edge=any(s.start == 0 or s.stop == n for s, n in zip(own, shape, strict=True)),
    )
