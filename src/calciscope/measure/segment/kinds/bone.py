"""Dense islands inside the skeleton: trabeculae between marrow, edges of joints."""

from __future__ import annotations

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
    if view.region in (Region.HEAD, Region.FACE) and _beside_sinus(view):
        return Finding(
            kind=Kind.BONE, confidence=0.6, reason="A thin wall of bone beside the air of nose, sinus or ear."
        )
    return None


def _beside_sinus(view: View) -> bool:
    """Whether enclosed air touches it."""
    air = (view.hu < SINUS_GAS_HU) & (view.tissue > 0) & (view.inside_body_mm > 2 * SINUS_MM)
    return bool((air & view.near(SINUS_MM)).sum() >= SINUS_VOXELS)
