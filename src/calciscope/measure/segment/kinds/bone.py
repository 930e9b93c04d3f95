"""Dense islands inside the skeleton: trabeculae between marrow, edges of joints, unfused centres and processes."""

from __future__ import annotations

import edt
import numpy as np
from scipy import ndimage

from calciscope.measure.segment.beyond_bone import beyond_bone_hu
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind, Region
from calciscope.terms.tissue import Tissue

ORDER = 15
SHARE = 0.4
"""Share of the candidate's voxels within the filled outline of bone (judgement)."""
SURROUNDINGS_MM = 8.0
"""How far around a body on bone its surroundings are looked at, mm."""
ISLAND = 0.8
"""Share of bone around it from which a body on bone is a part of it (measured: bodies put on bones 0.04-0.47, islands
within bones 0.8-1)."""
CENTRE, CENTRE_MM = 0.82, 4.5
"""Core over shell below which a body seated on bone is bone itself, an unfused centre or a process, where it is at least so
thick that the blur leaves both, mm (measured: lumps of mineral near bone 0.91-1.3; child's centres 0.54-0.78)."""
NOSTRIL_MM = 8.0
"""Half the width of openings through which air of the nose meets the air outside, mm (judgement)."""
SINUS_GAS_HU, SINUS_MM, SINUS_VOXELS = -300.0, 2.5, 5
"""Air of the nose and its sinuses so near to a piece makes it one of their thin walls (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Bone when much of it lies within a bone's outline, or bone lies all around it."""
    inside = float((view.tissue[view.core] == int(Tissue.BONE)).mean())
    if inside > SHARE:
        return Finding(kind=Kind.BONE, confidence=0.8, reason="Lies within the outline of a bone.")
    knob = view.knob_contact is not None and view.piece.peak_hu < beyond_bone_hu(scan.series.acquisition.kvp)
    if knob and view.bone_around(SURROUNDINGS_MM) > ISLAND:
        return Finding(kind=Kind.BONE, confidence=0.7, reason="An island of bone: bone lies all around it.")
    if knob and _built_as_bone(view):
        return Finding(
            kind=Kind.BONE,
            confidence=0.6,
            reason="Seated on bone, its core less dense than its shell: a part of a bone.",
        )
    if view.region in (Region.HEAD, Region.FACE) and _beside_sinus(view):
        return Finding(
            kind=Kind.BONE, confidence=0.6, reason="A thin wall of bone beside the air of nose, sinus or ear."
        )
    return None


def _built_as_bone(view: View) -> bool:
    """Whether its shell is denser than its core."""
    build = view.build
    if build is None or build.core_hu is None or build.thickness_mm < CENTRE_MM:
        return False
    return build.core_hu < CENTRE * build.shell_hu


def _beside_sinus(view: View) -> bool:
    """Whether air within the head touches it, in the next slice too: the floor of an orbit lies flat in a slice."""
    slice_mm, *in_slice = view.spacing_mm
    away = edt.edt(~view.core, anisotropy=(min(slice_mm, SINUS_MM), *in_slice))
    if ((view.hu < SINUS_GAS_HU) & (away <= SINUS_MM)).sum() < SINUS_VOXELS:
        return False
    coarse = view.scan.coarse
    k, j, i = (min(n // f, c - 1) for n, f, c in zip(view.centre_index, coarse.factor, coarse.hu.shape, strict=True))
    steps = round(NOSTRIL_MM / min(coarse.spacing_mm[1:]))
    head = np.pad(view.scan.body[k] > 0, steps + 1)
    head = ndimage.binary_fill_holes(ndimage.binary_closing(head, iterations=steps))
    return bool(edt.edt(head, anisotropy=coarse.spacing_mm[1:])[j + steps + 1, i + steps + 1] > 2 * SINUS_MM)
