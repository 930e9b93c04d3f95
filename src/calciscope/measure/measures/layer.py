"""Tissue layer of a deposit: where most of its mass lies, and what else it touches.

Cutaneous: within 2.5 mm of the body surface. Fascial: within 2 mm of the surface of muscle that faces the fat under the skin,
where the deep fascia lies. Intramuscular: deeper in muscle or in the fat between muscles. Periosteal: touching bone.
Subcutaneous: in the fat between skin and fascia. Visceral: in the chest, the belly or the pelvis. A compact deposit is where
its mass centre is; of a long, flat or branched one every part votes with its mass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from calciscope.measure.skin import depth_mm
from calciscope.measure.subject import Subject
from calciscope.terms.deposits import Layer
from calciscope.terms.geometry import Float64

COLUMNS = ("layer", "layer_also")

# Both bands are the product's definition of a layer (docs/reference/measures.md).
CUTANEOUS_MM = 2.5
FASCIAL_MM = 2.0
# The exact depth is worth its time only this near to the cutaneous band.
NEAR_SKIN_MM = 2.0
# A layer that holds at least this part of the mass is named beside the main one (judgement).
ALSO_SHARE = 0.15
# A deposit no longer than this, or no longer than twice as long as thick, has one place: its mass centre (judgement).
COMPACT_MM = 5.0
COMPACT_RATIO = 2.2
# Touching bone settles the layer of a compact deposit; a long one must have this part of its mass along the bone.
PERIOSTEAL_MM = 2.5
PERIOSTEAL_SHARE = 0.3
# Above this slice distance a surface that leans against the slices is known less exactly than the bands are wide.
THICK_SLICE_MM = 3.0

ORDER = (Layer.CUTANEOUS, Layer.FASCIAL, Layer.INTRAMUSCULAR, Layer.SUBCUTANEOUS, Layer.VISCERAL)
Codes = NDArray[np.intp]


def compute(subject: Subject) -> dict[str, object]:
    """``layer``: the main one; ``layer_also``: a tuple of the others touched, by falling mass."""
    shares = _shares(_layers_at(subject, subject.points_lps_mm, exact=False), subject.weights)
    compact = _compact(subject)
    main = _centre_layer(subject) if compact else max(ORDER, key=lambda layer: shares[layer])
    periosteal = _along_bone(subject)
    if subject.around.touches_bone and (compact or periosteal >= PERIOSTEAL_SHARE) and main is not Layer.VISCERAL:
        main = Layer.PERIOSTEAL
    if subject.around.touches_bone:
        shares[Layer.PERIOSTEAL] = max(periosteal, ALSO_SHARE)
    also = [layer for layer in shares if shares[layer] >= ALSO_SHARE and layer is not main]
    also.sort(key=lambda layer: (-shares[layer], layer))
    return {"layer": main, "layer_also": tuple(also)}


def _shares(codes: Codes, weights: Float64) -> dict[Layer, float]:
    mass = np.bincount(codes, weights=weights, minlength=len(ORDER)) / weights.sum()
    return {layer: float(part) for layer, part in zip(ORDER, mass, strict=True)}


def _compact(subject: Subject) -> bool:
    extents = subject.form.extents_mm
    return bool(extents[0] <= max(COMPACT_MM, COMPACT_RATIO * extents[2]))


def _along_bone(subject: Subject) -> float:
    near = _read(subject, subject.around.bone_mm, subject.voxels) <= PERIOSTEAL_MM
    return float(subject.weights[near].sum() / subject.weights.sum())


def _centre_layer(subject: Subject) -> Layer:
    """The mass centre's layer; unknown where thick slices or missing skin leave it open."""
    centre = subject.centre_lps_mm[None]
    main = ORDER[int(_layers_at(subject, centre, exact=True)[0])]
    if main is Layer.SUBCUTANEOUS and float(subject.scene.near(subject.scene.cut_mm, centre)[0]) <= CUTANEOUS_MM:
        return Layer.UNKNOWN
    if subject.scene.grid.spacing_mm[0] > THICK_SLICE_MM and _thick_slices_matter(subject, main):
        return Layer.UNKNOWN
    return main


def _layers_at(subject: Subject, points_lps_mm: Float64, *, exact: bool, shift_mm: float = 0.0) -> Codes:
    """Index into ``ORDER`` for each LPS point; ``shift_mm`` moves the surface of muscle outward (to test robustness)."""
    index = subject.scene.grid.to_index(points_lps_mm)
    muscle = _read(subject, subject.around.muscle_depth_mm, index) + shift_mm
    skin = _read(subject, subject.around.surface_mm, index)
    if exact and skin.min() <= CUTANEOUS_MM + NEAR_SKIN_MM:
        skin = depth_mm(subject.scene, points_lps_mm)
    skin = np.where(np.isfinite(skin), skin, np.inf)
    conditions = [
        skin <= CUTANEOUS_MM,
        subject.scene.atlas.in_cavity(subject.scene.coarse, points_lps_mm),
        np.abs(muscle) <= FASCIAL_MM,
        muscle > FASCIAL_MM,
    ]
    codes = [ORDER.index(layer) for layer in (Layer.CUTANEOUS, Layer.VISCERAL, Layer.FASCIAL, Layer.INTRAMUSCULAR)]
    return np.select(conditions, codes, ORDER.index(Layer.SUBCUTANEOUS)).astype(np.intp)


def _thick_slices_matter(subject: Subject, main: Layer) -> bool:
    """Whether a muscle surface leaning against thick slices, moved by its uncertainty, changes the layer."""
    if main in (Layer.CUTANEOUS, Layer.VISCERAL):
        return False
    centre = subject.centre_lps_mm[None]
    wobble = _lean(subject) * subject.scene.grid.spacing_mm[0] / 2
    moved = {ORDER[int(_layers_at(subject, centre, exact=True, shift_mm=sign * wobble)[0])] for sign in (-1, 1)}
    return moved != {main}


def _lean(subject: Subject) -> float:
    """How much the nearest muscle surface faces the slices: 0 stands upright on them, 1 lies in their plane."""
    depth = subject.around.muscle_depth_mm
    centre = np.rint(subject.scene.grid.to_index(subject.centre_lps_mm)).astype(int) - subject.around.origin
    box = tuple(slice(max(0, int(c) - 1), int(c) + 2) for c in centre)
    crop = depth[box]
    if min(crop.shape) < 2:
        return 1.0
    slope = np.array([np.abs(np.diff(crop, axis=a)).mean() / subject.neighbourhood.spacing_mm[a] for a in range(3)])
    size = float(np.linalg.norm(slope))
    return float(slope[0] / size) if size > 0 else 0.0


def _read(subject: Subject, field: NDArray[np.float32], index: Float64) -> Float64:
    """A map of ``around`` at full-grid indices (n, 3), between voxels."""
    local = (index - np.array(subject.around.origin)).T
    return np.asarray(map_coordinates(field, local, order=1, mode="nearest"), dtype=np.float64)
