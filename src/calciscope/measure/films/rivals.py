"""What else an outline of uneven edge may be: other closed pieces around the same place, on its own background and on wider ones.

A body's edge is steep all around. Where a bone's edge crosses it, the piece follows now the body, now the bone, and parts of its
edge are shallow. How large the body is then no profile tells; what the film allows is between these pieces.
"""

from __future__ import annotations

from calciscope.measure.films.cut import Cut, brightest_of, on_background, pieces_at, radius_of
from calciscope.terms.film import Shades

LEAST_EVEN = (
    0.7  # evenness of an edge that is a body's own (judgement, on films of phantoms: 24 of 26 bodies clear of bone)
)
EVEN_BESIDE_BONE = 0.8  # the same where a bone's edge passes near
BONE_SHARE = 0.5  # of a deposit's own contrast: more structure around it is taken for a bone's edge (judgement)
RIVAL_SHARE = 0.5  # of the steepest: what else may be the edge (judgement)
WIDER_BY = (0.0, 1.0, 2.0)  # radii of the piece around which background is taken away


def rival_areas(shades: Shades, cut: Cut, smoothing: float, *, contrast: float) -> tuple[float, float] | None:
    """The smallest and the largest area in square pixels that may be meant; None where the edge is even.

    ``contrast`` is what the piece stands out by.
    """
    beside_bone = cut.background.structure > BONE_SHARE * contrast
    if cut.piece.evenness >= (EVEN_BESIDE_BONE if beside_bone else LEAST_EVEN):
        return None
    place, radius = brightest_of(cut), radius_of(cut)
    sizes: list[float] = [cut.pixels]
    for share in WIDER_BY:
        ground = on_background(shades, cut, smoothing, extra=share * radius) if share else cut
        found = pieces_at(ground, place)
        least = RIVAL_SHARE * max((piece.all_around for piece in found), default=0.0)
        sizes += [float(piece.inside.sum()) * ground.view.factor**2 for piece in found if piece.all_around >= least]
    return min(sizes), max(sizes)
