"""Decodes a stack into one int16 volume, with the slices that could not be, the scanner's field and the HU ceiling."""

from __future__ import annotations

import dataclasses
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from calciscope.read.content import Thumbnails, thumbnail
from calciscope.read.foreign import Unreadable
from calciscope.read.header import Pixels, Slice
from calciscope.read.limits import MAX_FILLED_FRACTION
from calciscope.read.pixels import NO_DATA, NO_IMAGE_HU, OUTSIDE_HU, hu_into
from calciscope.read.spacing import Layout
from calciscope.read.stacks import Stack
from calciscope.terms.geometry import Bool, Int16
from calciscope.terms.progress import Progress

THREADS = min(4, os.cpu_count() or 1)
# A field found from padding alone must be a disc when the padding value is air, which objects hold too (judgement).
DISC_AGREEMENT = 0.97
# Its radius as a part of the image's side; scanners fill the image (0.5) or more, a leg in noiseless air does not (judgement).
SMALLEST_DISC = 0.48
# CT numbers a 12-bit detector chain clips at whatever the file's depth (memory: 3071, 3095), and at 14 bits and 16.
PILE_UP_VOXELS = 8
PILE_UP_RATIO = 4.0
PILE_UP_FROM_HU = 1500


@dataclass(slots=True)
class Decoded:
    """The volume as decoded: slots that hold nothing trustworthy yet, and duplicates that disagree."""

    hu: Int16
    thumbnails: Thumbnails  # float32 [slot, row, column], for the check of the content
    field: Bool | None = None
    ceiling_hu: float | None = None
    range_hu: tuple[int, int] = (0, 0)  # of all slices decoded
    broken: dict[int, str] = dataclasses.field(default_factory=dict)  # slot -> why
    conflicts: dict[int, list[Int16]] = dataclasses.field(default_factory=dict)  # slot -> the other versions
    identical: int = 0


def decode_stack(stack: Stack, layout: Layout, progress: Progress) -> Decoded:
    """Every slice in its slot; missing slots stay at air until they are filled."""
    pixels = stack.first.pixels
    hu = np.empty((layout.count, pixels.rows, pixels.columns), dtype=np.int16)
    for slot in layout.missing:
        hu[slot] = OUTSIDE_HU
    result = Decoded(hu, thumbnails_like(hu))
    extremes = np.full((layout.count, 2), OUTSIDE_HU, dtype=np.int16)
    outside = np.ones(hu.shape[1:], dtype=bool)

    def work(item: tuple[int, tuple[Slice, ...]]) -> tuple[int, str, list[Int16], int, Bool | None]:
        slot, place = item
        why, others, same = _decode_place(place, hu[slot])
        empty = _clear(hu[slot])
        result.thumbnails[slot] = thumbnail(hu[slot])
        extremes[slot] = hu[slot].min(), hu[slot].max()
        return slot, why, others, same, empty

    todo = list(zip(layout.slots, stack.places, strict=True))
    with ThreadPoolExecutor(THREADS) as pool:
        for done, (slot, why, others, same, empty) in enumerate(pool.map(work, todo), 1):
            if why:
                result.broken[slot] = why
                if len(result.broken) > MAX_FILLED_FRACTION * layout.count:
                    pool.shutdown(wait=False, cancel_futures=True)
                    break  # the scan will be refused; what is left need not be decoded
            else:
                outside &= empty if empty is not None else False
            if others:
                result.conflicts[slot] = others
            result.identical += same
            progress("Reading the scan", done / len(todo))
    result.field = _field(outside, pixels)
    result.range_hu = int(extremes[:, 0].min()), int(extremes[:, 1].max())
    result.ceiling_hu = _ceiling(hu, stack, result.range_hu[1])
    return result


def thumbnails_like(hu: Int16) -> Thumbnails:
    """Room for the thumbnails of all slices."""
    return np.zeros((len(hu), *thumbnail(hu[0]).shape), dtype=np.float32)


def _decode_place(place: tuple[Slice, ...], target: Int16) -> tuple[str, list[Int16], int]:
    """Decode the first readable version into the target; (why none was, versions that disagree, identical copies)."""
    why, filled = "", False
    others: list[Int16] = []
    same = 0
    for one in place:
        version = target if not filled else np.empty_like(target)
        try:
            hu_into(one, version)
        except Unreadable as error:
            why = why or str(error)
            continue
        if not filled:
            filled = True
        elif np.array_equal(version, target):
            same += 1
        else:
            others.append(np.where(version == NO_DATA, OUTSIDE_HU, version))
    if not filled:
        target[:] = OUTSIDE_HU
    return ("" if filled else why), others, same


def _clear(hu: Int16) -> Bool | None:
    """Replace "no data" by air and return where it was."""
    if hu.min() != NO_DATA:
        return None
    empty: Bool = hu == NO_DATA
    hu[empty] = OUTSIDE_HU
    return empty


def _field(outside: Bool, pixels: Pixels) -> Bool | None:
    """True where the scanner reconstructed an image; None when it all is, or when it cannot be told."""
    if not outside.any() or outside.all():
        return None
    field = ~outside
    if _padding_is_air(pixels) and not _is_disc(field):
        return None
    return field


def _padding_is_air(pixels: Pixels) -> bool:
    """Whether "no data" is written as a value that air has too."""
    if pixels.padding is None:
        return False
    hu = pixels.padding[0] * pixels.slope + pixels.intercept
    return NO_IMAGE_HU < hu < -900.0


def _is_disc(field: Bool) -> bool:
    """Whether the field is a disc around the image's centre."""
    rows, columns = (np.arange(size) - (size - 1) / 2 for size in field.shape)
    radius = np.hypot(rows[:, None], columns[None, :])
    disc = radius <= radius[field].max()
    return bool((field == disc).mean() > DISC_AGREEMENT and radius[field].max() > SMALLEST_DISC * min(field.shape))


def _ceiling(hu: Int16, stack: Stack, highest: int) -> float | None:
    """The HU at which voxels are clipped: the file's highest value, or one where many voxels pile up."""
    storable = min(_highest_storable(place[0].pixels) for place in stack.places)
    if highest >= storable:
        return float(storable)
    return pile_up(hu, highest)


def pile_up(hu: Int16, highest: int) -> float | None:
    """The highest HU when far more voxels have exactly it than the values just below; None otherwise."""
    if highest < PILE_UP_FROM_HU:
        return None
    at_top = below = 0
    for part in hu:
        if part.max() <= highest - 21:
            continue
        near = part[part > highest - 21]
        top = int(np.count_nonzero(near == highest))
        at_top, below = at_top + top, below + near.size - top
    return float(highest) if at_top >= PILE_UP_VOXELS and at_top > PILE_UP_RATIO * below / 20 else None


def _highest_storable(pixels: Pixels) -> int:
    top = (1 << (pixels.bits_stored - int(pixels.signed))) - 1
    return int(min(np.rint(max(top * pixels.slope + pixels.intercept, pixels.intercept)), 32767))
