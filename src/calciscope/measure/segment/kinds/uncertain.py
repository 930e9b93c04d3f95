"""Doubtful candidates: kept and listed, not counted."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from calciscope.measure.segment.in_air import AIR_HU
from calciscope.measure.segment.kinds.artefact import clear
from calciscope.measure.segment.kinds.bone import SURROUNDINGS_MM
from calciscope.measure.segment.significance import LARGEST_TESTED_ML
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind, Region
from calciscope.terms.tissue import Tissue

ORDER = 90
WEAK_HU = 45.0
"""Mean less than this above lean tissue is within what tendon, cartilage, clot or contrast reach, HU (judgement)."""
LEAN_HU = 55.0
SHARP_HU = 45.0
"""Skin beside air reads more than this only where the kernel lifts edges: else its blur lowers it (measured: scans of soft kernels
-42 to 43, the same sharpened 50 to 131)."""
LIFTED_HU, LIFTED_PEAK_HU = 135.0, 240.0
"""Mean and peak to which such kernels lift tendons, veins and strands of muscle beside fat, HU (measured: means 59-132, peaks
135-233)."""
LARGE_ML, FAINT_HU, FAINT_PEAK_HU = 0.25, 150.0, 220.0
"""A large piece with a mean below this reads as enhanced or bloody tissue reads [judgement]."""
BLURRED_MM = 1.6
"""A sheet of less than this half width, mm, lost much of its density to the blur: blood or clot as thin would read far less, and
so would tissue without contrast medium (judgement; blur of clinical CT 1 to 2 mm FWHM)."""
DEEP_MM = 45.0
"""Depth under the skin from which organs are near in the abdomen, mm; chest and pelvis have thick muscles (judgement)."""
SURE_SIGMAS = 8.0
"""Sigmas above alike tissue from which noise is no longer an explanation worth a doubt (judgement)."""
THIN_MM = 2.0
"""A body on bone thinner than twice this is a ridge as well as a deposit, mm (judgement)."""
MOSTLY_BONE = 0.5
"""Share of bone around a body on bone above which it lies in a joint or a hollow of a bone, where rims and spurs are
common (measured: bodies put on bones to 0.47, pieces of joints 0.52-1)."""
SMALL_ML, THIN_CORTEX_HU = 0.22, 600.0
"""Small bodies on bone whose cortex is this faint (joints, hip bone, spine) may be its tubercles (judgement)."""
THICK_SLICE_MM = 4.0
"""Slices from which the steps of an oblique bone stand out as bodies do, mm (judgement)."""
STEP_CONTACT, STEP_BONE = 0.2, 0.2
"""Neck of a body on bone, as a share of its surface, and share of bone around it, above which it may be such a step (measured
in slices of 5 mm: deposits 4-8 mm from bone to 0.02 and 0.19; parts of ribs, blades and kneecaps 0.2 and more in both)."""
METAL_HU = 2400.0
"""Denser than the bone beneath: metal, or mineral so dense that it spoils its surroundings as metal does, HU."""
NEAR_METAL_MM = 15.0
"""Metal this near to bone has changed it, and its streaks hide what, mm (judgement)."""
TIP_MM = 10.0
"""What reaches less than this into the scan from its border, and is about widest there, may be the tip of a bone, mm
(judgement)."""
SHORT_MM, END_MM = 25.0, 4.0
"""A scan shorter than this shows of no bone it cuts whether it is one; bodies on bone so near to the scan's end, mm, may be bone
that goes on there (judgement)."""
WIDEST = 0.7
"""Area at the border over the largest from which it is about widest there (judgement)."""
IN_FAT_HU = -40.0
"""Surroundings below this are fat under the skin, where no bone ends, HU."""
INNER_WALL_MM = {Region.CHEST: 10.0, Region.ABDOMEN: 15.0, Region.PELVIS: 10.0}
"""The inside of the trunk is known to about so much, less where the wall is thin, mm: what lies this near may be within it
(judgement)."""
SKIN_MM, SKIN_HU, SKIN_LONG_MM = 4.0, 135.0, 15.0
"""Skin with its edge sharpened by the kernel reads up to so much on average; such lines are long (judgement)."""
SHARP_SKIN_HU, SKIN_MARGIN_HU = 220.0, 20.0
"""Mean below which a piece within the skin is compared with the skin beside it, and how far it must exceed the brightest tenth
there, HU: sharp kernels lift skin beside air to 190 on average (measured: pieces of such skin -25 to +12, deposits above 50)."""
BESIDE_MM, RIDGE_MM, LEAST_BESIDE = 14.0, 2.6, 30
"""How far along and how deep the skin beside is looked at, mm, and the least number of its voxels (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Uncertain when it barely exceeds noise or tissue, may be a part of bone, or is cut by the edge of the scan."""
    if view.knob_contact is not None and (reason := _part_of_bone(view)):
        return _found(reason)
    if view.piece.at_edge and _tip(view):
        return _found("Cut by the edge of the scan: the tip of a bone or a filled bowel cannot be told from a deposit.")
    if view.piece.mean_hu < SKIN_HU and _line_of_skin(view):
        return _found("A line of the skin itself, no denser than skin with its edge sharpened.")
    if view.piece.mean_hu < SHARP_SKIN_HU and _like_skin_beside(view):
        return _found("Within the skin and no brighter than the skin beside it, whose edge is sharpened.")
    if view.piece.volume_ml <= LARGEST_TESTED_ML and not clear(view) and _weak(view):
        return _found("Only little brighter than noise and streaks in the tissue around it.")
    if view.piece.volume_ml > LARGE_ML and _like_tissue(view):
        return _found("Large and no denser than tissue with contrast medium or old blood.")
    if view.region is Region.ABDOMEN and view.coarse_at_centre(scan.depth_mm) > DEEP_MM:
        return _found("Deep in the abdomen: stone, bowel content, vessel and node cannot be told from a deposit there.")
    if view.region in INNER_WALL_MM and view.cavity_within(INNER_WALL_MM[view.region]):
        return _found(
            "At the inner side of the trunk's wall: bowel content and vessels cannot be told from a deposit there."
        )
    background = max(view.coarse_at_centre(scan.field.background_hu), -95.0)
    if background > 0.0 and view.piece.mean_hu < LEAN_HU + WEAK_HU and view.piece.peak_hu < 200.0:
        return _found("Only little denser than tendon, cartilage or clot.")
    if view.piece.mean_hu < LIFTED_HU and view.piece.peak_hu < LIFTED_PEAK_HU and (scan.skin_hu or 0.0) > SHARP_HU:
        return _found("Only little denser than tendons and vessels, whose edges this kernel sharpens.")
    return None


def _like_tissue(view: View) -> bool:
    """No denser than enhanced or bloody tissue, and not amid fat, where neither is expected."""
    faint = view.piece.mean_hu < FAINT_HU and view.piece.peak_hu < FAINT_PEAK_HU
    if not faint or view.coarse_at_centre(view.scan.field.background_hu) <= IN_FAT_HU:
        return False
    return bool(view.scan.series.acquisition.contrast_agent) or _half_width_mm(view) > BLURRED_MM


def _half_width_mm(view: View) -> float:
    """Half the greatest width of its sections across the scan."""
    mm = view.spacing_mm[1:]
    sections = (np.pad(plane, 1) for plane in view.core if plane.any())
    return max(float(ndimage.distance_transform_edt(p, sampling=mm).max()) for p in sections) - 0.5 * min(mm)


def _part_of_bone(view: View) -> str | None:
    """Why a body on bone may be a part of it."""
    if view.build is not None and view.build.thickness_mm < THIN_MM:
        return "A small body on the surface of bone: a spur cannot be told from a deposit."
    if view.region in (Region.HEAD, Region.FACE):
        return "On a bone of the head, many of which are thin: a part of it cannot be told from a deposit."
    if _at_end(view):
        return "On bone at the scan's end: what the bone does beyond is out of view."
    around = view.bone_around(SURROUNDINGS_MM)
    if view.spacing_mm[0] > THICK_SLICE_MM and ((view.knob_contact or 0.0) > STEP_CONTACT or around > STEP_BONE):
        return "On bone in thick slices: a step of the bone cannot be told from a deposit."
    if around > MOSTLY_BONE:
        return "Lies in a joint or a hollow of a bone: its rim cannot be told from a deposit."
    if view.knob_contact and view.piece.volume_ml < SMALL_ML and (view.scan.skin_hu or 0.0) > SHARP_HU:
        return "A small body on bone whose edge this kernel sharpens: a ridge cannot be told from a deposit."
    near = view.near(SURROUNDINGS_MM)
    bone = view.hu[near & (view.tissue == int(Tissue.BONE))]
    if view.piece.volume_ml < SMALL_ML and bone.size and np.percentile(bone, 80) < THIN_CORTEX_HU:
        return "A small body on a bone of thin cortex: a tubercle cannot be told from a deposit."
    if (view.hu[view.near(NEAR_METAL_MM)] > METAL_HU).any():
        return "On bone beside metal: changed bone and streaks cannot be told from a deposit."
    return None


def _at_end(view: View) -> bool:
    """Whether the first or last slice is as near as bone around a body is looked at."""
    planes, mm = view.piece.box[0], view.spacing_mm[0]
    return min(planes.start, view.scan.labels.shape[0] - planes.stop) * mm < END_MM


def _tip(view: View) -> bool:
    """Whether it only reaches a little into the scan, and not in subcutaneous fat."""
    if view.coarse_at_centre(view.scan.field.background_hu) < IN_FAT_HU:
        return False
    return any(_cut_at(view, axis) for axis in range(3))


def _cut_at(view: View, axis: int) -> bool:
    """Whether the image's border across this axis cuts it, a little inside and where it is about widest."""
    box, size = view.piece.box[axis], view.scan.labels.shape[axis]
    if box.start > 0 and box.stop < size:
        return False
    if axis == 0 and size * view.spacing_mm[0] < SHORT_MM:
        return True
    if (box.stop - box.start) * view.spacing_mm[axis] >= TIP_MM:
        return False
    areas = view.core.sum(axis=tuple(other for other in range(3) if other != axis))
    return bool((areas[0] if box.start == 0 else areas[-1]) >= WIDEST * areas.max())


def _line_of_skin(view: View) -> bool:
    """Whether all of it lies in the skin and runs along it."""
    sides = [(s.stop - s.start) * mm for s, mm in zip(view.piece.box, view.spacing_mm, strict=True)]
    return bool(max(sides) > SKIN_LONG_MM and np.percentile(view.inside_body_mm[view.core], 90) <= SKIN_MM)


def _like_skin_beside(view: View) -> bool:
    """Whether it lies in the skin and hardly exceeds the brightest of the skin beside it in its own slices, or anywhere."""
    depth_mm = view.inside_body_mm
    if np.percentile(depth_mm[view.core], 90) > SKIN_MM:
        return False
    anywhere = view.scan.skin_hu
    if anywhere is not None and view.piece.mean_hu < anywhere + SKIN_MARGIN_HU:
        return True
    beside = view.near(BESIDE_MM) & (depth_mm > 0) & (depth_mm <= RIDGE_MM) & (view.hu > AIR_HU)
    beside[~np.asarray(view.core.any(axis=(1, 2)))] = False
    skin = view.hu[beside]
    return bool(skin.size >= LEAST_BESIDE and view.piece.mean_hu < np.percentile(skin, 90) + SKIN_MARGIN_HU)


def _weak(view: View) -> bool:
    """Real by both tests only just, or one of them could not be made."""
    standing = view.standing
    in_context = standing.context_sigmas >= SURE_SIGMAS or standing.beyond
    return not (in_context and standing.body_sigmas >= SURE_SIGMAS - 1.0)


def _found(reason: str) -> Finding:
    """A finding of this kind."""
    return Finding(kind=Kind.UNCERTAIN, confidence=0.5, reason=reason)
