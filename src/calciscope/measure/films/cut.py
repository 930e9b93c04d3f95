"""A piece of a film with its view and what lies above its background; and the same on a background further around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt

from calciscope.measure.films.background import Background, background_under
from calciscope.measure.films.closed import Piece, pieces
from calciscope.measure.films.view import Mask, Values, View, noise_of, smoothed, steepness, view_around
from calciscope.terms.film import Point, Shades

FINE_SAMPLES = 320  # a side of the window in which a piece is measured
EDGE_MARGIN = 4.0  # samples around a deposit that its blur may reach, before its blur is known
LEAST_SHARE = 0.02  # of what the brightest place stands out by: no piece is cut lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A view, what lies above its background, and the piece in it."""

    view: View
    excess: Values
    soft: Values
    background: Background
    piece: Piece

    @property
    def pixels(self) -> float:
        """Pixels of the film that the piece covers."""
        return float(self.piece.inside.sum()) * self.view.factor**2


def on_background(shades: Shades, cut: Cut, smoothing: float, *, extra: float = 0.0) -> Cut:
    """A finer view around the piece with its background, ``extra`` samples further around; the piece is carried over."""
    rows, columns = np.nonzero(cut.piece.inside)
    x, y = cut.view.to_film(columns.astype(float), rows.astype(float))
    room = max(4 * EDGE_MARGIN * cut.view.factor, 0.75 * max(np.ptp(x), np.ptp(y)) + 12) + extra * cut.view.factor
    view = view_around(
        shades,
        left=float(x.min()) - room,
        top=float(y.min()) - room,
        right=float(x.max()) + room,
        bottom=float(y.max()) + room,
        most_samples=FINE_SAMPLES,
    )
    inside = _carried(cut, view)
    reach = max(EDGE_MARGIN, 0.1 * np.sqrt(inside.sum())) + extra * cut.view.factor / view.factor
    background = background_under(view.values, inside, reach)
    excess = np.asarray(view.values - background.values, dtype=np.float32)
    soft = smoothed(excess, smoothing)
    return Cut(view=view, excess=excess, soft=soft, background=background, piece=cut.piece)


def _carried(cut: Cut, view: View) -> Mask:
    """The piece on the samples of another view."""
    rows, columns = np.indices(view.values.shape)
    x, y = view.to_film(columns.astype(float), rows.astype(float))
    half = (cut.view.factor - 1) / 2
    old_columns = np.rint((x - cut.view.left - half) / cut.view.factor).astype(int)
    old_rows = np.rint((y - cut.view.top - half) / cut.view.factor).astype(int)
    held = (
        (old_rows >= 0)
        & (old_rows < cut.piece.inside.shape[0])
        & (old_columns >= 0)
        & (old_columns < cut.piece.inside.shape[1])
    )
    inside = np.zeros(view.values.shape, dtype=bool)
    inside[held] = cut.piece.inside[old_rows[held], old_columns[held]]
    return inside


def brightest_of(cut: Cut) -> Point:
    """The brightest place of the piece, on the film."""
    row, column = np.unravel_index(int(np.argmax(np.where(cut.piece.inside, cut.soft, -np.inf))), cut.soft.shape)
    x, y = cut.view.to_film(np.array(float(column)), np.array(float(row)))
    return float(x), float(y)


def radius_of(cut: Cut) -> float:
    """Of the largest circle within the piece, in samples."""
    return float(np.asarray(distance_transform_edt(cut.piece.inside)).max())


def pieces_at(ground: Cut, place: Point) -> list[Piece]:
    """All closed pieces around a place of the film, from its brightness down to noise."""
    seed = ground.view.to_sample(place)
    least = max(noise_of(ground.soft), LEAST_SHARE * float(ground.soft[seed]))
    return pieces(ground.soft, steepness(ground.soft), seed, floor=least)
