"""Scans with something added that calcinosis is mistaken for: contrast medium in vessels, a metal rod, a cast, a second limb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.transform import iradon, radon

from benchmarks.derivations import AIR_HU, TOP_HU, Marked, Rng, in_slice_blur, remade

ARTERY_HU, ARTERY_MM = 300.0, 6.0  # diameter
VEIN_HU, VEIN_MM = 170.0, 8.0
VESSEL_DEEP_MM, VESSEL_FROM_BONE_MM = 15.0, 8.0
DRIFT_MM = 1.5  # of a vessel's middle from slice to slice
EDGE_MM = 0.6  # sigma of the scanner's blur
ROD_MM = 9.0
WORKING_MM = 2.0  # pixels in which streaks are worked out
HARDENING = 0.0006  # of a squared path of mm water, by which a path reads too short
STARVED = 0.02  # noise of a path through metal alone, as a share of it
WATER_PER_MM = 1.0
CAST_MM, CAST_HU, CAST_NOISE_HU = (3.0, 7.0), 400.0, 80.0
APART_MM = 15.0

Bool = NDArray[np.bool_]
Float = NDArray[np.float32]


def inside_mm(scan: Marked) -> Float:
    """Distance to air within each slice, mm."""
    body = ndimage.binary_opening(scan.hu > -300, np.ones((1, 5, 5)))
    return np.stack([ndimage.distance_transform_edt(plane, sampling=scan.spacing_mm[1:]) for plane in body])


def course(scan: Marked, rng: Rng, taken: list[NDArray[np.float64]]) -> NDArray[np.float64] | None:
    """(slices, 2) row and column of a vessel's middle, mm: deep, off bone and off other vessels, from end to end."""
    mm = np.array(scan.spacing_mm[1:])
    deep = inside_mm(scan)
    bone = scan.hu > 200
    places = []
    for plane in range(len(deep)):
        from_bone = (
            ndimage.distance_transform_edt(~bone[plane], sampling=mm)
            if bone[plane].any()
            else np.full(deep[0].shape, 99)
        )
        good = np.minimum(deep[plane] - VESSEL_DEEP_MM, from_bone - VESSEL_FROM_BONE_MM)
        found = np.argwhere(good >= 0) * mm
        for other in taken:
            found = found[np.linalg.norm(found - other[plane], axis=1) > 12.0]
        places.append(found)
    if not all(len(found) for found in places):
        return None
    middle = len(places) // 2
    start = places[middle][rng.integers(len(places[middle]))]
    out = np.empty((len(places), 2))
    for way in (range(middle, len(places)), range(middle, -1, -1)):
        here = start
        for plane in way:
            away = np.linalg.norm(places[plane] - here, axis=1)
            nearest = places[plane][away.argmin()]
            step = min(1.0, DRIFT_MM * max(1.0, scan.spacing_mm[0]) / max(float(away.min()), 1e-6))
            here = here + step * (nearest - here)
            out[plane] = here
    return out


def with_contrast(scan: Marked, rng: Rng) -> Marked:
    """An artery and a vein filled with contrast medium, from end to end."""
    hu, taken = scan.hu, []
    mm = np.array(scan.spacing_mm[1:])
    grid = np.stack(np.indices(hu.shape[1:]), axis=-1) * mm
    for filled_hu, wide_mm in ((ARTERY_HU, ARTERY_MM), (VEIN_HU, VEIN_MM)):
        middle = course(scan, rng, taken)
        if middle is None:
            continue
        taken.append(middle)
        for plane, place in zip(hu, middle, strict=True):
            away = np.linalg.norm(grid - place, axis=-1)
            share = 1.0 / (1.0 + np.exp((away - wide_mm / 2) / EDGE_MM * 1.7))
            plane += share * np.maximum(filled_hu - plane, 0.0)
    return remade(scan, hu, contrast_agent="iodine")


def streaks(metal: Bool, hu: Float, mm: float, rng: Rng) -> Float:
    """What beam hardening and starved rays through metal add to a slice, HU; pixels of ``mm``."""
    angles = np.linspace(0.0, 180.0, max(60, int(1.2 * max(hu.shape))), endpoint=False)
    tissue = radon(np.maximum(hu + 1000.0, 0.0) / 1000.0 * WATER_PER_MM * mm, angles, circle=False)
    rod = radon(metal * 8.0 * WATER_PER_MM * mm, angles, circle=False)
    lost = -HARDENING * ((tissue + rod) ** 2 - tissue**2)
    starved = STARVED * rod * rng.standard_normal(rod.shape)
    error = iradon(lost + starved, angles, output_size=max(hu.shape), filter_name="hann", circle=False)
    low = [(max(hu.shape) - n) // 2 for n in hu.shape]
    return np.asarray(
        1000.0 * error[low[0] : low[0] + hu.shape[0], low[1] : low[1] + hu.shape[1]] / (WATER_PER_MM * mm), np.float32
    )


def with_metal(scan: Marked, rng: Rng) -> Marked:
    """A rod of metal through the middle half of the slices, with its streaks."""
    hu, mm = scan.hu, scan.spacing_mm[1]
    middle = course(scan, rng, [])
    if middle is None:
        return scan
    count = len(hu)
    factor = max(1, round(WORKING_MM / mm))
    grid = np.stack(np.indices(hu.shape[1:]), axis=-1) * np.array(scan.spacing_mm[1:])
    for plane in range(count // 4, count - count // 4):
        away = np.linalg.norm(grid - middle[plane], axis=-1)
        rod = away <= ROD_MM / 2
        rows, columns = (n // factor * factor for n in rod.shape)
        coarse = hu[plane][:rows:factor, :columns:factor]
        share = rod[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor).mean(axis=(1, 3))
        added = streaks(share, coarse, mm * factor, rng)
        hu[plane][:rows, :columns] += ndimage.zoom(added, factor, order=1, grid_mode=True, mode="nearest")
        edge = 1.0 / (1.0 + np.exp((away - ROD_MM / 2) / EDGE_MM * 1.7))
        hu[plane] = hu[plane] * (1 - edge) + edge * (2 * TOP_HU)
    return remade(scan, hu)


def in_a_cast(scan: Marked, rng: Rng) -> Marked:
    """Plaster around the limb, with padding between."""
    outside = ndimage.binary_opening(scan.hu > -300, np.ones((1, 5, 5)))
    away = np.stack([ndimage.distance_transform_edt(~plane, sampling=scan.spacing_mm[1:]) for plane in outside])
    shell = (away > CAST_MM[0]) & (away < CAST_MM[1])
    plaster = np.where(shell, CAST_HU + CAST_NOISE_HU * rng.standard_normal(shell.shape), scan.hu).astype(np.float32)
    return remade(scan, np.where(shell, in_slice_blur(plaster, 0.5, scan.spacing_mm), scan.hu))


def two_limbs(scan: Marked, rng: Rng) -> Marked:
    """The limb and its mirror image in one scan."""
    gap = round(APART_MM / scan.spacing_mm[2])
    air = np.full((*scan.put.shape[:2], gap), AIR_HU, dtype=np.int16)
    hu = np.concatenate([scan.series.volume.hu, air, scan.series.volume.hu[:, :, ::-1]], axis=2)
    put = np.concatenate([scan.put, np.zeros(air.shape, np.uint16), np.zeros_like(scan.put)], axis=2)
    return remade(scan, hu, put=put)
