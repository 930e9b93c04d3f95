"""How each kind of candidate is drawn: a marker form and a colour, so that nothing is told by colour alone.

Colours follow Okabe and Ito's set for colour-blind readers, lightened where they stand on a dark picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from calciscope.terms.deposits import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class KindMark:
    """``form`` is drawn by report/marks.typ; ``rgb`` on the dark picture; ``name`` as a reader sees it."""

    form: str
    rgb: tuple[int, int, int]
    name: str

    @property
    def hex(self) -> str:
        """The colour as #rrggbb."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


# In order of importance to the reader: earlier kinds are numbered first and drawn on top.
KIND_MARKS: dict[Kind, KindMark] = {
    Kind.CALCINOSIS: KindMark(form="circle", rgb=(255, 159, 28), name="calcinosis"),
    Kind.UNCERTAIN: KindMark(form="diamond", rgb=(240, 228, 66), name="uncertain"),
    Kind.VASCULAR: KindMark(form="triangle", rgb=(86, 180, 233), name="vascular"),
    Kind.PHYSIOLOGICAL: KindMark(form="hexagon", rgb=(150, 170, 255), name="physiological"),
    Kind.BONE: KindMark(form="square", rgb=(205, 205, 205), name="bone"),
    Kind.CONTRAST: KindMark(form="triangle-down", rgb=(0, 190, 140), name="contrast"),
    Kind.METAL: KindMark(form="cross", rgb=(224, 130, 180), name="metal"),
    Kind.ARTEFACT: KindMark(form="plus", rgb=(190, 190, 190), name="artefact"),
    Kind.OUTSIDE_BODY: KindMark(form="bar", rgb=(160, 160, 160), name="outside the body"),
}
IMPORTANCE = {kind: place for place, kind in enumerate(KIND_MARKS)}
