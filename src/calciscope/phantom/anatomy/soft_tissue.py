"""Skin, subcutaneous fat with strands, fascia, and muscles parted by fat: the soft tissue of one limb or trunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.phantom.anatomy.texture import read_noise
from calciscope.phantom.anatomy.tube import STATION_MM, Tube, tube_distance

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

CLOTH_HU = -750.0  # a sheet or trouser leg
CLOTH_MM = 1.2
CLOTH_GAP_MM = 2.0  # it lies on the skin here and stands off there
SKIN_HU = 30.0  # dermis with sweat and fat between, as it shows on CT (judgement)
FAT_HU = -105.0  # adipose tissue at 120 kV (memory: -120 to -80)
FASCIA_HU = 55.0
FASCIA_MM = 0.9
MUSCLE_HU = 58.0  # memory: 45-65
SEPTUM_FAT_HU = -75.0
STRAND_HU = 95.0  # how much a strand of connective tissue in fat rises above the fat
FAT_TEXTURE_HU = 6.0
JOINT_FAT = 3.0  # how much wider the fat between muscles is at a joint, less one (judgement after limb scans)
MUSCLE_TEXTURE_HU = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftTissue:
    """``skin`` is the body surface, ``fascia`` the muscle surface; ``seeds`` [muscle, station, (u, v, weight mm2)]

    part the muscles (a power diagram, stations every STATION_MM from the fascia tube's start).
    """

    skin: Tube
    fascia: Tube
    skin_mm: float
    septum_mm: float
    seeds: Float32
    strands: float  # 0 none .. 1 many
    clothed: bool = False
    joint_fat_mm: float = 0.0  # half length around the joint over which tendons lie in more fat; 0 none
    block: Float32

    def paint(self, hu: Float32, local: Float32, edge_mm: float) -> None:
        """Blend the tissue into ``hu`` [slice, row, column] at local coordinates (3, ...); ``edge_mm`` softens edges."""
        skin, fascia = self.skin, self.fascia
        numbers = np.array(
            [self.skin_mm, self.septum_mm, self.strands, edge_mm, float(self.clothed), self.joint_fat_mm]
        )
        _paint(
            hu, local, numbers, self.seeds, self.block, skin.start_mm, skin.centre, skin.radius, skin.steep,
            fascia.start_mm, fascia.centre, fascia.radius, fascia.steep,
        )  # fmt: skip


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def cover(distance, edge):  # type: ignore[no-untyped-def]
    """Part of a voxel that lies inside a surface at a signed distance from its centre."""
    return min(max(0.5 - distance / edge, 0.0), 1.0)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def septum_distance(seeds, node, u, v):  # type: ignore[no-untyped-def]
    """(distance to the nearest wall between two muscles in mm, index of the muscle)."""
    i = min(max(int(node), 0), seeds.shape[1] - 2)
    t = min(max(node - i, 0.0), 1.0)
    best = second = 1e9
    mine = other = 0
    for m in range(seeds.shape[0]):
        du = u - seeds[m, i, 0] - t * (seeds[m, i + 1, 0] - seeds[m, i, 0])
        dv = v - seeds[m, i, 1] - t * (seeds[m, i + 1, 1] - seeds[m, i, 1])
        power = du * du + dv * dv - seeds[m, i, 2]
        if power < best:
            best, second, mine, other = power, best, m, mine
        elif power < second:
            second, other = power, m
    apart = np.hypot(seeds[mine, i, 0] - seeds[other, i, 0], seeds[mine, i, 1] - seeds[other, i, 1])
    return (second - best) / (2 * apart + 1e-3), mine


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _paint(hu, local, numbers, seeds, block, s0, c0, r0, g0, s1, c1, r1, g1):  # type: ignore[no-untyped-def]
    skin_mm, septum_mm, strands, edge, clothed, joint_mm = numbers
    for k in range(hu.shape[0]):
        for j in range(hu.shape[1]):
            for i in range(hu.shape[2]):
                s, u, v = local[0, k, j, i], local[1, k, j, i], local[2, k, j, i]
                to_skin = tube_distance(s, u, v, s0, c0, r0, g0)
                outer = cover(to_skin, edge)
                if clothed > 0.0 and 0.0 < to_skin < 12.0:
                    fold = CLOTH_GAP_MM * max(0.0, 1.0 + read_noise(block, 0.03 * s, 0.03 * u, 0.03 * v))
                    cloth = cover(abs(to_skin - fold) - CLOTH_MM / 2, edge)
                    hu[k, j, i] += cloth * (CLOTH_HU - hu[k, j, i])
                if outer == 0.0:
                    continue
                value = SKIN_HU
                below = cover(to_skin + skin_mm, edge)
                to_fascia = tube_distance(s, u, v, s1, c1, r1, g1)
                lean = cover(to_fascia, edge)
                if below > 0.0 and lean < 1.0:
                    fat = FAT_HU + FAT_TEXTURE_HU * read_noise(block, 0.12 * s, 0.2 * u, 0.2 * v)
                    ridge = abs(read_noise(block, 0.03 * s + 11.0, 0.1 * u, 0.1 * v))
                    fat += STRAND_HU * strands * max(0.0, 1.0 - ridge / 0.1)
                    value += below * (fat - value)
                if lean > 0.0:
                    value += lean * (FASCIA_HU - value)
                inner = cover(to_fascia + FASCIA_MM, edge)
                if inner > 0.0:
                    wobble = read_noise(block, 0.04 * s, 0.08 * u + 5.0, 0.08 * v)
                    bulge = read_noise(block, 0.04 * s, 0.08 * u, 0.08 * v + 9.0)
                    wall, mine = septum_distance(seeds, (s - s1) / STATION_MM, u + 3.0 * wobble, v + 3.0 * bulge)
                    fibre = read_noise(block, 0.05 * s, 0.35 * u, 0.35 * v)
                    lean_hu = MUSCLE_HU + 4.0 * ((mine * 7) % 5 - 2) * 0.5 + MUSCLE_TEXTURE_HU * fibre
                    streak = max(0.0, abs(read_noise(block, 0.02 * s + 3.0, 0.16 * u, 0.16 * v)) - 2.2)
                    lean_hu -= 60.0 * min(1.0, streak)
                    half = max(0.0, septum_mm * (0.5 + 0.35 * wobble))
                    if joint_mm > 0.0:
                        half *= 1.0 + JOINT_FAT * np.exp(-((s / joint_mm) ** 2))
                    seam = cover(wall - half, edge)
                    value += inner * (lean_hu + seam * (SEPTUM_FAT_HU - lean_hu) - value)
                hu[k, j, i] += outer * (value - hu[k, j, i])
