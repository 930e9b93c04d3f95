"""The body map as a component: one view as SVG (`render`), two visits side by side (`then_and_now`), a form's map (`picker`).

All functions give text that is escaped and ready for a template (`mark_safe` is the caller's); none knows Django. Shapes, words and layout
are in modules of their own; the drawing itself is data of `calciscope.terms.body_map`. Script and styles: `static/design/body_map.*`.
"""

from __future__ import annotations

from calciscope.web.design.body_map.figure import Moment, legend, then_and_now, whole_body
from calciscope.web.design.body_map.marker import Marker
from calciscope.web.design.body_map.picker import Fields, Picked, at_anchor, clicked, picker, picture_button
from calciscope.web.design.body_map.render import render

__all__ = [
    "Fields",
    "Marker",
    "Moment",
    "Picked",
    "at_anchor",
    "clicked",
    "legend",
    "picker",
    "picture_button",
    "render",
    "then_and_now",
    "whole_body",
]
