"""A leg from mid-shank to upper thigh; stations in mm from the knee joint of an adult, lateral is +u of a left leg."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.leg_bones import leg_bones
from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.anatomy.bone import Filled
from calciscope.phantom.anatomy.profiles import profile
from calciscope.phantom.anatomy.soft_tissue import FAT_HU, SoftTissue
from calciscope.phantom.anatomy.tube import STATION_MM, Tube, tube
from calciscope.phantom.anatomy.vessels import VesselCourse, vessel_parts
from calciscope.phantom.frames import LimbFrame
from calciscope.terms.deposits import Region, Side

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

RANGE_MM = (-420.0, 420.0)
SKIN_RADIUS = {-420: 36, -360: 37, -300: 42, -240: 50, -180: 58, -120: 61, -60: 58, -20: 60, 20: 62, 60: 65, 120: 73,
               200: 83, 300: 91, 420: 97}  # fmt: skip
FAT_MM = {-420: 5, -240: 8, -120: 10, -30: 8, 30: 8, 80: 12, 200: 17, 420: 22}
BACK_SHIFT = {-420: 0, -240: 4, -150: 9, -40: 4, 0: 0, 60: -2, 200: 0, 420: 4}  # the calf bulges backward

# (u, v) of muscle bellies as parts of the fascia radius (lateral, back), and weight as part of its square
THIGH = [(0.1, -0.75, 0.0), (0.65, -0.35, 0.05), (-0.5, -0.45, 0.0), (0.15, -0.3, 0.02), (0.5, 0.45, 0.0), (0.05, 0.72, -0.05),
         (-0.35, 0.55, 0.0), (-0.45, 0.1, 0.03), (-0.85, -0.05, -0.08), (-0.8, 0.4, -0.1)]  # fmt: skip
SHANK = [(0.3, -0.6, 0.0), (0.75, -0.15, -0.04), (-0.2, -0.55, -0.02), (0.2, -0.1, 0.0), (0.45, 0.6, 0.0), (0.3, 0.25, 0.03),
         (-0.4, 0.6, 0.0), (-0.1, 0.2, 0.03), (-0.6, 0.1, -0.06), (-0.65, 0.45, -0.1)]  # fmt: skip
KNEE_BLEND_MM = 60.0
KNEE_MM = 45.0  # half length of the knee region
ANKLE_MM = -365.0

ARTERY = VesselCourse(
    name="femoral-popliteal artery",
    lateral={-420: -6, -300: -2, -120: 2, -40: 3, 0: 2, 60: -4, 90: -14, 120: -22, 200: -30, 420: -26},
    back={-420: 22, -300: 18, -120: 16, -40: 26, 0: 33, 60: 32, 90: 25, 120: 14, 200: -6, 420: -28},
    radius={-420: 1.3, -200: 1.7, -60: 2.4, 0: 2.9, 120: 3.3, 420: 4.0},
    artery=True,
)
VEIN = VesselCourse(
    name="femoral-popliteal vein",
    lateral={-420: -1, -300: 4, -120: 9, -40: 9, 0: 7, 60: 2, 90: -8, 120: -17, 200: -26, 420: -34},
    back={-420: 25, -300: 21, -120: 20, -40: 31, 0: 39, 60: 38, 90: 32, 120: 21, 200: 1, 420: -24},
    radius={-420: 1.5, -200: 2.0, -60: 2.9, 0: 3.6, 120: 4.2, 420: 5.0},
    artery=False,
)
SURFACE_VEIN = VesselCourse(
    name="great saphenous vein",
    lateral={-420: -24, -240: -42, -120: -53, 0: -53, 120: -60, 420: -72},
    back={-420: -14, -240: -8, -120: 6, 0: 14, 120: 10, 420: -22},
    radius={-420: 1.2, 420: 2.0},
    artery=False,
    bundle=False,
)


def leg(
    side: Side, frame: LimbFrame, *, scale: float, juvenile: bool, contrast: bool, kvp: float, block: Float32
) -> Limb:
    """Build one leg around ``frame``; ``scale`` multiplies every length of the adult model."""
    lateral = 1.0 if side == Side.LEFT else -1.0
    skin, fascia = _surfaces(lateral, scale)
    tissue = SoftTissue(
        skin=skin, fascia=fascia, skin_mm=1.6 if not juvenile else 1.2, septum_mm=1.1, strands=0.6,
        seeds=_muscle_seeds(fascia, lateral, scale), block=block,
    )  # fmt: skip
    fat = _deep_fat(lateral, scale, block)
    vessels = [vessel_parts(course, lateral, scale, contrast, RANGE_MM) for course in (ARTERY, VEIN, SURFACE_VEIN)]
    bundles = tuple(part for _, parts in vessels for part in parts[:-1])
    lumens = tuple(parts[-1] for _, parts in vessels)
    return Limb(
        side=side,
        frame=frame,
        tissue=tissue,
        parts=(*fat, *bundles, *lumens, *leg_bones(lateral, scale=scale, juvenile=juvenile, kvp=kvp, block=block)),
        vessels=tuple(outer for outer, _ in vessels),
        arteries=((ARTERY.name, vessels[0][0]),),
        regions=lambda local: _region(float(local[0]) / scale),
    )


def _region(s_mm: float) -> Region:
    if abs(s_mm) < KNEE_MM:
        return Region.KNEE
    if s_mm < ANKLE_MM:
        return Region.ANKLE
    return Region.THIGH if s_mm > 0 else Region.LOWER_LEG


def _surfaces(lateral: float, scale: float) -> tuple[Tube, Tube]:
    size, fat, shift = profile(SKIN_RADIUS, scale), profile(FAT_MM, scale), profile(BACK_SHIFT, scale)

    def skin_radius(s: Float64, angle: Float64) -> Float64:
        form = (
            1 + 0.035 * np.cos(2 * angle + 0.4 * lateral) + 0.02 * np.cos(3 * angle - 0.7 * lateral + s / 160 / scale)
        )
        return scale * size(s) * form

    def fascia_radius(s: Float64, angle: Float64) -> Float64:
        behind_and_inside = 1 + 0.45 * np.cos(angle - np.pi / 2 - 0.6 * lateral)
        return skin_radius(s, angle) - scale * fat(s) * behind_and_inside - 1.0

    def centre(s: Float64) -> tuple[Float64, Float64]:
        return np.zeros_like(s), scale * shift(s)

    start, end = (scale * edge for edge in RANGE_MM)
    return tube(start, end, centre, skin_radius), tube(start, end, centre, fascia_radius)


def _muscle_seeds(fascia: Tube, lateral: float, scale: float) -> Float32:
    s = fascia.start_mm + STATION_MM * np.arange(len(fascia.centre))
    size = fascia.radius.mean(axis=1)
    up = np.clip(0.5 + s / (2 * KNEE_BLEND_MM * scale), 0.0, 1.0)
    seeds = []
    for above, below in zip(THIGH, SHANK, strict=True):
        u, v, weight = (up * a + (1 - up) * b for a, b in zip(above, below, strict=True))
        seeds.append(np.stack([lateral * u * size, v * size + fascia.centre[:, 1], weight * size**2], axis=-1))
    return np.asarray(seeds, dtype=np.float32)


def _deep_fat(lateral: float, scale: float, block: Float32) -> tuple[Filled, ...]:
    """Fat of the popliteal fossa, and the fat pad behind the patellar tendon."""
    places = [((-45.0, 75.0), (4.0, 31.0), (17.0, 13.0)), ((-28.0, 14.0), (0.0, -38.0), (17.0, 9.0))]
    fat = []
    for (start, end), (u, v), (wide, deep) in places:
        middle, half = scale * (start + end) / 2, scale * (end - start) / 2

        def radius(s: Float64, angle: Float64, wide: float = wide, deep: float = deep, middle: float = middle,
                   half: float = half) -> Float64:  # fmt: skip
            along = np.sqrt(np.clip(1 - ((s - middle) / half) ** 2, 0.0, 1.0))
            oval = 1 / np.sqrt((np.cos(angle) / wide) ** 2 + (np.sin(angle) / deep) ** 2)
            return scale * oval * along

        def centre(s: Float64, u: float = u, v: float = v) -> tuple[Float64, Float64]:
            return np.full_like(s, scale * lateral * u), np.full_like(s, scale * v)

        outer = tube(scale * start, scale * end, centre, radius)
        fat.append(Filled(name="deep fat", outer=outer, hu=FAT_HU + 10.0, texture_hu=18.0, block=block))
    return tuple(fat)
