"""The body in the scanner: limbs or trunk with their frames, metal, and the furniture around them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.arm import ARM
from calciscope.phantom.anatomy.leg import LEG
from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.anatomy.limb_plan import Patient, build_limb
from calciscope.phantom.anatomy.texture import noise_block
from calciscope.phantom.anatomy.trunk import trunk
from calciscope.phantom.frames import LimbFrame, lattice_to_local
from calciscope.phantom.furniture import Furniture
from calciscope.phantom.metal import metal_parts
from calciscope.phantom.spec import Body, PhantomSpec
from calciscope.terms.deposits import Side
from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
AIR_HU = -1000.0
APART_MM = {Body.LEGS: 92.0, Body.LEG: 92.0, Body.ARM: 0.0, Body.TRUNK: 0.0}  # of the joint from the midline, adult
MIDDLE_BACK_MM = {Body.LEGS: 14.0, Body.LEG: 6.0, Body.ARM: 2.0, Body.TRUNK: 10.0}  # image's middle behind the joint
CROP_MARGIN_MM = 16.0  # clothes stand off the skin
MORE_FLEXION_DEG = 9.0  # of the joint at the follow-up
CUSHION_MM = 24.0
SINK_MM = 7.0  # how far the body presses into the cushion


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyModel:
    """Limbs in painting order; ``centre_mm`` is where the middle of the image goes."""

    limbs: tuple[Limb, ...]
    furniture: Furniture
    centre_mm: tuple[float, float, float]

    def paint(self, lattice: Grid, first: int, count: int) -> Float32:
        """HU before blur, float32 [count, row, column], of the slices of ``lattice`` from ``first``."""
        hu = np.full((count, *lattice.shape[1:]), AIR_HU, dtype=np.float32)
        edge_mm = float(lattice.spacing_mm[2])
        self.furniture.paint(hu, lattice, first)
        for limb in self.limbs:
            start, stop = _crop(limb, lattice, first, count)
            if min(b - a for a, b in zip(start, stop, strict=True)) <= 0:
                continue
            size = tuple(int(b - a) for a, b in zip(start, stop, strict=True))
            local = lattice_to_local(lattice.affine, np.array(start), size, limb.frame.axis, limb.frame.placement)
            view = hu[:, start[1] : stop[1], start[2] : stop[2]]
            limb.tissue.paint(view, local, edge_mm)
            for part in limb.parts:
                part.paint(view, local, edge_mm)
        return hu


def body_of(spec: PhantomSpec) -> BodyModel:
    """Build the body that ``spec`` asks for."""
    rng = np.random.default_rng([spec.seed, 1])
    scale = spec.body_scale * float(rng.uniform(0.97, 1.03))
    patient = Patient(
        scale=scale, juvenile=spec.juvenile, contrast=spec.contrast, kvp=spec.kvp, block=noise_block(spec.seed)
    )
    sides = {Body.LEGS: (Side.RIGHT, Side.LEFT), Body.TRUNK: (Side.MIDLINE,)}.get(spec.kind, (Side.LEFT,))
    limbs = tuple(_limb(spec, side, patient, rng) for side in sides)
    if spec.metal:
        limbs = (*limbs[:-1], _with_metal(limbs[-1], spec, scale))
    across = 0.0 if len(limbs) > 1 else limbs[0].frame.origin_mm[0]
    centre = (across, MIDDLE_BACK_MM[spec.kind] * scale, spec.centre_mm * scale)
    return BodyModel(limbs=limbs, furniture=_furniture(limbs, spec, scale), centre_mm=centre)


def _limb(spec: PhantomSpec, side: Side, patient: Patient, rng: np.random.Generator) -> Limb:
    sign = -1.0 if side == Side.RIGHT else 1.0
    bends = spec.kind != Body.TRUNK
    frame = LimbFrame(
        origin_mm=(
            sign * APART_MM[spec.kind] * patient.scale,
            float(rng.uniform(-4, 4)),
            float(rng.uniform(-6, 6)),
        ),
        flexion_deg=spec.flexion_deg * float(rng.uniform(0.8, 1.2)) * bends,
        rotation_deg=sign * float(rng.uniform(4, 12)) * bends,
        splay_deg=sign * float(rng.uniform(-1.0, 0.5)) * bends,
    )
    if spec.followup:
        frame = _lain_down_again(frame, rng, sign * bends)
    if spec.kind == Body.TRUNK:
        return trunk(frame, patient)
    return build_limb(ARM if spec.kind == Body.ARM else LEG, side, frame, patient)


def _lain_down_again(frame: LimbFrame, rng: np.random.Generator, sign: float) -> LimbFrame:
    """The same limb at another visit: shifted, turned, and bent more at the joint."""
    shift = rng.uniform((-6, -6, 6), (6, 6, 16))
    x, y, z = (float(a + b) for a, b in zip(frame.origin_mm, shift, strict=True))
    return LimbFrame(
        origin_mm=(x, y, z),
        flexion_deg=frame.flexion_deg + MORE_FLEXION_DEG * abs(sign),
        rotation_deg=frame.rotation_deg + sign * float(rng.uniform(-6, 6)),
        splay_deg=frame.splay_deg,
    )


def _with_metal(limb: Limb, spec: PhantomSpec, scale: float) -> Limb:
    half = 0.5 * spec.shape[0] * spec.step_mm
    middle = spec.centre_mm * scale
    return replace(limb, parts=(*limb.parts, *metal_parts(limb, middle - half, middle + half)))


def _furniture(limbs: tuple[Limb, ...], spec: PhantomSpec, scale: float) -> Furniture:
    """Lay the body on the cushion: the table is below the lowest skin in view."""
    half = 0.5 * spec.shape[0] * spec.step_mm
    lowest = -np.inf
    for limb in limbs:
        skin = limb.tissue.skin
        for s in np.linspace(spec.centre_mm * scale - half, spec.centre_mm * scale + half, 15):
            s = float(np.clip(s, skin.start_mm, skin.end_mm))
            back = skin.centre_at(s)[1] + skin.radius_at(s, np.pi / 2)
            lowest = max(lowest, float(limb.frame.to_lps(np.array([s, 0.0, back]))[1]))
    side = max(abs(limb.frame.origin_mm[0]) for limb in limbs) + 105.0 * scale
    return Furniture(top_mm=lowest - SINK_MM + CUSHION_MM, cushion_mm=CUSHION_MM, cable_mm=(side, lowest - 12.0))


def _crop(limb: Limb, lattice: Grid, first: int, count: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Index box (start, stop) of the lattice around the limb, over the asked slices."""
    reach = limb.reach_mm + CROP_MARGIN_MM
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for k in (first, first + count / 2, first + count):
        for row in (0.0, float(lattice.shape[1] - 1)):
            z = float(lattice.to_lps(np.array([k, row, 0.0]))[2])
            centre = limb.frame.to_lps(np.array([z - limb.frame.origin_mm[2], 0.0, 0.0]))
            index = lattice.to_index(centre)[1:]
            room = reach / np.array(lattice.spacing_mm[1:])
            low, high = np.minimum(low, index - room), np.maximum(high, index + room)
    start = np.clip(np.floor(low), 0, lattice.shape[1:]).astype(int)
    stop = np.clip(np.ceil(high) + 1, 0, lattice.shape[1:]).astype(int)
    return (first, int(start[0]), int(start[1])), (first + count, int(stop[0]), int(stop[1]))
