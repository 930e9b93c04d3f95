"""Dense pieces into bone and candidates: whole bones, bodies split off bones, and the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.beyond_bone import beyond_bone, beyond_bone_hu
from calciscope.measure.segment.body import ball
from calciscope.measure.segment.bumps import bumps
from calciscope.measure.segment.in_air import in_air
from calciscope.measure.segment.islands import islands
from calciscope.measure.segment.pieces import Box, Labels, Piece, only_dense
from calciscope.measure.segment.sheets import is_folded_sheet
from calciscope.measure.segment.skeleton import SMALLEST_BONE_ML, is_bone, knobs
from calciscope.measure.segment.solid import Build, Solid, build_of, build_solid
from calciscope.terms.geometry import Volume
from calciscope.terms.tissue import Tissue

Bool = NDArray[np.bool_]

ALONE_ML, JOINT_MM = 6.0, 12.0
"""Every bone meets another: one smaller than the first (ml) and in whole view with none within the second (mm) is no bone. The
second holds the cartilage between a small child's centres of ossification; larger bones may have theirs out of view
(textbook anatomy, memory)."""
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
    kvp: float | None,
    progress: Callable[[float], None],
) -> Separated:
    """Sort pieces; bodies split off a bone are given new numbers in ``labels``, bone's own become ``only_dense``.

    ``kvp``: tube voltage, kV, or None where it is not known; how dense bone can read depends on it.
    """
    if bone_mask is not None:
        return _with_given_bone(volume, pieces, bone_mask)
    fresh = max((piece.label for piece in pieces), default=0) + 1
    sorting = _Sorting(volume=volume, labels=labels, beyond_bone_hu=beyond_bone_hu(kvp), fresh=fresh)
    total = sum(piece.volume_ml for piece in pieces) or 1.0
    done = 0.0
    for piece in pieces:
        done += piece.volume_ml
        if sorting.take(piece):
            progress(done / total)
    sorting.take_small_bones()
    sorting.candidates.sort(key=lambda item: (-item.piece.volume_ml, item.piece.label))
    return Separated(candidates=tuple(sorting.candidates), bones=tuple(sorting.bones))


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


@dataclass(slots=True, kw_only=True)
class _Sorting:
    """What was sorted so far; ``fresh`` is the next free label; no bone is as dense as ``beyond_bone_hu``."""

    volume: Volume
    labels: Labels
    beyond_bone_hu: float
    fresh: int
    candidates: list[Item] = field(default_factory=list)
    bones: list[tuple[Box, Bool]] = field(default_factory=list)
    small: list[tuple[Piece, Build]] = field(default_factory=list)  # built as bone, not yet known to have a joint

    def take(self, piece: Piece) -> bool:
        """Sort one piece; True when it is a bone, whose bodies are then sorted as well."""
        if piece.volume_ml < SMALLEST_BONE_ML:
            self.candidates.append(Item(piece=piece))
            return False
        if in_air(self.volume.hu, self.labels, piece, self.volume.grid.spacing_mm):
            self.candidates.append(Item(piece=piece))  # a cast around a limb encloses tissue as cortex encloses marrow
            return False
        solid, build = self._built(piece)
        if not is_bone(piece, build) or (not piece.at_edge and is_folded_sheet(solid, build.thickness_mm)):
            self.candidates.append(Item(piece=piece, build=build))
            return False
        if piece.volume_ml < ALONE_ML and not piece.at_edge:
            self.small.append((piece, build))
            return False
        if self._split_islands(piece, solid):
            solid, _ = self._built(piece)
        self._take_bone(piece, solid)
        return True

    def take_small_bones(self) -> None:
        """Take the small pieces built as bone that lie by another bone; one that lies alone is a deposit."""
        others = [(box, mask) for box, mask in self.bones] + [
            (piece.box, self.labels[piece.box] == piece.label) for piece, _ in self.small
        ]
        known = len(self.bones)
        for number, (piece, build) in enumerate(self.small):
            near = [other for n, other in enumerate(others) if n != known + number]
            if not self._joint_near(piece, near):
                self.candidates.append(Item(piece=piece, build=build))
                continue
            solid, _ = self._built(piece)
            if self._split_islands(piece, solid):
                solid, _ = self._built(piece)
            self._take_bone(piece, solid)

    def _joint_near(self, piece: Piece, others: list[tuple[Box, Bool]]) -> bool:
        """Whether any of the others comes within a joint's width of a piece."""
        spacing = self.volume.grid.spacing_mm
        box = piece.around(JOINT_MM, spacing, self.labels.shape)
        found = np.zeros([part.stop - part.start for part in box], dtype=np.bool_)
        for other, mask in others:
            _paint_common(found, box, other, mask)
        if not found.any():
            return False
        own = self.labels[box] == piece.label
        return bool(edt.edt(~own, anisotropy=spacing)[found].min() <= JOINT_MM)

    def _built(self, piece: Piece) -> tuple[Solid, Build]:
        """The piece as a solid, and its build."""
        solid = build_solid(self.volume.hu, self.labels, piece, self.volume.grid.spacing_mm)
        return solid, build_of(solid)

    def _split_islands(self, piece: Piece, solid: Solid) -> bool:
        """Make candidates of the bodies that only blur joins to the bone; True when there are any."""
        labels, hu = self.labels[solid.box], self.volume.hu[solid.box]
        found = islands(hu, labels, piece.label, solid.to_full(solid.filled), self.volume.grid.spacing_mm)
        before = len(self.candidates)
        for box, mask in found:
            part = _piece_of(self.volume, mask, _within(solid.box, box), self.fresh)
            if part is None:
                continue
            labels[box][mask] = part.label
            _, build = self._built(part)
            if is_bone(part, build):
                labels[box][mask] = piece.label
                continue
            self.candidates.append(Item(piece=part, build=build, knob_contact=0.0))
            self.fresh += 1
        return len(self.candidates) > before

    def _take_bone(self, piece: Piece, solid: Solid) -> None:
        """Move one bone out of the labels, keeping the bodies that hang on it."""
        labels = self.labels[solid.box]
        own = labels == piece.label
        bone = solid.to_full(solid.filled)
        bodies = [(mask, build_of(solid, mask), 1.0) for mask in beyond_bone(solid, self.beyond_bone_hu)]
        bodies += [(knob.mask, knob.build, knob.contact) for knob in knobs(solid)]
        bodies += [(bump.mask, build_of(solid, bump.mask), bump.seat_ratio) for bump in bumps(solid)]
        for mask, build, contact in bodies:
            full = solid.to_full(mask) & (labels == piece.label)
            part = _piece_of(self.volume, full, solid.box, self.fresh)
            if part is None:
                continue
            labels[full] = part.label
            bone &= ~full
            self.candidates.append(Item(piece=part, build=build, knob_contact=contact))
            self.fresh += 1
        labels[own & (labels == piece.label)] = only_dense(self.labels)
        self.bones.append((solid.box, bone))


def _paint_common(found: Bool, box: Box, other: Box, mask: Bool) -> None:
    """Mark in ``found`` (of ``box``) what a mask of another box covers."""
    start = [max(a.start, b.start) for a, b in zip(box, other, strict=True)]
    stop = [min(a.stop, b.stop) for a, b in zip(box, other, strict=True)]
    if any(a >= b for a, b in zip(start, stop, strict=True)):
        return
    here = tuple(slice(a - part.start, b - part.start) for a, b, part in zip(start, stop, box, strict=True))
    there = tuple(slice(a - part.start, b - part.start) for a, b, part in zip(start, stop, other, strict=True))
    found[here] |= mask[there]


def _within(box: Box, inner: Box) -> Box:
    """A box given within another, in the grid of the outer one."""
    first, second, third = (slice(b.start + i.start, b.start + i.stop) for b, i in zip(box, inner, strict=True))
    return first, second, third


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
