"""Which voxels an item of a reading is: found by the program, or what a reader's clicks make of them, worked out anew each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.parts import grow, split
from calciscope.read.kept_scan import KeptScan
from calciscope.record.scans.review import ADD, AUTOMATIC, MERGE, SPLIT, Edit, Item, Review
from calciscope.terms.errors import Broken, Refused
from calciscope.terms.geometry import Bool
from calciscope.terms.whole_scan import Box, Crop, box_around

SEED_ROOM_MM = 45.0
"""Room around a seed in which a missed deposit is grown: the largest single nodules are half as wide (judgement)."""

Voxels = NDArray[np.intp]  # (n, 3) [slice, row, column] of the whole scan


@dataclass(frozen=True, kw_only=True)
class ReadScan:
    """A kept scan with one reading of it."""

    kept: KeptScan
    review: Review

    def voxels(self, item: Item) -> Voxels:
        """Every voxel of an item; none where the program's label holds none."""
        if item.origin == AUTOMATIC:
            box = self.kept.box_of(int(item.id), 0.0)
            if box is None:
                return np.empty((0, 3), np.intp)
            return _within(self.kept.crop(box).labels == int(item.id), box)
        edit = self._maker(item)
        if edit is None:
            raise Broken("An item of a reading was made by no step of it.")
        if edit.edit == ADD:
            return self.grown(edit.seeds[0])
        parents = [self.review.item(name) for name in item.made_from]
        if edit.edit == MERGE:
            return np.concatenate([self.voxels(one) for one in parents if one])
        place = [row["item"] for row in edit.after].index(item.id)
        parent = parents[0]
        if parent is None:
            raise Broken("An item of a reading was split from nothing.")
        return self.parts(parent, edit.seeds)[place]

    def parts(self, item: Item, seeds: tuple[tuple[float, float, float], ...]) -> list[Voxels]:
        """An item's voxels, parted among the seeds."""
        own = self.voxels(item)
        crop, mask = self.crop_of(own, 3.0)
        return [_within(part, _box_of(crop)) for part in split(crop, mask, seeds, self.kept.context.noise_hu)]

    def grown(self, seed: tuple[float, float, float]) -> Voxels:
        """What hangs together with a seed."""
        at = np.rint(self.kept.grid.to_index(np.array(seed))).astype(int)
        if (at < 0).any() or (at >= np.array(self.kept.grid.shape)).any():
            raise Refused("This point lies outside the scan; click within the body.")
        box = box_around(self.kept.grid, tuple(at), tuple(at), SEED_ROOM_MM)
        return _within(grow(self.kept.crop(box), seed, self.kept.context.noise_hu), box)

    def crop_of(self, voxels: Voxels, margin_mm: float) -> tuple[Crop, Bool]:
        """The crop around voxels, and the mask of them in it."""
        if not len(voxels):
            raise Refused("This candidate has no voxels of its own in the stored scan.")
        low, high = tuple(voxels.min(axis=0)), tuple(voxels.max(axis=0))
        box = box_around(self.kept.grid, low, high, margin_mm)
        crop = self.kept.crop(box)
        mask = np.zeros(crop.hu.shape, bool)
        mask[tuple((voxels - np.array(crop.origin)).T)] = True
        return crop, mask

    def _maker(self, item: Item) -> Edit | None:
        """The step that made an item; an undo tells how items stand after it, too, but makes none."""
        kept = (one for one in reversed(self.review.edits) if one.uid not in self.review.undone)
        found = (one for one in kept if one.edit in (SPLIT, MERGE, ADD))
        return next((one for one in found if any(row["item"] == item.id for row in one.after)), None)


def _within(mask: Bool, box: Box) -> Voxels:
    return np.argwhere(mask) + np.array([part.start for part in box])


def _box_of(crop: Crop) -> Box:
    a, b, c = (slice(at, at + size) for at, size in zip(crop.origin, crop.hu.shape, strict=True))
    return a, b, c
