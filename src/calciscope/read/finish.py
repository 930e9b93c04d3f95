"""From a decoded stack to a trusted volume: conflicts settled, corrupt and missing slices filled or the scan refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calciscope.read.content import misfits, thumbnail
from calciscope.read.spacing import too_many
from calciscope.read.volume import Decoded
from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Int16


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Volume, slots that were interpolated, how many end slices were cut off at the start, and why slots were bad."""

    hu: Int16
    filled: tuple[int, ...]  # indices in ``hu``
    cut_at_start: int
    why: dict[int, str]  # slot before cutting -> why it was not used


def finish(decoded: Decoded, missing: tuple[int, ...], path: object) -> Finished:
    """Fill what must be filled. Refused when more than 5 % or more than two adjacent slices cannot be trusted."""
    _settle(decoded)
    bad = dict(decoded.broken) | {slot: "missing" for slot in missing}
    good = [slot for slot in range(len(decoded.hu)) if slot not in bad]
    if len(good) < 2:
        why = next(iter(decoded.broken.values()), "unreadable")
        raise Refused(f"The CT series in {path} cannot be read: {why}; export it again.")
    _refuse_too_many(bad, decoded, path)
    for slot in misfits(decoded.thumbnails, good):
        bad[slot] = "its content does not fit its neighbours"
    _refuse_too_many(bad, decoded, path)
    return _fill(decoded.hu, bad)


def _refuse_too_many(bad: dict[int, str], decoded: Decoded, path: object) -> None:
    why = too_many(tuple(sorted(bad)), len(decoded.hu), "are missing or corrupt")
    if why:
        raise Refused(f"The CT series in {path} {why}; export it again from the archive.")


def _settle(decoded: Decoded) -> None:
    """Of slices that disagree about one place, keep the one that fits its neighbours best."""
    hu = decoded.hu
    for slot, others in sorted(decoded.conflicts.items()):
        near = [index for index in (slot - 1, slot + 1) if 0 <= index < len(hu) and index not in decoded.broken]
        versions = [hu[slot].copy(), *others]
        cost = [sum(float(np.abs(v.astype(np.int32) - hu[i]).mean()) for i in near) for v in versions]
        hu[slot] = versions[int(np.argmin(cost))]
        decoded.thumbnails[slot] = thumbnail(hu[slot])


def _fill(hu: Int16, bad: dict[int, str]) -> Finished:
    """Interpolate bad slices between the nearest good ones; bad slices at the ends are cut off."""
    good = [slot for slot in range(len(hu)) if slot not in bad]
    first, last = good[0], good[-1]
    filled = tuple(slot for slot in sorted(bad) if first < slot < last)
    for slot in filled:
        low = max(index for index in good if index < slot)
        high = min(index for index in good if index > slot)
        part = (slot - low) / (high - low)
        hu[slot] = np.rint(hu[low] * (1.0 - part) + hu[high] * part).astype(np.int16)
    trimmed = hu if (first, last) == (0, len(hu) - 1) else np.ascontiguousarray(hu[first : last + 1])
    return Finished(hu=trimmed, filled=tuple(slot - first for slot in filled), cut_at_start=first, why=bad)
