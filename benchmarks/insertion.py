"""Deposits of known excess put into real scans: free in soft tissue, near bone, and thin sheets on muscle's surface.

Truth is what was added: the supersampled shape, blurred as the scan is, times its contrast. Noise and anatomy are the
scan's own. The "replaced" variant swaps the tissue for a mineral-bearing matrix instead of adding to it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, label, map_coordinates

from benchmarks.occupancy import Blur, Inside, Occupancy, ball, ellipsoid, occupancy, random_turn, union
from benchmarks.scan_tissue import FAT_BELOW_HU, MUSCLE_ABOVE_HU, Ground

FREE, NEAR_BONE, SHEET, SKIN = "free", "near bone", "sheet", "at skin"
GROUPS = (FREE, NEAR_BONE, SHEET)

VOLUMES_ML = (0.02, 2.0)
SHEET_VOLUMES_ML = (0.06, 1.5)
SHEET_MM = 1.8
CONCENTRATIONS_MG_ML = (150.0, 1000.0)
# HU per mg hydroxyapatite/ml used to make the deposits; excess and volume do not depend on it.
HU_PER_MG_ML = {80: 1.85, 100: 1.52, 120: 1.33, 140: 1.2}
NEAR_BONE_MM = (4.0, 8.0)
FREE_OF_BONE_MM = 8.0
FREE_OF_DENSE_MM = 8.0
SKIN_MM = 4.0  # free deposits stay this deep; those "at skin" come within it
APART_MM = 25.0  # between centres; surfaces keep GAP_MM
GAP_MM = 15.0
MATRIX_HU = 40.0
TRIES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """One deposit as put in. ``added_hu``: what was added to the voxels of ``window``."""

    group: str
    tissue: str
    centre: tuple[float, float, float]  # fractional index [slice, row, column]
    radius_mm: float
    window: tuple[slice, slice, slice]
    added_hu: NDArray[np.float32]
    fraction: NDArray[np.float32]
    volume_ml: float
    concentration_mg_ml: float
    excess_hu_ml: float
    bone_mm: float

    @property
    def mass_mg(self) -> float:
        """Mineral put in."""
        return self.volume_ml * self.concentration_mg_ml

    @property
    def support(self) -> NDArray[np.bool_]:
        """Voxels of the window that hold a substantial part of it."""
        peak = float(self.fraction.max())
        return self.fraction > 0.25 * peak


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A real scan ready for insertion."""

    name: str
    hu: NDArray[np.int16]
    spacing_mm: tuple[float, float, float]
    kvp: float
    ground: Ground
    blur: Blur

    @property
    def hu_per_mg_ml(self) -> float:
        """Contrast factor by the nearest tube voltage."""
        return HU_PER_MG_ML[min(HU_PER_MG_ML, key=lambda kvp: abs(kvp - self.kvp))]


def tissue_at(smooth_hu: float) -> str:
    """Fat, muscle, or what lies between."""
    if smooth_hu < FAT_BELOW_HU:
        return "fat"
    return "muscle" if smooth_hu > MUSCLE_ABOVE_HU else "interface"


def lump(volume_ml: float, rng: np.random.Generator) -> tuple[Inside, float]:
    """A ball, an ellipsoid or a lobulated union with about this volume, and its reach in mm."""
    radius = (volume_ml * 1000 * 3 / 4 / np.pi) ** (1 / 3)
    form = rng.integers(3)
    if form == 0:
        return ball(radius), radius
    if form == 1:
        stretch = rng.uniform(1.0, 1.9)
        semi = (radius * stretch, radius / np.sqrt(stretch), radius / np.sqrt(stretch))
        return ellipsoid(semi, random_turn(rng)), radius * stretch
    small = radius * 0.72
    turn = random_turn(rng)
    away = [tuple(float(v) for v in turn[i % 3] * small * 0.95 * (1 if i < 3 else -1)) for i in range(4)]
    return union([((a[0], a[1], a[2]), ball(small)) for a in away]), radius * 1.45


def free_lump(scan: Scan, rng: np.random.Generator, centre: tuple[int, int, int], volume_ml: float) -> Occupancy:
    """A lump at a voxel, off-centre by a random fraction."""
    inside, reach = lump(volume_ml, rng)
    shifted = tuple(index + float(rng.uniform(-0.5, 0.5)) for index in centre)
    place = (shifted[0], shifted[1], shifted[2])
    return occupancy(inside, place, (reach, reach, reach), scan.spacing_mm, scan.hu.shape, scan.blur)


def sheet(scan: Scan, centre: tuple[int, int, int], volume_ml: float) -> Occupancy | None:
    """A curved 1.8 mm sheet that follows the muscle-fat boundary around a voxel; None where it does not fit."""
    radius = float(np.sqrt(volume_ml * 1000 / SHEET_MM / np.pi))
    reach = radius + 4.0
    low = [max(0, int(c - reach / s) - 2) for c, s in zip(centre, scan.spacing_mm, strict=True)]
    high = [min(n, int(c + reach / s) + 3) for c, s, n in zip(centre, scan.spacing_mm, scan.hu.shape, strict=True)]
    step = 0.4
    crop = scan.hu[tuple(slice(a, b) for a, b in zip(low, high, strict=True))].astype(np.float32)
    smooth = gaussian_filter(crop, tuple(1.5 / s for s in scan.spacing_mm))
    axes = [np.arange(-reach, reach + step, step) for _ in range(3)]
    index = [axis / s + c - a for axis, s, c, a in zip(axes, scan.spacing_mm, centre, low, strict=True)]
    fine = map_coordinates(smooth, np.meshgrid(*index, indexing="ij"), order=1, mode="nearest")
    lean = fine > (FAT_BELOW_HU + MUSCLE_ABOVE_HU) / 2
    if not 0.1 < lean.mean() < 0.9:
        return None
    surface_mm = distance_transform_edt(lean, sampling=step) - distance_transform_edt(~lean, sampling=step)
    z, y, x = np.meshgrid(*axes, indexing="ij")
    plate = (np.abs(surface_mm) <= SHEET_MM / 2) & (z * z + y * y + x * x <= radius * radius)
    labels, _ = label(plate)
    middle = np.argmin(np.where(plate, z * z + y * y + x * x, np.inf))
    plate = labels == labels.ravel()[middle]
    if not plate.any() or plate.sum() * step**3 / 1000 < 0.5 * volume_ml:
        return None

    def inside(z_mm: NDArray[np.float32], y_mm: NDArray[np.float32], x_mm: NDArray[np.float32]) -> NDArray[np.bool_]:
        at = [np.rint((v + reach) / step).astype(int) for v in (z_mm, y_mm, x_mm)]
        okay = [(a >= 0) & (a < plate.shape[0]) for a in at]
        clipped = [np.clip(a, 0, plate.shape[0] - 1) for a in at]
        found: NDArray[np.bool_] = plate[clipped[0], clipped[1], clipped[2]] & okay[0] & okay[1] & okay[2]
        return found

    place = (float(centre[0]), float(centre[1]), float(centre[2]))
    return occupancy(inside, place, (reach, reach, reach), scan.spacing_mm, scan.hu.shape, scan.blur)


def fits(scan: Scan, seen: Occupancy, group: str) -> bool:
    """Whether a blurred shape lies where its group asks, whole and clear of what is already dense."""
    window = seen.window()
    filled = seen.fraction > 0.3 * float(seen.fraction.max())
    edge = np.argwhere(filled)
    if not len(edge):
        return False
    low, high = edge.min(axis=0) + seen.corner, edge.max(axis=0) + seen.corner
    margin = np.array((2, 8, 8))
    if (low < margin).any() or (high >= np.array(scan.hu.shape) - margin).any():
        return False
    bone_mm = float(scan.ground.bone_mm[window][filled].min())
    depth = float(scan.ground.inside_mm[window][filled].min())
    clear = float(scan.ground.dense_mm[window][filled].min()) > FREE_OF_DENSE_MM
    deep = 0.5 < depth < SKIN_MM if group == SKIN else depth >= SKIN_MM
    near = NEAR_BONE_MM[0] <= bone_mm <= NEAR_BONE_MM[1] if group == NEAR_BONE else bone_mm > FREE_OF_BONE_MM
    return clear and deep and near


def proposals(scan: Scan, group: str, rng: np.random.Generator) -> NDArray[np.int64]:
    """Random voxels at which a deposit of a group may be centred: soft tissue as it comes, fat, muscle, interfaces."""
    ground = scan.ground
    fair = (ground.inside_mm > SKIN_MM) & (ground.bone_mm > FREE_OF_BONE_MM)
    if group == NEAR_BONE:
        fair = (ground.inside_mm > SKIN_MM) & (ground.bone_mm > NEAR_BONE_MM[0]) & (ground.bone_mm < 18)
    if group == SKIN:
        fair = (ground.inside_mm > 1.5) & (ground.inside_mm < 8) & (ground.bone_mm > FREE_OF_BONE_MM)
    if group == SHEET:
        fair &= abs(ground.smooth_hu - (FAT_BELOW_HU + MUSCLE_ABOVE_HU) / 2) < 20
    places = np.argwhere(fair & (ground.smooth_hu > -140) & (ground.smooth_hu < 120))
    return places[rng.integers(len(places), size=TRIES)] if len(places) else places


def apart(scan: Scan, centre: NDArray[np.int64], radius_mm: float, placed: list[Inserted]) -> bool:
    """Whether a place keeps clear of those already used."""
    for other in placed:
        gap = float(np.linalg.norm((centre - np.array(other.centre)) * scan.spacing_mm))
        if gap < max(APART_MM, radius_mm + other.radius_mm + GAP_MM):
            return False
    return True


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number whose logarithm is uniform."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def added(scan: Scan, seen: Occupancy, concentration: float, replaced: bool) -> NDArray[np.float32]:
    """HU to add: contrast x blurred occupancy; replaced tissue makes room for a 40 HU matrix first."""
    contrast = concentration * scan.hu_per_mg_ml
    if not replaced:
        return np.asarray(seen.fraction * contrast, dtype=np.float32)
    return np.asarray(seen.fraction * (MATRIX_HU + contrast - scan.ground.smooth_hu[seen.window()]), dtype=np.float32)


def insertions(scan: Scan, counts: dict[str, int], seed: int, *, replaced: bool = False) -> Iterator[Inserted]:
    """Deposits for one scan, up to ``counts`` a group, far apart."""
    rng = np.random.default_rng([seed, zlib.crc32(scan.name.encode())])
    placed: list[Inserted] = []
    voxel_ml = float(np.prod(scan.spacing_mm)) / 1000.0
    for group, wanted in counts.items():
        got = 0
        for centre in proposals(scan, group, rng):
            if got == wanted:
                break
            low, high = SHEET_VOLUMES_ML if group == SHEET else VOLUMES_ML
            volume = log_uniform(rng, low, high)
            concentration = float(rng.uniform(*CONCENTRATIONS_MG_ML))
            at = (int(centre[0]), int(centre[1]), int(centre[2]))
            radius = np.sqrt(volume * 177) if group == SHEET else 1.4 * (volume * 239) ** (1 / 3)
            if not apart(scan, centre, float(radius), placed):
                continue
            seen = sheet(scan, at, volume) if group == SHEET else free_lump(scan, rng, at, volume)
            if seen is None or not fits(scan, seen, group):
                continue
            extra = added(scan, seen, concentration, replaced)
            core = seen.fraction > 0.3 * float(seen.fraction.max())
            placed.append(
                Inserted(
                    group=group,
                    tissue=tissue_at(float(scan.ground.smooth_hu[at])),
                    centre=(float(at[0]), float(at[1]), float(at[2])),
                    radius_mm=float(radius),
                    window=seen.window(),
                    added_hu=extra,
                    fraction=seen.fraction,
                    volume_ml=seen.volume_ml,
                    concentration_mg_ml=concentration,
                    excess_hu_ml=float(extra.sum(dtype=np.float64)) * voxel_ml,
                    bone_mm=float(scan.ground.bone_mm[seen.window()][core].min()),
                )
            )
            got += 1
            yield placed[-1]


def inserted_hu(scan: Scan, deposits: list[Inserted], ceiling: int = 32767) -> NDArray[np.int16]:
    """The scan's voxels with the deposits in."""
    hu = scan.hu.astype(np.float32)
    for deposit in deposits:
        hu[deposit.window] += deposit.added_hu
    return np.clip(np.rint(hu), -32768, ceiling).astype(np.int16)
