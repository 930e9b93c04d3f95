"""How the events of a comparison are drawn on a screen: the same forms as in its report, with a class for the colour."""

from __future__ import annotations

from math import cos, pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from calciscope.share.event_marks import EVENT_MARKS
from calciscope.terms.tracking import Event

OPEN = ("plus", "cross", "bar")
CORNERS = {"triangle": (3, -90), "triangle-down": (3, 90), "hexagon": (6, -90), "diamond": (4, -90)}
"""Form -> corners, and the direction of the first in degrees."""


def glyph(event: str, at: tuple[float, float], radius: float, *, says: str = "") -> SafeString:
    """The event's mark around a point, in the units of its drawing."""
    mark = EVENT_MARKS[Event(event)]
    title = format_html("<title>{}</title>", says) if says else ""
    kind = f"mark mark-{event.replace('_', '-')}"
    return format_html('<path class="{}" d="{}">{}</path>', kind, _outline(mark.form, at, radius), title)


def in_text(event: str) -> SafeString:
    """The mark as small as a letter; the word stands beside it."""
    return format_html(
        '<svg class="mark-in-text" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        glyph(event, (10, 10), 7),
    )


def spoken(event: str) -> SafeString:
    """Mark and word."""
    return mark_safe(f"{in_text(event)} {EVENT_MARKS[Event(event)].name}")


def _outline(form: str, at: tuple[float, float], r: float) -> str:
    x, y = at
    if form == "plus":
        return f"M{x - r:.1f} {y:.1f}H{x + r:.1f}M{x:.1f} {y - r:.1f}V{y + r:.1f}"
    if form == "bar":
        return f"M{x - r:.1f} {y:.1f}H{x + r:.1f}"
    if form == "cross":
        d = 0.75 * r
        return f"M{x - d:.1f} {y - d:.1f}L{x + d:.1f} {y + d:.1f}M{x - d:.1f} {y + d:.1f}L{x + d:.1f} {y - d:.1f}"
    if form == "circle":
        return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"
    corners, first = CORNERS[form]
    turns = [(first + 360.0 * k / corners) * pi / 180 for k in range(corners)]
    return "M" + "L".join(f"{x + r * cos(turn):.1f} {y + r * sin(turn):.1f}" for turn in turns) + "Z"
