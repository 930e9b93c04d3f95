"""What stands on the map for a deposit, and how its state is drawn: a shape for every state, so that colour is never needed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from calciscope.terms.deposits import Region, Side

AREA_PER_MM = 20.0  # units² of marker per mm of the longest axis: 14 mm gives a disc 19 units wide (judgement)
LEAST_RADIUS = 5.0  # units; below this the shapes cannot be told apart (seen on the screen)
LARGEST_MM = 120.0  # judgement: larger deposits are drawn as this, so that a sheet does not hide the limb it lies in


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A deposit on the map. `view`, `x`, `y`: the point that was recorded (normalised), None when only region and side are known."""

    label: str
    state: str
    region: Region
    side: Side
    view: str | None = None
    x: float | None = None
    y: float | None = None
    longest_mm: float | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a state is drawn. `sign`: what stands inside the shape; `dashed`: not certain; `ended`: hollow, no longer there."""

    shape: str
    words: str
    sign: str = ""
    dashed: bool = False
    ended: bool = False


LOOKS: Mapping[str, Look] = {
    "suspected": Look(shape="circle", words="suspected", dashed=True),
    "present": Look(shape="circle", words="present"),
    "stable": Look(shape="circle", words="stable"),
    "growing": Look(shape="up", words="growing"),
    "shrinking": Look(shape="down", words="shrinking"),
    "resorbing": Look(shape="down", words="resorbing", sign="dot"),
    "inflamed": Look(shape="hexagon", words="inflamed"),
    "ulcerated": Look(shape="square", words="ulcerated"),
    "extruding": Look(shape="square", words="extruding", sign="dot"),
    "draining": Look(shape="drop", words="draining"),
    "infection_suspected": Look(shape="diamond", words="infection suspected", dashed=True),
    "infection_confirmed": Look(shape="diamond", words="infection confirmed"),
    "infection_excluded": Look(shape="circle", words="infection excluded", sign="dot"),
    "resolved": Look(shape="circle", words="resolved", ended=True),
    "excised": Look(shape="circle", words="excised", sign="cross", ended=True),
    "lasered": Look(shape="circle", words="treated by laser", sign="cross"),
    "drained": Look(shape="drop", words="drained", sign="bar"),
    "recurred": Look(shape="circle", words="recurred", sign="plus"),
    "merged_into": Look(shape="circle", words="merged into another", sign="bar", ended=True),
    "split_from": Look(shape="circle", words="split from another", sign="bar"),
}
"""State of a deposit (record's vocabulary `deposit_events`) -> look."""

UNKNOWN = Look(shape="circle", words="state not recorded", dashed=True)


def look(marker: Marker) -> Look:
    """How the marker is drawn."""
    return LOOKS.get(marker.state, UNKNOWN)


def radius(longest_mm: float | None) -> float:
    """Radius of the disc whose area goes with the longest axis; the least one where no size was measured."""
    size = min(longest_mm or 0.0, LARGEST_MM)
    return max(LEAST_RADIUS, math.sqrt(AREA_PER_MM * size / math.pi))


def outline(shape: str, r: float) -> str:
    """Path of a shape about (0, 0), of the same area as a disc of radius r (a drop: of about the same)."""
    if shape == "circle":
        return _disc(r)
    if shape == "drop":
        right = f"C{0.5 * r:.1f} {-0.7 * r:.1f} {r:.1f} {-0.3 * r:.1f} {r:.1f} {0.25 * r:.1f}"
        left = f"C{-r:.1f} {-0.3 * r:.1f} {-0.5 * r:.1f} {-0.7 * r:.1f} 0 {-1.55 * r:.1f}"
        return f"M0 {-1.55 * r:.1f}{right}a{r:.1f} {r:.1f} 0 1 1 {-2 * r:.1f} 0{left}Z"
    corners, first = {"up": (3, -90), "down": (3, 90), "square": (4, 45), "diamond": (4, 0), "hexagon": (6, 0)}[shape]
    reach = r * math.sqrt(2 * math.pi / (corners * math.sin(2 * math.pi / corners)))
    angles = [math.radians(first + 360 * k / corners) for k in range(corners)]
    return "M" + "L".join(f"{reach * math.cos(a):.1f} {reach * math.sin(a):.1f}" for a in angles) + "Z"


def sign(name: str, r: float) -> str:
    """Path of the sign inside a shape; empty for none."""
    s = 0.5 * r
    return {
        "": "",
        "dot": _disc(0.3 * r),
        "cross": f"M{-s:.1f} {-s:.1f}L{s:.1f} {s:.1f}M{-s:.1f} {s:.1f}L{s:.1f} {-s:.1f}",
        "plus": f"M0 {-s:.1f}V{s:.1f}M{-s:.1f} 0H{s:.1f}",
        "bar": f"M{-s:.1f} 0H{s:.1f}",
    }[name]


def _disc(r: float) -> str:
    return f"M{-r:.1f} 0a{r:.1f} {r:.1f} 0 1 1 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 1 {-2 * r:.1f} 0Z"
