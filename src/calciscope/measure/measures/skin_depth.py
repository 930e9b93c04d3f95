"""Depth: from the body surface to a deposit's nearest point.

The body surface is where the CT number passes half way between air and skin, the deposit's own surface that of its longest
diameter; both are found between voxels. The border of the image is not skin: where it lies nearer than any skin in view,
the depth is not evaluable. The first and last slice are not taken for a cut, since a limb goes on much as it is.
"""

from __future__ import annotations

from calciscope.measure.skin import nearest_depth_mm
from calciscope.measure.subject import Subject

COLUMNS = ("skin_depth_mm",)


def compute(subject: Subject) -> dict[str, object]:
    """Millimetres; None where the skin is cut off by the image."""
    return {"skin_depth_mm": nearest_depth_mm(subject.scene, subject.outline_lps_mm)}
