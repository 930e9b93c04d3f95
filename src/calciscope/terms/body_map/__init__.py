"""The body map: drawings of the body as data, and the way from a point on them to a region and side, and back.

Why it is among the terms and not in the web's design: what a stored point means is part of the record's vocabulary. The record checks
a finding's point against its region, a flow moves points into letters and tables, and the web draws; none of these may import the
web. It holds no look (colours, strokes, markers are the web's) and reads no file but its own drawing, which is part of the package.

A stored point is (view id, x, y): the view id carries the map's version and the body's proportions, `1.adult.front`; x and y are
normalised to the view's picture. The region and side are kept beside it, so that a newer map never changes what was said.
"""

from __future__ import annotations

from calciscope.terms.body_map.places import BESIDE, Place, anchor, part, place, shows, views_of
from calciscope.terms.body_map.views import BODIES, VERSION, Area, Line, View, view, view_ids

__all__ = [
    "BESIDE",
    "BODIES",
    "VERSION",
    "Area",
    "Line",
    "Place",
    "View",
    "anchor",
    "part",
    "place",
    "shows",
    "view",
    "view_ids",
    "views_of",
]
