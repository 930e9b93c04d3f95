"""Brings two scans together bone by bone, each carrying the tissue around it, and says how well that went."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from calciscope.measure.track.agreement import Agreement, Placed, agreements
from calciscope.measure.track.bones import GAP_STEP, Bone
from calciscope.measure.track.limb import Limb, Surveyed
from calciscope.measure.track.parts import Part, parts_of
from calciscope.measure.track.plausible import turns_freely, why_implausible
from calciscope.measure.track.similarity import (
    FORGIVE,
    Fit,
    Freedom,
    PlacePull,
    SurfacePull,
    cost_of,
    fit,
    moved,
    scale_of,
    turned,
)
from calciscope.measure.track.start import (
    BONE_SD_MM,
    MUSCLE_SD_MM,
    SKIN_SD_MM,
    SPOT_FORGIVE_MM,
    SPOT_SD_MM,
    start,
)
from calciscope.terms.deposits import Side
from calciscope.terms.geometry import Float64

GROWN_UP_YEARS = 20.0
"""From this age bones keep their length (general knowledge: growth plates close by 18 to 20)."""
CHILD_LOG_SCALE, ADULT_LOG_SCALE, UNKNOWN_LOG_SCALE = 0.03, 0.002, 0.01
"""How much a bone may have grown, 1 SD of the logarithm: a child's limb grows 3 to 4 % a year (memory)."""
BENDS_DEG = (10.0, -10.0, 20.0, -20.0, 32.0, -32.0)
"""Bends at either end of a bone that are tried: a knee's position on the table differs by up to 35 degrees (judgement)."""
BONE_FREEDOM = Freedom(shift_mm=25.0, turn_rad=0.4, log_scale=0.0)
REACH_MM = 70.0
"""Skin, muscle and deposits this near to a bone help to place it along its axis (judgement: less than half a limb)."""
TRIES = 4
LINE_FREEDOM = Freedom(shift_mm=4.0, turn_rad=0.2, log_scale=0.0)
"""How far a bone that left its neighbours may be from where they put it, 1 SD (judgement: a joint's play and turn)."""
LINE_COST = 0.05
"""... and how much worse it may fit there: a tenth of the cost of no fit at all (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A bone (None: a limb without bone in view) with its fit, and the limb it is of (number in baseline).

    ``parts`` follow the fit, each as its own stretch of the bone asks; ``parted_mm``: how far the fit parts from that of the
    nearest neighbour where they meet (None: it has none), ``agrees``: whether that is near enough; ``implausible``: why no
    limb moves so (empty: one may).
    """

    bone: Bone | None
    limb: int
    matrix: Float64
    parts: tuple[Part, ...]
    residual_mm: float
    along_sd_mm: float
    shared: float
    parted_mm: float | None = None
    agrees: bool = True
    implausible: str = ""

    @property
    def scale(self) -> float:
        """Length now over length then."""
        return scale_of(self.matrix)


def log_scale_sd(age_years: float | None) -> float:
    """How much a patient of that age (at the earlier scan) may have grown."""
    if age_years is None:
        return UNKNOWN_LOG_SCALE
    return ADULT_LOG_SCALE if age_years >= GROWN_UP_YEARS else CHILD_LOG_SCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A limb then (its number) and the limb now that is the same, with the rigid fit of the one to the other."""

    then: int
    now: int
    whole: Fit


def pieces(first: Surveyed, second: Surveyed) -> tuple[Piece, ...]:
    """Every bone of the baseline that has a partner limb, fitted to the follow-up."""
    return pieces_of(partners(first, second), first, second)


def pieces_of(found: tuple[Partner, ...], first: Surveyed, second: Surveyed) -> tuple[Piece, ...]:
    """The bones of partner limbs, fitted."""
    growth = log_scale_sd(first.scan.facts.patient_age_years)
    fitted: list[Piece] = []
    for one in found:
        then, now = first.limbs[one.then], second.limbs[one.now]
        if then.bones and now.bones:
            fitted += _of_limb(then, now, second, one.whole.matrix, growth, one.then)
        else:
            fitted.append(_without_bone(then, one.then, one.whole))
    free = turns_freely(first.scan)
    return tuple(
        replace(one, implausible=why_implausible(one.matrix, log_scale_sd=growth, turns_freely=free)) for one in fitted
    )


def _without_bone(then: Limb, number: int, whole: Fit) -> Piece:
    part = Part(points_mm=then.skin.points_mm, matrix=whole.matrix)
    return Piece(
        bone=None,
        limb=number,
        matrix=whole.matrix,
        parts=(part,),
        residual_mm=np.inf,
        along_sd_mm=np.inf,
        shared=0.0,
    )


def partners(first: Surveyed, second: Surveyed) -> tuple[Partner, ...]:
    """Each limb with the one it resembles most, left with left."""
    growth = log_scale_sd(first.scan.facts.patient_age_years)
    fits: dict[tuple[int, int], Fit] = {}
    cost = np.full((len(first.limbs), len(second.limbs)), 10.0)
    for a, then in enumerate(first.limbs):
        for b, now in enumerate(second.limbs):
            if {then.side, now.side} == {Side.LEFT, Side.RIGHT}:
                continue
            found = start(then, now, first, second, growth)
            if found is not None:
                fits[a, b], cost[a, b] = found, found.cost
    pairs = [(int(a), int(b)) for a, b in zip(*linear_sum_assignment(cost), strict=True)]
    return tuple(Partner(then=a, now=b, whole=fits[a, b]) for a, b in pairs if (a, b) in fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """A bone, what ties it, and the fit that follows."""

    bone: Bone
    surfaces: tuple[SurfacePull, ...]
    places: PlacePull
    fit: Fit

    @property
    def placed(self) -> Placed:
        """As its neighbours see it."""
        return Placed(bone=self.bone, matrix=self.fit.matrix)


def _of_limb(then: Limb, now: Limb, second: Surveyed, whole: Float64, growth: float, number: int) -> list[Piece]:
    done: list[_Fitted] = []
    freedom = Freedom(shift_mm=BONE_FREEDOM.shift_mm, turn_rad=BONE_FREEDOM.turn_rad, log_scale=growth)
    for bone in then.bones:
        pulls, places = _pulls(bone, then, now, second)
        guesses = [whole, *(one.fit.matrix for one in _nearest(bone, done))]
        bent = [turned(guess, end, Rotation.from_rotvec(np.deg2rad(bend) * axis)) for guess in guesses
                for end in _ends(bone) for bend in BENDS_DEG for axis in _hinges(bone)]  # fmt: skip
        tried = [*guesses, *bent]
        ranked = sorted((cost_of(one, pulls, places), n) for n, one in enumerate(tried))[:TRIES]
        fits = [fit(tried[n], bone.centre_mm, pulls, places, freedom) for _, n in ranked]
        best = min(fits, key=lambda one: one.cost)
        done.append(_Fitted(bone=bone, surfaces=pulls, places=places, fit=best))
    done = _in_line(done, growth)
    held = agreements([one.placed for one in done])
    return [_piece(one, agreement, second, number) for one, agreement in zip(done, held, strict=True)]


def _in_line(done: list[_Fitted], growth: float) -> list[_Fitted]:
    """Bones whose fit parts them from their neighbours are fitted anew from where those are, and stay there if as well placed."""
    held = agreements([one.placed for one in done])
    freedom = Freedom(shift_mm=LINE_FREEDOM.shift_mm, turn_rad=LINE_FREEDOM.turn_rad, log_scale=growth)
    found = list(done)
    for number, one in enumerate(done):
        if held[number].agrees:
            continue
        others = [other for n, other in enumerate(done) if held[n].agrees]
        tried = [fit(other.fit.matrix, one.bone.centre_mm, one.surfaces, one.places, freedom)
                 for other in _nearest(one.bone, others)]  # fmt: skip
        best = min(tried, key=lambda fit: fit.cost, default=None)
        if best is not None and best.cost <= one.fit.cost + LINE_COST:
            found[number] = replace(one, fit=best)
    return found


def _nearest(bone: Bone, done: list[_Fitted]) -> list[_Fitted]:
    """The two fitted bones that lie nearest to a bone."""
    tree = cKDTree(bone.points_mm[::GAP_STEP])
    gaps = [float(tree.query(one.bone.points_mm[::GAP_STEP])[0].min()) for one in done]
    return [done[n] for n in np.argsort(gaps, kind="stable")[:2]]


def _pulls(bone: Bone, then: Limb, now: Limb, second: Surveyed) -> tuple[tuple[SurfacePull, ...], PlacePull]:
    tree = cKDTree(bone.points_mm)
    surfaces = [
        SurfacePull(
            points_mm=bone.points_mm,
            depth_mm=bone.depth_mm,
            field=second.bone,
            sd_mm=BONE_SD_MM,
            forgive_mm=FORGIVE * BONE_SD_MM,
        )
    ]
    for surface, field, sd in ((then.muscle, second.muscle, MUSCLE_SD_MM), (then.skin, second.skin, SKIN_SD_MM)):
        near = tree.query(surface.points_mm)[0] <= REACH_MM
        if near.any():
            surfaces.append(
                SurfacePull(
                    points_mm=surface.points_mm[near],
                    depth_mm=surface.depth_mm[near],
                    field=field,
                    sd_mm=sd,
                    forgive_mm=FORGIVE * sd,
                )
            )
    close = tree.query(then.centres_mm)[0] <= REACH_MM if len(then.centres_mm) else np.zeros(0, bool)
    places = PlacePull(
        then_mm=then.centres_mm[close], now_mm=now.centres_mm, sd_mm=SPOT_SD_MM, forgive_mm=SPOT_FORGIVE_MM
    )
    return tuple(surfaces), places


def _ends(bone: Bone) -> tuple[Float64, Float64]:
    along = (bone.points_mm - bone.centre_mm) @ bone.axis
    return bone.centre_mm + along.min() * bone.axis, bone.centre_mm + along.max() * bone.axis


def _hinges(bone: Bone) -> tuple[Float64, Float64]:
    """Two axes across the bone, the first from side to side."""
    side = np.array([1.0, 0.0, 0.0]) - bone.axis[0] * bone.axis
    if np.linalg.norm(side) < 0.3:
        side = np.array([0.0, 1.0, 0.0]) - bone.axis[1] * bone.axis
    side = side / np.linalg.norm(side)
    return side, np.cross(bone.axis, side)


def _piece(one: _Fitted, agreement: Agreement, second: Surveyed, number: int) -> Piece:
    """The fit with its quality: median residual, share of the bone in view, freedom to slide, agreement with neighbours."""
    bone, found = one.bone, one.fit
    value, _, inside = second.bone.at(moved(found.matrix, bone.points_mm))
    residual = np.abs(value - scale_of(found.matrix) * bone.depth_mm)[inside]
    axis = found.matrix[:3, :3] @ bone.axis / scale_of(found.matrix)
    along = float(np.sqrt(axis @ found.covariance[:3, :3] @ axis))
    return Piece(
        bone=bone,
        limb=number,
        matrix=found.matrix,
        parts=parts_of(bone, found.matrix, one.surfaces),
        residual_mm=float(np.median(residual)) if len(residual) else np.inf,
        along_sd_mm=along,
        shared=float(inside.mean()),
        parted_mm=agreement.parted_mm,
        agrees=agreement.agrees,
    )
