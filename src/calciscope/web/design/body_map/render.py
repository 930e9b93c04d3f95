"""One view of the body map as SVG: text in, text out, the same bytes for the same input.

Strict content security: no style attribute, no style element, no script. Presentation attributes give the plain look (in print and as a
picture file, too); the classes let `body_map.css` adapt it to dark mode, high contrast, focus and hover.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from html import escape

from calciscope.terms import body_map
from calciscope.terms.body_map import Area, Place, View
from calciscope.terms.body_map.curves import Bezier, Point
from calciscope.terms.deposits import Region, Side
from calciscope.web.design.body_map.layout import Placed, place_markers
from calciscope.web.design.body_map.marker import Look, Marker, look, outline, sign
from calciscope.web.design.body_map.words import marker_words, place_words, region_words

Link = Callable[[Place], str]
"""Address to go to when a part of the body is chosen."""

TARGET = 24.0  # CSS pixels, WCAG 2.2, 2.5.8
HEIGHT = 856  # CSS pixels of a whole figure; hands and feet are drawn at their own units


def render(
    view_id: str,
    *,
    markers: Sequence[Marker] = (),
    title: str = "",
    link: Link | None = None,
    chosen: tuple[float, float] | None = None,
    zoom: float = 1.0,
) -> str:
    """The view with its markers. With `link`, every part of the body is a link, in reading order; without, parts only carry tooltips.

    `zoom` enlarges markers and letters against the drawing, for a picture that is shown smaller than its own size.
    `chosen` is the point (normalised) that a form holds; it is drawn as a cross in a ring, which the script may move.
    Refused: a view that does not exist.
    """
    drawn = body_map.view(view_id)
    zoom *= drawn.box[3] / size_px(view_id)[1]  # markers are as large on a child's figure as on an adult's
    placed = place_markers(drawn, markers, zoom=zoom)
    interactive = link is not None or any(item.marker.href for item in placed)
    name = title or drawn.words
    parts = [
        _opening(
            drawn, name if interactive else _summary(name, placed), "group" if interactive else "img", link is not None
        ),
        _halos(drawn, link) if link else "",
        f'<g class="body-map__regions" fill="#f4f2ee" stroke="none">{_regions(drawn, placed, link)}</g>',
        _lines(view_id),
        _letters(drawn, zoom),
        "".join(_marker(item, zoom) for item in sorted(placed, key=lambda item: (-item.r, item.marker.label))),
        "".join(_label(item, zoom) for item in placed),
        _chosen(drawn, chosen) if link else "",
        "</svg>",
    ]
    return "".join(parts)


def size_px(view_id: str) -> tuple[int, int]:
    """Width and height in CSS pixels that a view is given where no style says otherwise."""
    drawn = body_map.view(view_id)
    scale = HEIGHT / drawn.box[3] if drawn.overview == drawn.id else 1.0
    return round(drawn.box[2] * scale), round(drawn.box[3] * scale)


def path(start: Point, pieces: Sequence[Bezier], *, closed: bool = False) -> str:
    """Path data to a tenth of a unit, in steps from point to point (a third shorter). Ends are rounded first, so that steps never drift."""
    here = _tenths(start)
    text = f"M{_row(here)}"
    for piece in pieces:
        points = [_tenths(point) for point in piece]
        text += "c" + " ".join(_row((x - here[0], y - here[1])) for x, y in points)
        here = points[-1]
    return text + "Z" if closed else text


def _tenths(point: Point) -> tuple[int, int]:
    return round(point[0] * 10), round(point[1] * 10)


def _row(tenths: tuple[int, int]) -> str:
    """Two numbers as short as SVG allows: 0.5 as .5, no space before a minus."""
    x, y = (f"{value / 10:g}".replace("0.", ".") if abs(value) < 10 else f"{value / 10:g}" for value in tenths)
    return f"{x}{y}" if y.startswith("-") else f"{x} {y}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _opening(drawn: View, name: str, role: str, picking: bool) -> str:
    left, top, width, height = drawn.box
    across, down = size_px(drawn.id)
    kind = "figure" if drawn.overview == drawn.id else "limb"
    body = f"body-map body-map--{kind} body-map--{drawn.body}{' body-map--picking' if picking else ''}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{body}" role="{role}" aria-label="{escape(name)}" '
        f'viewBox="{_number(left)} {_number(top)} {_number(width)} {_number(height)}" '
        f'width="{across}" height="{down}" data-view="{drawn.id}" '
        'font-family="system-ui, sans-serif" stroke-linecap="round" stroke-linejoin="round">'
    )


def _summary(name: str, placed: Sequence[Placed]) -> str:
    said = "; ".join(marker_words(item.marker, pointed=item.pointed) for item in placed)
    return f"{name}. {said or 'No deposits'}."


def _regions(drawn: View, placed: Sequence[Placed], link: Link | None) -> str:
    groups: dict[Place, list[Area]] = {}
    for area in drawn.areas:
        groups.setdefault(Place(area.region, area.side), []).append(area)
    return "".join(_region(drawn, place, areas, placed, link) for place, areas in groups.items())


def _region(drawn: View, place: Place, areas: Sequence[Area], placed: Sequence[Placed], link: Link | None) -> str:
    here = [item.marker for item in placed if (item.marker.region, item.marker.side) == place]
    words = escape(region_words(place.region, place.side, here))
    shapes = "".join(_shape(drawn.id, k) for k, area in enumerate(drawn.areas) if area in areas)
    classes = f"body-map__region{' body-map__region--marked' if here else ''}"
    if link is None:
        return f'<g class="{classes}"><title>{words}</title>{shapes}</g>'
    x, y = drawn.normalised(areas[0].anchor)
    return (
        f'<a class="{classes}" href="{escape(link(place))}" aria-label="{words}" data-region="{place.region}" '
        f'data-side="{place.side}" data-words="{escape(place_words(place.region, place.side))}" '
        f'data-x="{x:.4f}" data-y="{y:.4f}"><title>{words}</title>{shapes}</a>'
    )


@cache
def _shape(view_id: str, k: int) -> str:
    area = body_map.view(view_id).areas[k]
    part = f' data-part="{escape(area.part)}"' if area.part else ""
    return f'<path{part} d="{path(area.face.start, area.face.pieces, closed=True)}"/>'


def _halos(drawn: View, link: Link) -> str:
    """Wider targets under parts too thin for a finger: what misses them by half a target still means them. Pointers only."""
    thin = [k for k, area in enumerate(drawn.areas) if min(_sides(area)) < TARGET]
    links = "".join(
        f'<a href="{escape(link(Place(drawn.areas[k].region, drawn.areas[k].side)))}" tabindex="-1" data-region="{drawn.areas[k].region}" '
        f'data-side="{drawn.areas[k].side}">{_shape(drawn.id, k)}</a>'
        for k in thin
    )
    width = 2 * body_map.BESIDE
    return (
        '<g class="body-map__halos" aria-hidden="true" fill="none" stroke="#fff" stroke-opacity="0" pointer-events="stroke" '
        f'stroke-width="{width:g}">{links}</g>'
    )


def _sides(area: Area) -> tuple[float, float]:
    left, top, right, bottom = area.face.box
    return right - left, bottom - top


@cache
def _lines(view_id: str) -> str:
    """The drawing's own lines, the borders between regions (fainter those of the middle strip), and the outline, in this order."""
    drawn = body_map.view(view_id)
    numbered = list(enumerate(drawn.edges, start=1))
    middle = _middle(drawn)
    layers = (
        ("detail", 'stroke="#9a9289" stroke-width="0.8"', [(line.start, line.pieces) for line in drawn.details]),
        (
            "middle",
            'stroke="#b4c1ca" stroke-width="0.7" stroke-dasharray="1 3"',
            [(e.start, e.pieces) for k, e in numbered if k in middle],
        ),
        (
            "border",
            'stroke="#7d93a3" stroke-width="0.8" stroke-dasharray="2.5 2.5"',
            [(e.start, e.pieces) for k, e in numbered if k not in middle | drawn.outer],
        ),
        (
            "outline",
            'stroke="#37424a" stroke-width="1.5"',
            [(e.start, e.pieces) for k, e in numbered if k in drawn.outer],
        ),
    )
    paths = "".join(
        f'<path class="body-map__{name}" vector-effect="non-scaling-stroke" {style} d="{"".join(path(*line) for line in lines)}"/>'
        for name, style, lines in layers
        if lines
    )
    return f'<g fill="none" pointer-events="none" aria-hidden="true">{paths}</g>'


def _middle(drawn: View) -> frozenset[int]:
    """Edges that only part the middle of a region from its side."""
    beside: dict[int, list[Region]] = {}
    for area in drawn.areas:
        for number in area.face.edges:
            beside.setdefault(abs(number), []).append(area.region)
    return frozenset(number for number, regions in beside.items() if len(regions) == 2 and regions[0] is regions[1])


def _letters(drawn: View, zoom: float) -> str:
    """R and L: the patient's sides on a figure (at its upper corners), the limb's own on a hand or foot (at its lower left)."""
    left, top, width, height = drawn.box
    big, line = 20 * zoom, 15 * zoom  # units, of a letter and of a line of words
    if drawn.left_at_plus is None:
        side = drawn.areas[0].side
        words = [str(side), drawn.words.rpartition(", ")[2]]
        return _letter_group([_letter(left + 6, "start", top + height - 6 - 2 * line, side, words, zoom)])
    sides = (Side.RIGHT, Side.LEFT) if drawn.left_at_plus else (Side.LEFT, Side.RIGHT)
    ends = zip((left + 6, left + width - 6), ("start", "end"), sides, strict=True)
    return _letter_group([_letter(x, align, top + big, side, [f"patient’s {side}"], zoom) for x, align, side in ends])


def _letter_group(texts: Sequence[str]) -> str:
    return f'<g aria-hidden="true" fill="#37424a" pointer-events="none">{"".join(texts)}</g>'


def _letter(x: float, align: str, y: float, side: Side, words: Sequence[str], zoom: float) -> str:
    at, step, small = _number(x), _number(15 * zoom), _number(12 * zoom)
    below = "".join(
        f'<tspan x="{at}" dy="{step}" font-size="{small}" font-weight="400">{escape(word)}</tspan>' for word in words
    )
    return (
        f'<text class="body-map__side" x="{at}" y="{_number(y)}" text-anchor="{align}" font-size="{_number(20 * zoom)}" '
        f'font-weight="700">{side[0].upper()}{below}</text>'
    )


def _marker(item: Placed, zoom: float) -> str:
    """The shape of a state, with a target around it that a finger can hit."""
    how = look(item.marker)
    words = escape(marker_words(item.marker, pointed=item.pointed))
    classes = f"body-map__marker body-map__marker--{how.shape}{' body-map__marker--ended' if how.ended else ''}"
    r = item.r / zoom
    target = f'<circle class="body-map__target" r="{max(TARGET / 2, r):.1f}" fill="#fff" fill-opacity="0"/>'
    content = f"<title>{words}</title>{target}{shape(how, r)}"
    size = f" scale({zoom:.3g})" if zoom != 1 else ""
    where = f'class="{classes}" transform="translate({_number(item.x)} {_number(item.y)}){size}"'
    if item.marker.href:
        return f'<a {where} href="{escape(item.marker.href)}" aria-label="{words}">{content}</a>'
    return f"<g {where}>{content}</g>"


def shape(how: Look, r: float) -> str:
    """The drawing of a state about (0, 0), of the area of a disc of radius r: white rim, shape, sign."""
    drawn, inner = outline(how.shape, r), sign(how.sign, r)
    fill = "#fff" if how.ended else FILLS[how.shape]
    opacity = "0.35" if how.ended else "0.92"
    dash = ' stroke-dasharray="2.6 2"' if how.dashed else ""
    return (
        f'<path class="body-map__rim" d="{drawn}" fill="none" stroke="#fff" stroke-width="4"/>'
        f'<path class="body-map__shape body-map__shape--{how.shape}{" body-map__shape--ended" if how.ended else ""}" d="{drawn}" '
        f'fill="{fill}" fill-opacity="{opacity}" stroke="#1b1b1b" stroke-width="1.6"{dash}/>'
        + (
            f'<path class="body-map__sign" d="{inner}" fill="none" stroke="#1b1b1b" stroke-width="1.5"/>'
            if inner
            else ""
        )
    )


FILLS = {
    "circle": "#fff3bf",
    "up": "#f7a08f",
    "down": "#a9d6b5",
    "hexagon": "#ffc37a",
    "square": "#b9dcf5",
    "drop": "#b9dcf5",
    "diamond": "#d9b3e6",
}
"""Light fills, so that the dark outline stands out by far more than 3 to 1 (a test measures it). They only repeat the shape."""


def _label(item: Placed, zoom: float) -> str:
    x, y = _number(item.label_x), _number(item.label_y + 4.2 * zoom)  # 4.2: half the height of a capital at 12
    way = f"M{_number(item.x)} {_number(item.y)}L{_number(item.label_x)} {_number(item.label_y)}"
    leader = f'<path class="body-map__leader" d="{way}" stroke="#1b1b1b"/>'
    return (
        f'<g aria-hidden="true" pointer-events="none">{leader if item.led else ""}'
        f'<text class="body-map__label" x="{x}" y="{y}" font-size="{_number(12 * zoom)}" font-weight="700" text-anchor="middle" '
        f'fill="#1b1b1b" stroke="#fff" stroke-width="{_number(3 * zoom)}" paint-order="stroke">{escape(item.marker.label)}</text></g>'
    )


def _chosen(drawn: View, chosen: tuple[float, float] | None) -> str:
    """The point that the form holds: a ring with a cross, which starts hidden when there is none."""
    x, y = drawn.inside(*chosen) if chosen else drawn.inside(0.5, 0.5)
    ring = "M-7 0a7 7 0 1 1 14 0a7 7 0 1 1 -14 0ZM-12 0H12M0 -12V12"
    return (
        f'<g class="body-map__chosen" data-chosen="" visibility="{"visible" if chosen else "hidden"}" aria-hidden="true" fill="none" '
        f'pointer-events="none" transform="translate({_number(x)} {_number(y)})">'
        f'<path class="body-map__rim" d="{ring}" stroke="#fff" stroke-width="4.5"/>'
        f'<path class="body-map__ring" d="{ring}" stroke="#b50909" stroke-width="1.8"/></g>'
    )
