"""Metal in a limb (a plate with screws, a nail) and a simple model of the streaks it throws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.anatomy.solid_parts import Chain
from calciscope.phantom.anatomy.tube import Tube

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
TITANIUM_HU = 8500.0  # memory: 7,000-10,000 at 120 kV; far beyond what 12 bits store
METAL_FROM_HU = 4000.0
PLATE_MM, SCREW_MM, NAIL_MM = 2.6, 2.0, 4.6  # radii
NAIL_PART = 0.42  # of the bone's radius that a nail may fill
SCREWS = 4
STREAK_HU = 110.0  # of a 10 mm metal section, at its edge
STREAK_REACH_MM = 70.0
HARMONICS = np.arange(4, 22, 3)


def metal_parts(limb: Limb, low_mm: float, high_mm: float) -> list[Chain]:
    """A plate with screws on the first bone and a nail in the second, as far as stations low..high show them."""
    bones = limb.bones
    parts = []
    first = bones[0].outer
    start, end = max(low_mm, first.start_mm + 40.0), min(high_mm, first.start_mm + 140.0, first.end_mm)
    if end - start > 25.0:
        angle = 0.4 if limb.frame.origin_mm[0] >= 0 else np.pi - 0.4
        stations = np.linspace(start, end, 9)
        parts.append(_rod("plate", [_on(first, s, angle, PLATE_MM + 0.2) for s in stations], PLATE_MM))
        for s in np.linspace(start + 5, end - 5, SCREWS):
            head, tip = _on(first, s, angle, PLATE_MM + 2.0), _on(first, s, angle + np.pi, 2.0)
            parts.append(_rod("screw", [head, tip], SCREW_MM))
    if len(bones) > 1:
        second = bones[1].outer
        start, end = max(low_mm, second.start_mm), min(high_mm, second.end_mm - 25.0)
        if end - start > 30.0:
            points = [np.array([s, *second.centre_at(s)]) for s in np.linspace(start - 40.0, end, 12)]
            narrow = min(second.radius_at(float(s), 0.0) for s in np.linspace(start, end, 8))
            parts.append(_rod("nail", points, min(NAIL_MM, NAIL_PART * narrow)))
    return parts


def _on(bone: Tube, s: float, angle: float, lift_mm: float) -> Float64:
    r = bone.radius_at(s, angle) + lift_mm
    return np.array([s, *(bone.centre_at(s) + r * np.array([np.cos(angle), np.sin(angle)]))])


def _rod(name: str, points: list[Float64], radius_mm: float) -> Chain:
    return Chain(
        name=name,
        points=np.array(points),
        radius_mm=radius_mm,
        shell_mm=0.0,
        shell_hu=TITANIUM_HU,
        core_hu=TITANIUM_HU,
    )


def streaks(ideal: Float32, pixel_mm: float, seed: int) -> Float32 | None:
    """Streaks (HU) around the metal of one slice: a star that fades with distance; None without metal."""
    rows, columns = np.nonzero(ideal > METAL_FROM_HU)
    if len(rows) == 0:
        return None
    section_mm = np.sqrt(len(rows)) * pixel_mm
    y, x = np.meshgrid(np.arange(ideal.shape[0]), np.arange(ideal.shape[1]), indexing="ij")
    dy, dx = (y - rows.mean()) * pixel_mm, (x - columns.mean()) * pixel_mm
    angle, r = np.arctan2(dy, dx), np.hypot(dx, dy)
    phase = np.random.default_rng([seed, 6]).uniform(0, 2 * np.pi, len(HARMONICS))
    star = sum(np.cos(n * angle + p) for n, p in zip(HARMONICS, phase, strict=True)) / len(HARMONICS) ** 0.5
    spread = np.cov(columns, rows) if len(rows) > 2 else np.eye(2)
    across = 0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
    dark = -(np.abs(np.cos(angle - across)) ** 12)  # along the metal's long axis the rays starve
    size = STREAK_HU * section_mm / 10.0 * np.exp(-r / STREAK_REACH_MM) * np.clip(r / section_mm, 0.0, 1.0)
    inside = 1.0 / (1.0 + np.exp(np.clip((-700.0 - ideal) / 40.0, -50, 50)))  # none to speak of in the air around
    return np.asarray(size * (star + 1.3 * dark) * inside, dtype=np.float32)
