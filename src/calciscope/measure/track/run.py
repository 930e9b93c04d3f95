"""Hold every later scan of a patient against the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from calciscope.measure.constants import named_constants
from calciscope.measure.track.burden import burden_change
from calciscope.measure.track.events import families, judged
from calciscope.measure.track.limb import Surveyed, surveyed
from calciscope.measure.track.limit import error_model
from calciscope.measure.track.match import families as matched
from calciscope.measure.track.proof import Pair
from calciscope.measure.track.register import Piece, partners, pieces_of
from calciscope.measure.track.suit import name_of, warnings_on
from calciscope.measure.track.turned import is_turned
from calciscope.measure.track.warp import Warp, is_good, warp_of, why_poor
from calciscope.terms.deposits import Region
from calciscope.terms.errors import Refused
from calciscope.terms.progress import Progress, silent
from calciscope.terms.tracking import Comparison, Family, SegmentFit, TimePoint, Tracking

STEP = "Comparing the scans"


def track(scans: Sequence[TimePoint], *, progress: Progress = silent) -> Tracking:
    """Compare each later scan with the first; ``scans`` in order of time, of one patient and part of the body.

    Raises ``Refused`` when two scans cannot be brought together at all.
    """
    progress(STEP, 0.0)
    seen = [surveyed(scan) for scan in scans]
    compared = []
    for number, later in enumerate(seen[1:], start=1):
        compared.append(_compared(seen[0], later, number))
        progress(STEP, number / (len(seen) - 1))
    return Tracking(
        scans=tuple(scans), comparisons=tuple(compared), settings={"constants": named_constants(tracking=True)}
    )


def _compared(first: Surveyed, second: Surveyed, number: int) -> Comparison:
    paired = partners(first, second)
    if any(is_turned(one, first, second) for one in paired):
        raise Refused(
            f"{name_of(first.scan, 0)} and {name_of(second.scan, number)} lie head to foot: one of them gives the patient's "
            "position wrongly; correct the position of its slices, and compare again."
        )
    fitted = pieces_of(paired, first, second)
    if not any(is_good(piece) for piece in fitted):
        raise Refused(_why_apart(first, second, number))
    warp = warp_of(fitted, first, second)
    errors = error_model(first.scan.facts, second.scan.facts)
    pair = Pair(first=first.scan, second=second.scan, warp=warp, errors=errors)
    found = families(pair, judged(pair, matched(first.scan, second.scan, warp)))
    found = tuple(replace(one, track_id=n) for n, one in enumerate(sorted(found, key=_order), start=1))
    return Comparison(
        followup=number,
        segments=tuple(_segment(fitted, n, first) for n in range(1, len(fitted) + 1)),
        families=found,
        burden=burden_change(first.scan, second.scan, warp, found, errors),
        thickness_class=errors.limits.name,
        followup_in_baseline_mm=_carried_back(second.scan, warp),
        widened_by=errors.widened_by,
        warnings=warnings_on(first.scan, second.scan, number),
    )


def _why_apart(first: Surveyed, second: Surveyed, number: int) -> str:
    """Why two scans could not be brought together, and what helps."""
    named = (first, name_of(first.scan, 0)), (second, name_of(second.scan, number))
    for scan, name in named:
        if not any(limb.bones for limb in scan.limbs):
            return f"{name} shows no bone to hold on to, so it cannot be brought together with another; give a scan with a bone in view."
    return (
        f"{named[0][1]} and {named[1][1]} could not be brought together: they share too little of the body, show "
        "different parts of it, or are of two people; give scans of the same part of one patient."
    )


def _carried_back(scan: TimePoint, warp: Warp) -> NDArray[np.float32]:
    """Every labelled voxel of the follow-up, where it lay in the baseline."""
    return warp.back(scan.voxels.grid.to_lps(scan.voxels.index.astype(np.float64))).astype(np.float32)


def _order(family: Family) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
    """By falling mass, the greater of both times."""
    return (
        -max(family.baseline_mass_mg or 0.0, family.followup_mass_mg or 0.0),
        family.baseline_ids,
        family.followup_ids,
    )


def _region(fitted: tuple[Piece, ...], number: int, first: Surveyed) -> Region:
    """The region of most deposits that lie nearer to this bone than to any other."""
    bones = [piece.bone for piece in fitted]
    if not first.scan.deposits or any(bone is None for bone in bones):
        return Region.UNKNOWN
    places = np.array([[one.x_mm, one.y_mm, one.z_mm] for one in first.scan.deposits])
    away = [cKDTree(bone.points_mm).query(places)[0] for bone in bones if bone is not None]
    near = np.argmin(away, axis=0) == number
    named = Counter(one.region for one, mine in zip(first.scan.deposits, near, strict=True) if mine)
    return named.most_common(1)[0][0] if named else Region.UNKNOWN


def _segment(fitted: tuple[Piece, ...], number: int, first: Surveyed) -> SegmentFit:
    piece = fitted[number - 1]
    limb = first.limbs[piece.limb]
    centre = limb.centre_mm if piece.bone is None else piece.bone.centre_mm
    return SegmentFit(
        name=f"bone {number}" if piece.bone is not None else "limb without bone",
        region=_region(fitted, number - 1, first),
        side=limb.side,
        centre_mm=(float(centre[0]), float(centre[1]), float(centre[2])),
        to_followup=piece.matrix,
        scale=piece.scale,
        residual_mm=piece.residual_mm,
        along_sd_mm=piece.along_sd_mm,
        shared=piece.shared,
        parted_mm=piece.parted_mm,
        evaluable=is_good(piece),
        why_not=why_poor(piece),
    )
