"""Shape class of a deposit, read from its continuous descriptors (``measure.form``).

Punctate: no longer than a grain. Nodule, mass: a lump, small or large. Linear, sheet: long in one or in two directions and
thin. Reticular: a lace of strands. After the four patterns of Blane 1984 (imaging.md 1.1, memory), with the sizes below.
"""

from __future__ import annotations

from calciscope.measure.form import Form
from calciscope.measure.measures.longest_diameter import widest_mm
from calciscope.measure.subject import Subject
from calciscope.terms.deposits import Shape

COLUMNS = ("shape",)

# A grain: about 3 mm, with half a millimetre for what the scanner's blur adds to the smallest ones (judgement).
PUNCTATE_MM = 3.5
# A lump from here on is a (tumoral) mass (judgement; tumoral deposits are centimetres, imaging.md 1.2).
MASS_MM = 25.0
# A deposit shorter than this many times its thickness is a lump (judgement).
LUMP_RATIO = 3.0
# Strands that run side by side, on average, in a lace (1 in a line or sheet; judgement).
RETICULAR_BRANCHES = 2.0
# A scatter of grains: no piece holds this share of it (judgement).
SCATTER_SHARE = 0.5


def compute(subject: Subject) -> dict[str, object]:
    """The class; every candidate has one."""
    return {"shape": shape_of(subject.form, widest_mm(subject.outline_lps_mm))}


def shape_of(form: Form, longest_mm: float) -> Shape:
    """The class of a form of a given longest diameter."""
    if longest_mm <= PUNCTATE_MM:
        return Shape.PUNCTATE
    lump = Shape.MASS if longest_mm >= MASS_MM else Shape.NODULE
    if longest_mm < LUMP_RATIO * form.thickness_mm:
        return lump
    if form.branches >= RETICULAR_BRANCHES or form.largest_piece < SCATTER_SHARE:
        return Shape.RETICULAR
    if form.lump >= max(form.line, form.sheet):
        return lump
    return Shape.SHEET if form.sheet >= form.line else Shape.LINEAR
