"""Where markers and their labels stand: points that were recorded stay where they are, the others make room for each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calciscope.terms import body_map
from calciscope.terms.body_map import View
from calciscope.terms.deposits import Side
from calciscope.web.design.body_map.marker import Marker, radius

LABEL_HEIGHT = 12.0  # units, of type at 12
LETTER_WIDTH = 7.4  # units, a bold digit of a plain sans serif at 12 (seen on the screen)
CORNERS = 1.2  # how far a triangle's or square's corners stand out from the disc of the same area, about
STEPS = 48  # places tried round an anchor, on a spiral (judgement)
REACHES = (3.0, 12.0, 24.0, 40.0)  # gap between marker and label; beyond the first a line leads to it
DIRECTIONS = ((1, 0), (-1, 0), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8), (0, -1), (0, 1))

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A marker in drawing units: its middle, radius, whether its point was recorded, and the middle of its label."""

    marker: Marker
    x: float
    y: float
    r: float
    pointed: bool
    label_x: float
    label_y: float
    led: bool  # a line leads from the marker to its label


def place_markers(drawn: View, markers: Sequence[Marker], *, zoom: float = 1.0) -> list[Placed]:
    """The markers that this view shows, by label, `zoom` times as large as the drawing's units would have them.

    A point that was recorded on another view is shown by its region, on the whole figure.
    """
    points: list[tuple[Marker, float, float, float, bool]] = []
    for marker in sorted(markers, key=lambda marker: (not _pointed(drawn, marker), marker.label)):
        r = radius(marker.longest_mm) * zoom
        if _pointed(drawn, marker):
            x, y = drawn.inside(marker.x or 0.0, marker.y or 0.0)
            points.append((marker, x, y, r, True))
        elif at := _by_region(drawn, marker):
            x, y = _beside_others(drawn, marker, at, r, [(p[1], p[2], p[3]) for p in points])
            points.append((marker, x, y, r, False))
    return _labelled(drawn, sorted(points, key=lambda point: point[0].label), zoom)


def unplaced(drawn: View, markers: Sequence[Marker]) -> list[Marker]:
    """Markers that the view cannot show."""
    return [marker for marker in markers if not _pointed(drawn, marker) and _by_region(drawn, marker) is None]


def _pointed(drawn: View, marker: Marker) -> bool:
    return marker.view == drawn.id and marker.x is not None and marker.y is not None


def _by_region(drawn: View, marker: Marker) -> tuple[float, float] | None:
    """The region's own point, where this is the view to show it on: the figure of the recorded skin, else the first with the region."""
    side = Side.MIDLINE if marker.side is Side.UNKNOWN else marker.side
    figures = [
        name for name in body_map.views_of(marker.region, side, drawn.body) if body_map.view(name).overview == name
    ]
    same_skin = _figure(marker.view, drawn.body)
    wanted = same_skin if same_skin in figures else next(iter(figures), None)
    return drawn.inside(*body_map.anchor(marker.region, side, drawn.id)) if drawn.id == wanted else None


def _figure(view_id: str | None, body: str) -> str | None:
    """The whole figure, in these proportions, that shows the skin of a recorded view (of any version or proportions)."""
    name = (view_id or "").rpartition(".")[2]
    known = f"{body_map.VERSION}.{body}.{name}"
    return body_map.view(known).overview if known in body_map.view_ids(body) else None


def _beside_others(
    drawn: View, marker: Marker, at: tuple[float, float], r: float, taken: Sequence[tuple[float, float, float]]
) -> tuple[float, float]:
    """The place nearest to the anchor, within the region, that covers no other marker; else the one that covers least."""
    best, most = at, -math.inf
    for k in range(STEPS):
        reach, angle = 2.6 * math.sqrt(k), k * 2.399963  # the golden angle fills a disc evenly
        x, y = at[0] + reach * math.cos(angle), at[1] + reach * math.sin(angle)
        if not _within(drawn, marker, x, y):
            continue
        room = min((math.dist((x, y), other[:2]) - CORNERS * (r + other[2]) for other in taken), default=0.0)
        if room >= 0:
            return x, y
        if room > most:
            best, most = (x, y), room
    return best


def _within(drawn: View, marker: Marker, x: float, y: float) -> bool:
    across, down = drawn.normalised((x, y))
    here = body_map.place(drawn.id, across, down) if 0 <= across <= 1 and 0 <= down <= 1 else None
    return here is not None and here.region is marker.region


def _labelled(drawn: View, points: Sequence[tuple[Marker, float, float, float, bool]], zoom: float) -> list[Placed]:
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for _, x, y, r, _ in points]
    placed = []
    for marker, x, y, r, pointed in points:
        size = (LETTER_WIDTH * len(marker.label) * zoom, LABEL_HEIGHT * zoom)
        boxes = [
            (left, top, left + size[0], top + size[1])
            for reach in REACHES
            for left, top in _beside(x, y, r + reach * zoom, size)
        ]
        k = min(range(len(boxes)), key=lambda k: (_cost(drawn, boxes[k], taken), k))
        taken.append(boxes[k])
        label_x, label_y = boxes[k][0] + size[0] / 2, boxes[k][1] + size[1] / 2
        led = k >= len(DIRECTIONS)
        placed.append(Placed(marker=marker, x=x, y=y, r=r, pointed=pointed, label_x=label_x, label_y=label_y, led=led))
    return placed


def _beside(x: float, y: float, gap: float, size: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Left upper corners of a label at a distance round a marker, best first."""
    for across, down in DIRECTIONS:
        yield x + across * (gap + size[0] / 2) - size[0] / 2, y + down * (gap + size[1] / 2) - size[1] / 2


def _cost(drawn: View, box: Box, taken: Sequence[Box]) -> float:
    """Area that a label would hide, or lose beyond the picture's edge."""
    left, top, width, height = drawn.box
    outside = sum(max(0.0, v) for v in (left - box[0], top - box[1], box[2] - left - width, box[3] - top - height))
    return outside * 1000 + sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in taken
    )
