"""Pieces of SVG as safe text. No style attributes, since the policy of the pages forbids them: classes only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Point = tuple[float, float]


def drawing(width: float, height: float, title: str, parts: Iterable[SafeString]) -> SafeString:
    """A whole drawing; its title says where the same values stand as a table."""
    inside = mark_safe("".join(parts))  # every part is made by the functions below
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        width,
        height,
        title,
        inside,
    )


def line(start: Point, end: Point, kind: str) -> SafeString:
    """A straight line."""
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', kind, *start, *end)


def curve(points: Sequence[Point], kind: str) -> SafeString:
    """Straight lines through points."""
    return format_html('<polyline class="{}" points="{}"/>', kind, " ".join(f"{x},{y}" for x, y in points))


def dot(at: Point, kind: str, *, radius: float = 4.5, says: str = "") -> SafeString:
    """A point, with what it says when pointed at."""
    title = format_html("<title>{}</title>", says) if says else ""
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}">{}</circle>', kind, *at, radius, title)


def mark(at: Point, kind: str, *, says: str = "", half: float = 5.0) -> SafeString:
    """A diamond, for what happened on a day."""
    x, y = at
    corners = f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"
    return format_html('<polygon class="{}" points="{}"><title>{}</title></polygon>', kind, corners, says)


def box(at: Point, size: Point, kind: str, *, says: str = "") -> SafeString:
    """A bar."""
    title = format_html("<title>{}</title>", says) if says else ""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2">{}</rect>', kind, *at, *size, title
    )


def text(
    at: Point, words: str, *, kind: str = "", size: float = 13, anchor: str = "start", says: str = ""
) -> SafeString:
    """Words; ``at`` is their base line."""
    x, y = at
    title = format_html("<title>{}</title>", says) if says else ""
    held = '<text class="{}" x="{}" y="{}" font-size="{}" text-anchor="{}">{}{}</text>'
    return format_html(held, kind, x, y, size, anchor, words, title)
