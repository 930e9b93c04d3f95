"""How a limb is described (an adult's measures by station), and how one is built from that description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Filled
from calciscope.phantom.anatomy.bone_plan import BonePlan, bone_from
from calciscope.phantom.anatomy.limb import Limb, Part
from calciscope.phantom.anatomy.profiles import Nodes, profile
from calciscope.phantom.anatomy.soft_tissue import FAT_HU, SoftTissue
from calciscope.phantom.anatomy.tube import STATION_MM, Tube, tube
from calciscope.phantom.anatomy.vessels import VesselCourse, vessel_parts
from calciscope.phantom.frames import LimbFrame
from calciscope.terms.deposits import Region, Side

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
ADULT_SKIN_MM, JUVENILE_SKIN_MM = 1.6, 1.2
Belly = tuple[float, float, float]  # (lateral, back) as parts of the fascia radius, weight as part of its square


@dataclass(frozen=True, slots=True, kw_only=True)
class FatPad:
    """An ellipsoid of deep fat: (start, end) stations, (lateral, back) of its middle, (half width, half depth)."""

    span: tuple[float, float]
    middle: tuple[float, float]
    half: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbPlan:
    """An adult limb: stations in mm from the joint, positive towards the head; lateral is +u of a left limb."""

    range_mm: tuple[float, float]
    skin_radius: Nodes
    fat_mm: Nodes
    back_shift: Nodes
    above: Sequence[Belly]  # muscles above the joint ...
    below: Sequence[Belly]  # ... and below, in matching order
    blend_mm: float  # half length over which the ones become the others
    fat_pads: Sequence[FatPad]
    vessels: Sequence[VesselCourse]
    bones: Sequence[BonePlan]
    juvenile_bones: Sequence[BonePlan]
    regions: Callable[[float], Region]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Whose limb it is: ``scale`` multiplies every length of the adult model."""

    scale: float
    juvenile: bool
    contrast: bool
    kvp: float
    block: Float32
    clothed: bool = True


def build_limb(plan: LimbPlan, side: Side, frame: LimbFrame, patient: Patient, extra: Sequence[Part] = ()) -> Limb:
    """Build one limb around ``frame``; ``extra`` parts are painted last."""
    lateral = 1.0 if side == Side.LEFT else -1.0
    scale = patient.scale
    skin, fascia = _surfaces(plan, lateral, scale)
    tissue = SoftTissue(
        skin=skin,
        fascia=fascia,
        skin_mm=JUVENILE_SKIN_MM if patient.juvenile else ADULT_SKIN_MM,
        septum_mm=1.1,
        strands=0.6,
        seeds=_muscle_seeds(plan, fascia, lateral, scale),
        block=patient.block,
        clothed=patient.clothed,
        joint_fat_mm=0.8 * plan.blend_mm * scale,
    )
    fat = [_fat_pad(pad, lateral, patient) for pad in plan.fat_pads]
    vessels = [vessel_parts(course, lateral, scale, patient.contrast, plan.range_mm) for course in plan.vessels]
    bundles = [part for _, parts in vessels for part in parts[:-1]]
    lumens = [parts[-1] for _, parts in vessels]
    plans = [*plan.bones, *(plan.juvenile_bones if patient.juvenile else ())]
    bones = [
        bone_from(bone, lateral, scale=scale, juvenile=patient.juvenile, kvp=patient.kvp, block=patient.block)
        for bone in plans
    ]
    return Limb(
        side=side,
        frame=frame,
        tissue=tissue,
        parts=(*fat, *bundles, *lumens, *bones, *extra),
        vessels=tuple(outer for outer, _ in vessels),
        arteries=tuple(
            (course.name, outer) for course, (outer, _) in zip(plan.vessels, vessels, strict=True) if course.artery
        ),
        regions=lambda local: plan.regions(float(local[0]) / scale),
    )


def _surfaces(plan: LimbPlan, lateral: float, scale: float) -> tuple[Tube, Tube]:
    size, fat = profile(plan.skin_radius, scale), profile(plan.fat_mm, scale)
    shift = profile(plan.back_shift, scale)

    def skin_radius(s: Float64, angle: Float64) -> Float64:
        form = 0.035 * np.cos(2 * angle + 0.4 * lateral) + 0.02 * np.cos(3 * angle - 0.7 * lateral + s / 160 / scale)
        return scale * size(s) * (1 + form)

    def fascia_radius(s: Float64, angle: Float64) -> Float64:
        behind_and_inside = 1 + 0.45 * np.cos(angle - np.pi / 2 - 0.6 * lateral)
        return skin_radius(s, angle) - scale * fat(s) * behind_and_inside - 1.0

    def centre(s: Float64) -> tuple[Float64, Float64]:
        return np.zeros_like(s), scale * shift(s)

    start, end = (scale * edge for edge in plan.range_mm)
    return tube(start, end, centre, skin_radius), tube(start, end, centre, fascia_radius)


def _muscle_seeds(plan: LimbPlan, fascia: Tube, lateral: float, scale: float) -> Float32:
    s = fascia.start_mm + STATION_MM * np.arange(len(fascia.centre))
    size = fascia.radius.mean(axis=1)
    up = np.clip(0.5 + s / (2 * plan.blend_mm * scale), 0.0, 1.0)
    seeds = []
    for above, below in zip(plan.above, plan.below, strict=True):
        u, v, weight = (up * a + (1 - up) * b for a, b in zip(above, below, strict=True))
        seeds.append(np.stack([lateral * u * size, v * size + fascia.centre[:, 1], weight * size**2], axis=-1))
    return np.asarray(seeds, dtype=np.float32)


def _fat_pad(pad: FatPad, lateral: float, patient: Patient) -> Filled:
    scale = patient.scale
    (u, v), (wide, deep) = pad.middle, pad.half
    start, end = (scale * edge for edge in pad.span)

    def radius(s: Float64, angle: Float64) -> Float64:
        along = np.sqrt(np.clip(1 - ((2 * s - start - end) / (end - start)) ** 2, 0.0, 1.0))
        return scale * along / np.sqrt((np.cos(angle) / wide) ** 2 + (np.sin(angle) / deep) ** 2)

    def centre(s: Float64) -> tuple[Float64, Float64]:
        return np.full_like(s, scale * lateral * u), np.full_like(s, scale * v)

    outer = tube(start, end, centre, radius)
    return Filled(name="deep fat", outer=outer, hu=FAT_HU + 10.0, texture_hu=18.0, block=patient.block)
