"""The outline of a calcified area from one click, by its edge; or at a level that a person has set.

The brightest place near the click is the seed. In windows of growing size the piece around it with the steepest edge is looked
for, background is taken away, and the piece is found anew in what is left; then the outline is moved to where blur and
roundness put the edge. Clicks within one deposit end at the same seed, hence at the same outline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from skimage.measure import find_contours

from calciscope.measure.films.background import Background, trend
from calciscope.measure.films.closed import LEAST_SAMPLES, Piece, leaks, piece_at, piece_of, pieces, steepest
from calciscope.measure.films.cut import EDGE_MARGIN, Cut, brightest_of, on_background, pieces_at, radius_of
from calciscope.measure.films.edge import Edge, edge_of
from calciscope.measure.films.polygon import Corners, area, moved_outward, resampled
from calciscope.measure.films.rivals import rival_areas
from calciscope.measure.films.view import Mask, Values, View, noise_of, slope_of_noise, smoothed, steepness, view_around
from calciscope.terms.errors import Refused
from calciscope.terms.film import Point, Shades

POINTING_SHARE = 0.003  # of the longer side: 3 pixels of a film shown 1000 wide (judgement)
LEAST_POINTING_PX = 3.0
SEARCH_SAMPLES = 160  # a side of the windows in which a piece is looked for
FIRST_HALF_PX = 40
LARGEST_SHARE = 0.25  # of the film; judgement: a larger closed piece is a limb or a bone, not a deposit
SIGNIFICANT = 3.0  # times the steepness of noise: what the edge of a piece must reach (judgement)
WIDENINGS, WIDER = 2, 2.0  # how often, and how far in radii of the piece
LARGER, AS_STEEP = 1.3, 0.7  # a wider piece counts where it is larger, and its edge nearly as steep (judgement)
AS_EVEN = 0.9  # and its edge about as even: one that leaked along a bone is not (judgement)
LIKE_BEFORE = 2.5  # times larger or smaller: a piece that is found anew is the same one
ROUNDS = 3  # piece and background settle in two on phantoms
LEAST_CONTRAST = 3.0  # times the noise after smoothing: below it nothing stands out
CORNERS = 240
LEAST_LEVEL, MOST_LEVEL = 0.05, 0.95
TOP_PERCENTILE = 85  # of the excess within a piece: its contrast, without its brightest grain (judgement)
NOTHING = "Nothing that stands out from its surroundings closes around this point; click on it nearer its middle, or mark it by hand."
OUTSIDE = "The point lies outside the image."
NO_PIECE = "At this level nothing closes around the point; choose another level."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Corners in pixels of the film, and what its measures need, lengths in pixels, shades as stored.

    ``level`` is the share of the contrast at which an outline of the same area is cut; ``by_level``: a person has set it.
    ``rivals``: smallest and largest area in square pixels of what else it may be, where its edge is uneven.
    """

    corners: Corners
    seed: Point
    level: float
    by_level: bool
    mean_excess: float
    contrast: float
    noise: float
    slope: float
    background_uncertainty: float
    edge_uncertainty: float
    blur: float
    rivals: tuple[float, float] | None = None


def assisted_outline(shades: Shades, click: Point, *, level: float | None = None, smoothing: float = 1.0) -> Outline:
    """The outline around ``click``; at ``level`` (share of the contrast above background) where one is given.

    ``smoothing`` is the standard deviation in samples before edges are looked for. Refused where nothing closes around it.
    """
    rows, columns = shades.shape
    if not (0 <= click[0] <= columns - 1 and 0 <= click[1] <= rows - 1):
        raise Refused(OUTSIDE)
    seed = _brightest(shades, click)
    cut = _settled(shades, _first(shades, seed, smoothing), seed, smoothing)
    again = brightest_of(cut)
    if again != seed:
        cut = _settled(shades, cut, again, smoothing)
    for _ in range(WIDENINGS):
        wider = _widened(shades, cut, smoothing)
        if wider is None:
            break
        cut = wider
    if level is not None:
        return _by_level(shades, cut, min(max(level, LEAST_LEVEL), MOST_LEVEL), smoothing)
    return _by_edge(cut, rival_areas(shades, cut, smoothing, contrast=_contrast(cut)))


def _brightest(shades: Shades, click: Point) -> Point:
    """The brightest place within the reach of pointing."""
    reach = max(LEAST_POINTING_PX, POINTING_SHARE * max(shades.shape))
    x, y = click
    view = view_around(
        shades, left=x - reach - 3, top=y - reach - 3, right=x + reach + 3, bottom=y + reach + 3, most_samples=10_000
    )
    soft = smoothed(view.values, 1.0)
    down, across = np.indices(soft.shape)
    near = np.hypot(down + view.top - y, across + view.left - x) <= reach
    row, column = np.unravel_index(int(np.argmax(np.where(near, soft, -1.0))), soft.shape)
    return float(view.left + column), float(view.top + row)


def _first(shades: Shades, seed: Point, smoothing: float) -> Cut:
    """The steepest piece over windows of all sizes, before any background is known."""
    half, best = FIRST_HALF_PX, None
    while half < 2 * max(shades.shape):
        found = _searched(shades, seed, half, smoothing)
        if found is not None and (best is None or _steep(found) > _steep(best)):
            best = found
        half *= 2
    if best is None:
        raise Refused(NOTHING)
    return best


def _searched(shades: Shades, seed: Point, half: float, smoothing: float) -> Cut | None:
    """The steepest piece in a window, on what is left of it without its own trend, or as it is."""
    view = _around(shades, seed, half, SEARCH_SAMPLES)
    soft = smoothed(view.values, smoothing)
    found = [_steepest_in(soft - surface, view, seed, smoothing) for surface in (trend(soft), np.zeros_like(soft))]
    best = max((one for one in found if one), key=lambda piece: piece.all_around, default=None)
    if best is None or best.inside.sum() * view.factor**2 > LARGEST_SHARE * shades.size:
        return None
    ground = Background(values=np.zeros_like(soft), uncertainty=0.0)
    return Cut(view=view, excess=view.values, soft=soft, background=ground, piece=best)


def _steepest_in(soft: Values, view: View, seed: Point, smoothing: float) -> Piece | None:
    least = SIGNIFICANT * slope_of_noise(view.values, smoothing)
    floor = float(np.percentile(soft, 1))
    return steepest(pieces(soft, steepness(soft), view.to_sample(seed), floor=floor, least_slope=least))


def _steep(cut: Cut) -> float:
    """Steepness of the edge a pixel of the film."""
    return cut.piece.all_around / cut.view.factor


def _around(shades: Shades, point: Point, half: float, samples: int) -> View:
    x, y = point
    return view_around(shades, left=x - half, top=y - half, right=x + half, bottom=y + half, most_samples=samples)


def _settled(shades: Shades, cut: Cut, seed: Point, smoothing: float) -> Cut:
    """Take background away and find the piece anew, a few times."""
    for _ in range(ROUNDS):
        ground = on_background(shades, cut, smoothing)
        if ground.soft[ground.view.to_sample(seed)] <= LEAST_CONTRAST * noise_of(ground.soft):
            raise Refused(NOTHING)
        found = _alike(pieces_at(ground, seed), cut.pixels / ground.view.factor**2)
        cut = Cut(view=ground.view, excess=ground.excess, soft=ground.soft, background=ground.background, piece=found)
    return cut


def _widened(shades: Shades, cut: Cut, smoothing: float) -> Cut | None:
    """The piece that comes forth when background is taken away further around: a bone edge may have cut this one off.

    None where what comes forth is the same, or has no edge as steep.
    """
    ground = on_background(shades, cut, smoothing, extra=WIDER * radius_of(cut))
    found = steepest(pieces_at(ground, brightest_of(cut)))
    if found is None:
        return None
    larger = found.inside.sum() * ground.view.factor**2 > LARGER * cut.pixels
    if not larger or found.all_around / ground.view.factor < AS_STEEP * _steep(cut):
        return None
    if found.evenness < AS_EVEN * cut.piece.evenness:
        return None
    wider = Cut(view=ground.view, excess=ground.excess, soft=ground.soft, background=ground.background, piece=found)
    return _settled(shades, wider, brightest_of(wider), smoothing)


def _alike(found: list[Piece], samples: float) -> Piece:
    """The steepest of those that are about as large as the piece was before; of all, where none is."""
    alike = [piece for piece in found if samples / LIKE_BEFORE < piece.inside.sum() < samples * LIKE_BEFORE]
    best = steepest(alike or found)
    if best is None:
        raise Refused(NOTHING)
    return best


def _by_edge(cut: Cut, rivals: tuple[float, float] | None) -> Outline:
    """The outline moved to where blur and roundness put the edge."""
    margin = max(EDGE_MARGIN, 0.1 * np.sqrt(cut.piece.inside.sum()))
    edge = edge_of(cut.excess, cut.piece.inside, margin=margin)
    corners = moved_outward(_contour(cut), edge.shift)
    return _outline(cut, corners, edge, rivals=rivals)


def _by_level(shades: Shades, cut: Cut, level: float, smoothing: float) -> Outline:
    """The outline at a share of the contrast; the background goes along with it."""
    contrast = _contrast(cut)
    for _ in range(2):
        seed = cut.view.to_sample(brightest_of(cut))
        inside = piece_at(cut.soft, seed, level * contrast)
        if inside is None or inside.sum() < LEAST_SAMPLES or leaks(inside):
            raise Refused(NO_PIECE)
        piece = piece_of(inside, level * contrast, steepness(cut.soft))
        cut = Cut(view=cut.view, excess=cut.excess, soft=cut.soft, background=cut.background, piece=piece)
    edge = Edge(shift=0.0, uncertainty=_level_uncertainty(cut, contrast), blur=0.0)
    return _outline(cut, _contour(cut), edge, by_level=True)


LEVEL_STEP = 0.1  # of the contrast: a person's choice of a level is certain to that (judgement)


def _level_uncertainty(cut: Cut, contrast: float) -> float:
    """How far the outline moves by a step of the level, as a standard uncertainty (even spread), in samples."""
    return float(LEVEL_STEP * contrast / max(cut.piece.steepness, 1e-6) / np.sqrt(3))


def _contrast(cut: Cut) -> float:
    return float(np.percentile(cut.soft[cut.piece.inside], TOP_PERCENTILE))


def _contour(cut: Cut) -> Corners:
    """The outer contour of the piece at its level, in samples."""
    held = np.where(cut.piece.inside | ~_others(cut), cut.soft, -1e9)
    lines = find_contours(np.asarray(held, dtype=np.float64), cut.piece.level)
    if not lines:
        raise Refused(NOTHING)
    line = max((line for line in lines if len(line) > 3), key=lambda line: area(line[:-1]), default=None)
    if line is None:
        raise Refused(NOTHING)
    corners = np.asarray(line[:-1, ::-1])
    return resampled(corners, min(CORNERS, max(24, len(corners))))


def _others(cut: Cut) -> Mask:
    """Samples above the level that belong to other pieces."""
    return np.asarray((cut.soft > cut.piece.level) & ~cut.piece.inside, dtype=bool)


def _outline(
    cut: Cut,
    corners: Corners,
    edge: Edge,
    *,
    by_level: bool = False,
    rivals: tuple[float, float] | None = None,
) -> Outline:
    view, contrast = cut.view, _contrast(cut)
    x, y = view.to_film(corners[:, 0], corners[:, 1])
    on_film = np.column_stack([x, y])
    return Outline(
        corners=on_film,
        seed=brightest_of(cut),
        level=_level_of(cut, area(corners), contrast) if not by_level else cut.piece.level / contrast,
        by_level=by_level,
        mean_excess=float(cut.excess[cut.piece.inside].mean()),
        contrast=contrast,
        noise=noise_of(cut.view.values),
        slope=cut.piece.steepness / view.factor,
        background_uncertainty=cut.background.uncertainty,
        edge_uncertainty=edge.uncertainty * view.factor,
        blur=edge.blur * view.factor,
        rivals=rivals,
    )


def _level_of(cut: Cut, samples: float, contrast: float) -> float:
    """The share of the contrast at which the piece has that area, to a hundredth."""
    seed = cut.view.to_sample(brightest_of(cut))
    shares = np.arange(LEAST_LEVEL, MOST_LEVEL, 0.05)
    found = [piece_at(cut.soft, seed, float(share * contrast)) for share in shares]
    closed = [
        (share, float(one.sum()))
        for share, one in zip(shares, found, strict=True)
        if one is not None and not leaks(one)
    ]
    if not closed:
        return round(cut.piece.level / contrast, 2)
    levels, sizes = np.array(closed).T
    return round(float(np.interp(-samples, -sizes, levels)), 2)
