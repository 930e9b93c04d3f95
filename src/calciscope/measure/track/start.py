"""First guess for a limb: which height belongs to which, how far it was turned; then one rigid fit of the whole limb."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from calciscope.measure.track.limb import LEVEL_MM, Limb, Surveyed
from calciscope.measure.track.similarity import FORGIVE, Fit, Freedom, PlacePull, SurfacePull, cost_of, fit
from calciscope.terms.geometry import Float64

LEAST_OVERLAP_MM = 40.0
"""Two scans of a limb must share this much of its length: less holds too little to know the place by (judgement)."""
LEAST_OVERLAP_SHARE = 0.3
"""... and this share of the shorter of the two (judgement: half a limb missing leaves half)."""
HEIGHTS, STARTS = 8, 10  # best heights by profile, and best guesses by surface, that are followed up
TURNS_DEG = (0.0, 15.0, -15.0, 35.0, -35.0, 60.0, -60.0, 90.0, -90.0, 130.0, -130.0)
"""Turns about the limb's axis that are tried: a forearm turns through 160 degrees (general knowledge)."""
SKIN_SD_MM, MUSCLE_SD_MM, BONE_SD_MM = 6.0, 4.0, 0.7
"""How far surfaces differ between two scans of one limb: skin swells and is pressed flat, muscle shifts, bone stays but
for half a voxel of the anatomy map (judgement; on phantoms bone is 0.4 mm)."""
SPOT_SD_MM, SPOT_FORGIVE_MM = 2.0, 6.0
"""Deposits lie in soft tissue that slides over bone by some millimetres (judgement)."""
SHORT_STEPS = 12
TALL_SHARE = 0.15  # softens the ratio of areas where a limb is thin or without bone
FAR_MM = 1e6


def limb_pulls(then: Limb, first: Surveyed, now: Surveyed) -> tuple[SurfacePull, ...]:
    """What ties the whole limb: all its bones, its muscles, its skin."""
    pulls = [
        SurfacePull(points_mm=s.points_mm, depth_mm=s.depth_mm, field=field, sd_mm=sd, forgive_mm=FORGIVE * sd)
        for s, field, sd in ((then.muscle, now.muscle, MUSCLE_SD_MM), (then.skin, now.skin, SKIN_SD_MM))
        if len(s.points_mm)
    ]
    if then.bones:
        points = np.concatenate([bone.points_mm for bone in then.bones])
        depth = np.concatenate([bone.depth_mm for bone in then.bones])
        wide = 3.0 * BONE_SD_MM  # the limb as a whole need not be rigid
        pulls.append(
            SurfacePull(points_mm=points, depth_mm=depth, field=now.bone, sd_mm=wide, forgive_mm=2.0 * FORGIVE * wide)
        )
    return tuple(pulls)


def start(then: Limb, now: Limb, first: Surveyed, second: Surveyed, log_scale_sd: float) -> Fit | None:
    """The rigid fit (with growth) of one limb to another; None where they share too little length."""
    pulls = limb_pulls(then, first, second)
    places = PlacePull(
        then_mm=then.centres_mm, now_mm=now.centres_mm, sd_mm=2.0 * SPOT_SD_MM, forgive_mm=2.0 * SPOT_FORGIVE_MM
    )
    guesses = [(cost_of(g, pulls, places), n, g) for n, g in enumerate(_guesses(then, now))]
    if not guesses:
        return None
    freedom = Freedom(shift_mm=60.0, turn_rad=1.0, log_scale=log_scale_sd)
    best: Fit | None = None
    for _, _, guess in sorted(guesses, key=lambda one: one[:2])[:STARTS]:
        found = fit(guess, then.centre_mm, pulls, places, freedom, steps=SHORT_STEPS)
        if best is None or found.cost < best.cost:
            best = found
    return None if best is None else fit(best.matrix, then.centre_mm, pulls, places, freedom)


def _guesses(then: Limb, now: Limb) -> list[Float64]:
    """Matrices that put a level of the one onto a level of the other, in several turns."""
    found = []
    for shift in _heights(then.profile, now.profile):
        low, high = max(0, -shift), min(len(then.profile), len(now.profile) - shift)
        a, b = then.profile[low:high], now.profile[low + shift : high + shift]
        columns = (3, 5) if (a[:, 2].sum() > 0 and b[:, 2].sum() > 0) else (5, 3)
        middle = [_middle(part, columns[0]) for part in (a, b)]
        rise = now.first_mm - then.first_mm + shift * LEVEL_MM
        for turn in TURNS_DEG:
            matrix = np.eye(4)
            matrix[:3, :3] = Rotation.from_euler("z", turn, degrees=True).as_matrix()
            pivot = np.array([*middle[0], 0.0])
            matrix[:3, 3] = np.array([*middle[1], rise]) - matrix[:3, :3] @ pivot
            found.append(matrix)
    return found


def _middle(levels: Float64, column: int) -> Float64:
    """Mean place (x, y) over levels, by how much of bone (or body) each holds."""
    weight = levels[:, 2] if column == 3 else levels[:, 0]
    weight = weight if weight.sum() > 0 else np.ones(len(levels))
    return np.asarray(np.average(levels[:, column : column + 2], axis=0, weights=weight))


def _heights(then: Float64, now: Float64) -> list[int]:
    """Best shifts (levels) by how alike body, muscle and bone are along the shared length; local minima only."""
    shortest = min(len(then), len(now))
    least = max(2, int(min(max(LEAST_OVERLAP_MM / LEVEL_MM, LEAST_OVERLAP_SHARE * shortest), shortest)))
    if shortest * LEVEL_MM < LEAST_OVERLAP_MM:
        least = shortest
    soft = TALL_SHARE * np.maximum(then[:, :3].mean(axis=0), now[:, :3].mean(axis=0)) + 1e-3
    shifts = range(least - len(then), len(now) - least + 1)
    cost = np.full(len(shifts), FAR_MM)
    for n, shift in enumerate(shifts):
        low, high = max(0, -shift), min(len(then), len(now) - shift)
        a, b = then[low:high, :3], now[low + shift : high + shift, :3]
        # a longer overlap is trusted more: a few alike levels can always be found
        cost[n] = np.abs(np.log((a + soft) / (b + soft))).mean() * (1.0 + shortest / max(high - low, 1) * 0.2)
    framed = np.concatenate([[np.inf], cost, [np.inf]])
    low_points = np.flatnonzero((framed[1:-1] <= framed[:-2]) & (framed[1:-1] <= framed[2:]))
    best = low_points[np.argsort(cost[low_points], kind="stable")][:HEIGHTS]
    return [shifts[int(n)] for n in best]
