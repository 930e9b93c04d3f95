"""Numbers beside a view: which deposits get one, in which margin, and how far apart, so that none overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LABEL_PITCH_MM = 3.7  # line height of a number
MOST_LABELS = 40  # more leader lines than this only tangle


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A deposit in a view: its number and place in mm from the view's top left corner."""

    number: int
    x_mm: float
    y_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A number in the left or right margin, at ``y_mm`` from the view's top."""

    target: Target
    on_left: bool
    y_mm: float


def lay_out(targets: Sequence[Target], *, width_mm: float, height_mm: float) -> list[Label]:
    """Labels for the first of ``targets`` (given by falling importance) that fit, each in the nearer margin if free."""
    room = max(1, int(height_mm / LABEL_PITCH_MM))
    sides: dict[bool, list[Target]] = {True: [], False: []}
    for target in targets[: min(MOST_LABELS, 2 * room)]:
        on_left = target.x_mm < width_mm / 2
        if len(sides[on_left]) >= room:
            on_left = not on_left
        if len(sides[on_left]) < room:
            sides[on_left].append(target)
    labels = []
    for on_left, side in sides.items():
        side.sort(key=lambda target: (target.y_mm, target.number))
        places = spread([target.y_mm for target in side], pitch=LABEL_PITCH_MM, length=height_mm)
        labels += [Label(target=target, on_left=on_left, y_mm=y_mm) for target, y_mm in zip(side, places, strict=True)]
    return labels


def spread(wanted: Sequence[float], *, pitch: float, length: float) -> list[float]:
    """Rising places at least ``pitch`` apart within 0..``length``, near the rising ``wanted`` ones.

    Clusters of labels that would overlap are merged and centred on the mean of what they want (pooling of adjacent
    violators), then pushed inside the ends.
    """
    clusters: list[tuple[float, int]] = []  # (mean of wanted first place, labels)
    for place in wanted:
        centre, count = place, 1
        while clusters and clusters[-1][0] + (clusters[-1][1] + count) / 2 * pitch > centre:
            before, held = clusters.pop()
            centre = (before * held + centre * count) / (held + count)
            count += held
        clusters.append((centre, count))
    places = [centre + (index - (count - 1) / 2) * pitch for centre, count in clusters for index in range(count)]
    low = pitch / 2
    for index, place in enumerate(places):
        places[index] = low = max(place, low)
        low += pitch
    high = length - pitch / 2
    for index in range(len(places) - 1, -1, -1):
        places[index] = high = min(places[index], high)
        high -= pitch
    return places
