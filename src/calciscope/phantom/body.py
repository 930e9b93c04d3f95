"""The body in the scanner: its limbs with their frames, and its coarse density for the rays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.leg import leg
from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.anatomy.texture import noise_block
from calciscope.phantom.frames import LimbFrame, lattice_to_local
from calciscope.phantom.spec import Body, PhantomSpec
from calciscope.terms.deposits import Side
from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
AIR_HU = -1000.0
LEG_APART_MM = 92.0  # knee from the midline, adult
CROP_MARGIN_MM = 6.0
MORE_FLEXION_DEG = 9.0  # of the joint at the follow-up


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyModel:
    """Limbs in painting order; ``centre_mm`` is where the middle of the image goes."""

    limbs: tuple[Limb, ...]
    centre_mm: tuple[float, float, float]

    def paint(self, lattice: Grid, first: int, count: int) -> Float32:
        """HU before blur, float32 [count, row, column], of the slices of ``lattice`` from ``first``."""
        hu = np.full((count, *lattice.shape[1:]), AIR_HU, dtype=np.float32)
        edge_mm = float(lattice.spacing_mm[2])
        for limb in self.limbs:
            start, stop = _crop(limb, lattice, first, count)
            if min(b - a for a, b in zip(start, stop, strict=True)) <= 0:
                continue
            size = tuple(int(b - a) for a, b in zip(start, stop, strict=True))
            local = lattice_to_local(lattice.affine, np.array(start), size, limb.frame.axis, limb.frame.placement)
            view = hu[start[0] - first : stop[0] - first, start[1] : stop[1], start[2] : stop[2]]
            limb.tissue.paint(view, local, edge_mm)
            for part in limb.parts:
                part.paint(view, local, edge_mm)
        return hu


def body_of(spec: PhantomSpec) -> BodyModel:
    """Build the body that ``spec`` asks for."""
    rng = np.random.default_rng([spec.seed, 1])
    scale = spec.body_scale * float(rng.uniform(0.97, 1.03))
    block = noise_block(spec.seed)
    sides = (Side.LEFT,) if spec.kind == Body.LEG else (Side.RIGHT, Side.LEFT)
    limbs = []
    for side in sides:
        sign = 1.0 if side == Side.LEFT else -1.0
        frame = LimbFrame(
            origin_mm=(sign * LEG_APART_MM * scale, float(rng.uniform(-4, 4)), float(rng.uniform(-6, 6))),
            flexion_deg=spec.flexion_deg * float(rng.uniform(0.8, 1.2)),
            rotation_deg=sign * float(rng.uniform(4, 12)),
            splay_deg=sign * float(rng.uniform(-1.0, 0.5)),
        )
        if spec.followup:
            frame = _lain_down_again(frame, rng, sign)
        limbs.append(
            leg(side, frame, scale=scale, juvenile=spec.juvenile, contrast=spec.contrast, kvp=spec.kvp, block=block)
        )
    across = 0.0 if len(limbs) > 1 else limbs[0].frame.origin_mm[0]
    return BodyModel(limbs=tuple(limbs), centre_mm=(across, 8.0 * scale, spec.centre_mm * scale))


def _lain_down_again(frame: LimbFrame, rng: np.random.Generator, sign: float) -> LimbFrame:
    """The same limb at another visit: shifted, turned, and bent more at the joint."""
    shift = rng.uniform((-6, -6, 6), (6, 6, 16))
    x, y, z = (float(a + b) for a, b in zip(frame.origin_mm, shift, strict=True))
    return LimbFrame(
        origin_mm=(x, y, z),
        flexion_deg=frame.flexion_deg + MORE_FLEXION_DEG,
        rotation_deg=frame.rotation_deg + sign * float(rng.uniform(-6, 6)),
        splay_deg=frame.splay_deg,
    )


def _crop(limb: Limb, lattice: Grid, first: int, count: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Index box (start, stop) of the lattice around the limb, over the asked slices."""
    reach = limb.reach_mm + CROP_MARGIN_MM
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for k in (first, first + count / 2, first + count):
        for row in (0.0, float(lattice.shape[1] - 1)):
            z = float(lattice.to_lps(np.array([k, row, 0.0]))[2])
            s = z - limb.frame.origin_mm[2]
            centre = limb.frame.to_lps(np.array([s, 0.0, 0.0]))
            index = lattice.to_index(np.array([centre[0], centre[1], centre[2]]))[1:]
            room = reach / np.array(lattice.spacing_mm[1:])
            low, high = np.minimum(low, index - room), np.maximum(high, index + room)
    start = np.clip(np.floor(low), 0, lattice.shape[1:]).astype(int)
    stop = np.clip(np.ceil(high) + 1, 0, lattice.shape[1:]).astype(int)
    return (first, int(start[0]), int(start[1])), (first + count, int(stop[0]), int(stop[1]))
