"""Shape class of a deposit, read from its continuous descriptors (``measure.form``).

Punctate: no longer than a grain. Nodule, mass: a lump, small or large. Linear, sheet: long in one or in two directions and
thin. Reticular: a lace of strands. After the four patterns of Blane 1984 (imaging.md 1.1, memory), with the sizes below.
"""

from __future__ import annotations

import numpy as np

from calciscope.measure.form import Form
from calciscope.measure.subject import Subject
from calciscope.terms.deposits import Shape

COLUMNS = ("shape",)

# A grain: a ball of its corrected volume is less than about 3 mm wide, and it is no rod (judgement).
PUNCTATE_MM = 2.9
PUNCTATE_LONGEST_MM = 4.5
# A lump from here on is a (tumoral) mass (judgement; tumoral deposits are centimetres, imaging.md 1.2).
MASS_MM = 25.0
# A deposit shorter than this many times its thickness is a lump (judgement).
LUMP_RATIO = 3.0
# A deposit this many times longer than wide is linear, however thick (judgement).
LINE_RATIO = 3.0
# Strands that run side by side, on average, in a lace (1 in a line or sheet; judgement).
RETICULAR_BRANCHES = 2.0
# A scatter: no piece holds this share of it; of grains it is punctate, of larger pieces a broken lace (judgement).
SCATTER_SHARE = 0.5


def compute(subject: Subject) -> dict[str, object]:
    """The class; every candidate has one."""
    return {"shape": shape_of(subject.form, subject.longest_mm, subject.quantity.volume_ml)}


def shape_of(form: Form, longest_mm: float, volume_ml: float) -> Shape:
    """The class of a form of a given longest diameter and corrected volume."""
    grain_mm = _ball_mm(volume_ml / form.pieces)
    if grain_mm < PUNCTATE_MM and (longest_mm < PUNCTATE_LONGEST_MM or form.largest_piece < SCATTER_SHARE):
        return Shape.PUNCTATE
    lump = Shape.MASS if longest_mm >= MASS_MM else Shape.NODULE
    if longest_mm < LUMP_RATIO * form.thickness_mm:
        return lump
    if form.branches >= RETICULAR_BRANCHES or form.largest_piece < SCATTER_SHARE:
        return Shape.RETICULAR
    if form.extents_mm[1] * LINE_RATIO <= form.extents_mm[0]:
        return Shape.LINEAR
    if form.lump >= max(form.line, form.sheet):
        return lump
    return Shape.SHEET if form.sheet >= form.line else Shape.LINEAR


def _ball_mm(volume_ml: float) -> float:
    """Diameter of a ball of that volume."""
    return float(np.cbrt(6000.0 * max(volume_ml, 0.0) / np.pi))
