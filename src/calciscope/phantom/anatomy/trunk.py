"""A trunk from pelvis to lower chest; stations in mm from the third lumbar vertebra of an adult."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Bone, Filled
from calciscope.phantom.anatomy.bone_plan import BonePlan, bone_from
from calciscope.phantom.anatomy.limb import Limb, Part
from calciscope.phantom.anatomy.limb_plan import ADULT_SKIN_MM, JUVENILE_SKIN_MM, Patient
from calciscope.phantom.anatomy.organs import organs
from calciscope.phantom.anatomy.profiles import Nodes, profile
from calciscope.phantom.anatomy.ribs import ribs
from calciscope.phantom.anatomy.soft_tissue import SoftTissue
from calciscope.phantom.anatomy.tube import Tube, tube
from calciscope.phantom.anatomy.vessels import VesselCourse, vessel_parts
from calciscope.phantom.frames import LimbFrame
from calciscope.terms.deposits import Region, Side

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

RANGE_MM = (-210.0, 270.0)
HALF_WIDTH: Nodes = {-210: 175, -120: 172, -40: 158, 40: 150, 120: 156, 270: 165}
HALF_DEPTH: Nodes = {-210: 112, -120: 112, -40: 105, 40: 103, 120: 108, 270: 115}
FAT_MM: Nodes = {-210: 26, -100: 24, 0: 19, 120: 13, 270: 10}
WALL_MM: Nodes = {
    -210: 26,
    -60: 17,
    120: 14,
    270: 14,
}  # thickness of the muscle wall at the sides; three times it at the back
SPINE_BACK = 52.0  # of the middle of the vertebral bodies
BONES_FROM_MM, CHEST_MM, PELVIS_MM = 34.0, 95.0, -75.0
DISC_MM, VERTEBRA_MM = 8.0, 26.0

AORTA = VesselCourse(
    name="aorta and iliac artery", lateral={-210: 48, -90: 28, -55: 6, 0: 6, 270: 10}, back={-210: -6, -90: 14, -55: 18, 0: 17, 270: 28},
    radius={-210: 4.0, -70: 5.0, -50: 8.0, 0: 8.5, 270: 10.5}, artery=True, bundle=False,
)  # fmt: skip
CAVA = VesselCourse(
    name="vena cava and iliac vein", lateral={-210: -52, -90: -34, -55: -20, 0: -20, 270: -22},
    back={-210: 0, -90: 20, -55: 20, 0: 17, 270: 10},
    radius={-210: 5.0, -60: 7.0, -40: 10.5, 270: 12.0}, artery=False, bundle=False,
)  # fmt: skip
ILIAC_WING = BonePlan(
    name="ilium", span=(-200, -48), lateral={-200: 84, -120: 84, -48: 106}, back={-200: 14, -120: 26, -48: 6},
    half_width={-200: 24, -150: 36, -100: 46, -60: 34, -48: 20}, half_depth={-200: 12, -150: 8, -100: 5.5, -60: 6.5, -48: 6},
    cortex={-200: 1.6, -48: 1.6}, spongy={-200: 0.8, -48: 0.8}, dome_mm=10, turn=-0.9,
)  # fmt: skip
SACRUM = BonePlan(
    name="sacrum", span=(-205, -92), lateral={-205: 0, -92: 0}, back={-205: 70, -150: 72, -92: 56},
    half_width={-205: 18, -150: 34, -100: 50, -92: 50}, half_depth={-205: 9, -150: 15, -92: 22}, cortex={-205: 1.3, -92: 1.3},
    spongy={-205: 0.7, -92: 0.7}, dome_mm=8,
)  # fmt: skip


def trunk(frame: LimbFrame, patient: Patient) -> Limb:
    """Build the trunk around ``frame``."""
    scale = patient.scale
    skin, fascia, cavity = _surfaces(scale)
    seeds = _wall_seeds(fascia)
    tissue = SoftTissue(
        skin=skin,
        fascia=fascia,
        skin_mm=JUVENILE_SKIN_MM if patient.juvenile else ADULT_SKIN_MM,
        septum_mm=1.4,
        strands=0.7,
        seeds=seeds,
        block=patient.block,
        clothed=patient.clothed,
    )
    vessels = [vessel_parts(course, 1.0, scale, patient.contrast, RANGE_MM) for course in (AORTA, CAVA)]
    inner: list[Part] = [Filled(name="visceral fat", outer=cavity, hu=-100.0, texture_hu=9.0, block=patient.block)]
    inner += organs(patient, cavity)
    return Limb(
        side=Side.MIDLINE,
        frame=frame,
        tissue=tissue,
        parts=(*inner, *(parts[-1] for _, parts in vessels), *_skeleton(patient), *ribs(patient, fascia)),
        vessels=tuple(outer for outer, _ in vessels),
        arteries=((AORTA.name, vessels[0][0]),),
        regions=lambda local: _region(local / scale),
        cavity=cavity,
    )


def _surfaces(scale: float) -> tuple[Tube, Tube, Tube]:
    wide, deep = profile(HALF_WIDTH, scale), profile(HALF_DEPTH, scale)
    fat, wall = profile(FAT_MM, scale), profile(WALL_MM, scale)

    def oval(s: Float64, angle: Float64, less: Float64) -> Float64:
        power = 2.5  # between an ellipse and a box, as trunks are
        a, b = scale * wide(s) - less, scale * deep(s) - less
        return ((np.abs(np.cos(angle)) / a) ** power + (np.abs(np.sin(angle)) / b) ** power) ** (-1 / power)

    def fat_at(s: Float64, angle: Float64) -> Float64:
        return scale * fat(s) * (1 + 0.35 * np.cos(2 * angle) * -1 + 0.2 * np.sin(angle)) + 1.0

    def wall_at(s: Float64, angle: Float64) -> Float64:
        back = np.clip(np.sin(angle), 0, 1) ** 3
        return scale * wall(s) * (0.8 + 2.4 * back)

    def straight(s: Float64) -> tuple[Float64, Float64]:
        return np.zeros_like(s), np.zeros_like(s)

    start, end = (scale * edge for edge in RANGE_MM)
    skin = tube(start, end, straight, lambda s, a: oval(s, a, np.zeros_like(s)))
    fascia = tube(start, end, straight, lambda s, a: oval(s, a, np.zeros_like(s)) - fat_at(s, a))
    cavity = tube(start, end, straight, lambda s, a: oval(s, a, np.zeros_like(s)) - fat_at(s, a) - wall_at(s, a))
    return skin, fascia, cavity


def _wall_seeds(fascia: Tube) -> Float32:
    """Muscles of the wall: rectus, obliques and erector spinae of both sides, as places in the wall."""
    angles = np.deg2rad([-105, -75, -35, -5, 30, 62, 82, 98, 118, 150, 185, 215])
    columns = (np.round(angles / (2 * np.pi) * 128).astype(int)) % 128
    stations = len(fascia.centre)
    seeds = np.zeros((len(angles), stations, 3), dtype=np.float32)
    for n, (angle, column) in enumerate(zip(angles, columns, strict=True)):
        r = 0.88 * fascia.radius[:, column]
        seeds[n, :, 0], seeds[n, :, 1] = r * np.cos(angle), r * np.sin(angle)
    return seeds


def _skeleton(patient: Patient) -> list[Bone]:
    bones = []
    low = -92.0 + DISC_MM
    number = 0
    while low + VERTEBRA_MM < RANGE_MM[1]:
        bones.append(_built(_vertebra(low, number), 1.0, patient))
        bones.append(_built(_spinous(low, number), 1.0, patient))
        low, number = low + VERTEBRA_MM + DISC_MM, number + 1
    for lateral in (1.0, -1.0):
        bones.append(_built(ILIAC_WING, lateral, patient))
    bones.append(_built(SACRUM, 1.0, patient))
    return bones


def _built(plan: BonePlan, lateral: float, patient: Patient) -> Bone:
    return bone_from(
        plan, lateral, scale=patient.scale, juvenile=patient.juvenile, kvp=patient.kvp, block=patient.block
    )


def _vertebra(low: float, number: int) -> BonePlan:
    high, middle = low + VERTEBRA_MM, low + VERTEBRA_MM / 2
    return BonePlan(
        name=f"vertebral body {number + 1}", span=(low, high), lateral={low: 0, high: 0}, back={low: SPINE_BACK, high: SPINE_BACK},
        half_width={low: 25, middle: 22, high: 25}, half_depth={low: 18, middle: 16.5, high: 18}, cortex={low: 1.2, high: 1.2},
        spongy={low: 0.85, high: 0.85}, dome_mm=1.5,
    )  # fmt: skip


def _spinous(low: float, number: int) -> BonePlan:
    """Arch and process behind the canal, drawn as one bone."""
    start, end = low - 4.0, low + 17.0
    return BonePlan(
        name=f"vertebral arch {number + 1}", span=(start, end), lateral={start: 0, end: 0}, back={start: 92, end: 90},
        half_width={start: 4, end: 7}, half_depth={start: 12, end: 9},
        cortex={start: 1.5, end: 1.5}, spongy={start: 0.7, end: 0.7}, dome_mm=4,
    )  # fmt: skip


def _region(local: Float64) -> Region:
    s, _, v = (float(value) for value in local)
    if v > BONES_FROM_MM and s > PELVIS_MM:
        return Region.BACK
    if s > CHEST_MM:
        return Region.CHEST
    if s < PELVIS_MM:
        return Region.BUTTOCK if v > BONES_FROM_MM + 30.0 else Region.PELVIS
    return Region.ABDOMEN
