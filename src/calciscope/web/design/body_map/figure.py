"""Whole figures: one visit, two visits side by side, the key to the shapes, and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from calciscope.terms import body_map
from calciscope.web.design.body_map.layout import unplaced
from calciscope.web.design.body_map.marker import LARGEST_MM, LOOKS, Marker, look, radius
from calciscope.web.design.body_map.render import render, shape
from calciscope.web.design.body_map.words import counted, marker_words, place_words, size_words
from calciscope.web.design.days import written

KEY_SIZES_MM = (5, 20, 50)
PAIR_ZOOM = 1.7  # two figures side by side on one page are shown at about 0.6 of their own size (seen on the screen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The deposits as they were on a day."""

    day: date
    markers: Sequence[Marker]


def whole_body(moment: Moment, *, body: str, views: Sequence[str] = (), zoom: float = 1.0) -> str:
    """Front and back, and every hand or foot on which a point was recorded (or the view ids given), under the visit's date."""
    shown = views or views_for(moment.markers, body=body)
    title = written(moment.day.isoformat())
    pictures = "".join(
        render(view_id, markers=moment.markers, title=f"{body_map.view(view_id).words}, {title}", zoom=zoom)
        for view_id in shown
    )
    return (
        f'<figure class="body-map-figure"><figcaption><strong>{escape(title)}</strong>: {escape(counted(moment.markers))}</figcaption>'
        f'<div class="body-map-views">{pictures}</div>{_elsewhere(moment.markers, shown)}</figure>'
    )


def then_and_now(then: Moment, now: Moment, *, body: str, views: Sequence[str] = ()) -> str:
    """Two visits side by side in the same views, the key, and the table of what changed."""
    shown = tuple(views) or views_for([*then.markers, *now.markers], body=body)
    pair = "".join(whole_body(moment, body=body, views=shown, zoom=PAIR_ZOOM) for moment in (then, now))
    return f'<div class="body-map-pair">{pair}</div>{legend([*then.markers, *now.markers])}{changes(then, now)}'


def views_for(markers: Sequence[Marker], *, body: str) -> tuple[str, ...]:
    """Front and back, and the views of hands and feet that hold a recorded point."""
    used = {marker.view for marker in markers}
    return tuple(name for name in body_map.view_ids(body) if body_map.view(name).overview == name or name in used)


def changes(then: Moment, now: Moment) -> str:
    """One row a deposit: where, as it was, as it is."""
    before, after = ({marker.label: marker for marker in moment.markers} for moment in (then, now))
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(_where(after.get(label) or before[label]))}</td>'
        f"<td>{escape(_said(before.get(label)))}</td><td>{escape(_said(after.get(label)))}</td></tr>"
        for label in sorted({*before, *after})
    )
    days = "".join(f'<th scope="col">{written(moment.day.isoformat())}</th>' for moment in (then, now))
    return (
        '<table class="body-map-changes"><caption>Deposits at the two visits</caption>'
        f'<thead><tr><th scope="col">Deposit</th><th scope="col">Place</th>{days}</tr></thead><tbody>{rows}</tbody></table>'
    )


def legend(markers: Sequence[Marker]) -> str:
    """The key: the shapes that these markers use, and the sizes."""
    used = {look(marker).words: look(marker) for marker in markers}
    order = [how.words for how in LOOKS.values()]
    named = sorted(used.values(), key=lambda how: order.index(how.words) if how.words in order else len(order))
    shapes = "".join(f"<li>{_key(shape(how, 8.0), 26)} {escape(how.words)}</li>" for how in named)
    sizes = "".join(
        f"<li>{_key(shape(LOOKS['present'], radius(size)), round(2 * radius(size)) + 6)} {size} mm</li>"
        for size in KEY_SIZES_MM
    )
    return (
        f'<div class="body-map-key"><p>Shape is state</p><ul>{shapes}</ul>'
        f"<p>Area is the longest axis (to {LARGEST_MM:g} mm)</p><ul>{sizes}</ul></div>"
    )


def _key(drawing: str, side: int) -> str:
    half = side / 2
    return (
        f'<svg class="body-map__key" aria-hidden="true" viewBox="{-half:g} {-half:g} {side} {side}" width="{side}" height="{side}">'
        f"{drawing}</svg>"
    )


def _where(marker: Marker) -> str:
    return place_words(marker.region, marker.side)


def _said(marker: Marker | None) -> str:
    return f"{look(marker).words}, {size_words(marker.longest_mm)}" if marker else "not recorded"


def _elsewhere(markers: Sequence[Marker], shown: Sequence[str]) -> str:
    """What no view shown here can place is said in words, never left out."""
    missing = [marker for marker in markers if all(marker in unplaced(body_map.view(name), [marker]) for name in shown)]
    if not missing:
        return ""
    said = "".join(f"<li>{escape(marker_words(marker))}</li>" for marker in missing)
    return f'<div class="body-map-elsewhere"><p>Not on these pictures</p><ul>{said}</ul></div>'
