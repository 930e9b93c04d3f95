"""The map of a form: a view of plain form fields (region, side, map, x, y), which stay the truth with or without a script.

Without a script every part of the body is a link (the page comes back with region and side chosen), or the picture itself is a submit
button whose click is turned into a point here. With `body_map.js` a click or the arrow keys fill the fields in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from calciscope.terms import body_map
from calciscope.terms.body_map import BESIDE, Place
from calciscope.terms.errors import Refused
from calciscope.web.design.body_map.render import Link, render, size_px
from calciscope.web.design.body_map.words import place_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The ids of the form's own fields. Region and side are selects with the codes as values, the others inputs."""

    region: str = "id_region"
    side: str = "id_side"
    map: str = "id_map"
    x: str = "id_map_x"
    y: str = "id_map_y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A point on a view, and the part of the body there."""

    view: str
    x: float
    y: float
    place: Place


def picker(view_id: str, *, link: Link, fields: Fields | None = None, picked: Picked | None = None) -> str:
    """One view to pick from. Several on a page share the fields; the point is drawn on the view it was picked on."""
    ids = fields or Fields()
    here = picked if picked and picked.view == view_id else None
    data = " ".join(f'data-{name}-field="{escape(getattr(ids, name))}"' for name in ("region", "side", "map", "x", "y"))
    words = body_map.view(view_id).words
    picture = render(
        view_id, title=f"{words}: choose a part of the body", link=link, chosen=(here.x, here.y) if here else None
    )
    said = f"Chosen: {place_words(*here.place)}." if here else ""
    return (
        f'<div class="body-map-picker" data-body-map="{view_id}" {data}>{picture}'
        f'<p class="body-map-said" role="status">{escape(said)}</p></div>'
    )


def picture_button(view_id: str, *, name: str, source: str) -> str:
    """The view as a submit button: the browser sends `name.x` and `name.y`, pixels that `clicked` understands.

    `source` is the address that serves what `render` gives for this view, as image/svg+xml.
    """
    across, down = size_px(view_id)
    alt = f"{body_map.view(view_id).words}: choose a point"
    return f'<input type="image" name="{escape(name)}" src="{escape(source)}" width="{across}" height="{down}" alt="{escape(alt)}">'


def at_anchor(view_id: str, place: Place) -> Picked:
    """What choosing a part from a list means: its own good point. Refused: the view does not show it."""
    x, y = body_map.anchor(place.region, place.side, view_id)
    return Picked(view=view_id, x=x, y=y, place=place)


def clicked(view_id: str, across_px: int, down_px: int) -> Picked:
    """What a click on the picture button means. Refused: beside the body."""
    width, height = size_px(view_id)
    x, y = across_px / width, down_px / height
    found = body_map.place(view_id, x, y, beside=BESIDE)
    if found is None:
        raise Refused("That point lies beside the body: choose a point on it, or a part of the body from the list.")
    return Picked(view=view_id, x=x, y=y, place=found)
