"""What the map says in words: every shape on it has a text, for readers who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.terms.deposits import Region, Side
from calciscope.web.design.body_map.marker import Marker, look


def place_words(region: Region, side: Side) -> str:
    """`Left elbow`, `Chest, midline`, `Hip, side not known`."""
    name = region.replace("_", " ")
    if region is Region.UNKNOWN:
        return "Place not known"
    if side in (Side.LEFT, Side.RIGHT):
        return f"{side.capitalize()} {name}"
    return f"{name.capitalize()}, {'midline' if side is Side.MIDLINE else 'side not known'}"


def size_words(longest_mm: float | None) -> str:
    """`14 mm`, or that there is none."""
    return "size not measured" if longest_mm is None else f"{longest_mm:g} mm"


def marker_words(marker: Marker, *, pointed: bool = True) -> str:
    """`D01, left elbow: growing, 14 mm`; says so when the point is only that of the region."""
    where = place_words(marker.region, marker.side)
    text = f"{marker.label}, {where[0].lower()}{where[1:]}: {look(marker).words}, {size_words(marker.longest_mm)}"
    return text if pointed else f"{text}, placed by region only"


def region_words(region: Region, side: Side, markers: Sequence[Marker]) -> str:
    """`Left elbow: 2 deposits, largest 14 mm`; what is no longer there is counted apart."""
    return f"{place_words(region, side)}: {counted(markers)}"


def counted(markers: Sequence[Marker]) -> str:
    """`2 deposits, largest 14 mm, 1 no longer there`."""
    there = [marker for marker in markers if not look(marker).ended]
    gone = len(markers) - len(there)
    sizes = [marker.longest_mm for marker in there if marker.longest_mm is not None]
    said = [f"{len(there) or 'no'} {'deposit' if len(there) == 1 else 'deposits'}"]
    said += [f"largest {max(sizes):g} mm"] if sizes else []
    said += [f"{gone} no longer there"] if gone else []
    return ", ".join(said)
