"""The course on one page for a colleague: what the screen shows, as far as one page holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from calciscope.record.banner import Banner
from calciscope.record.written_days import written
from calciscope.share.course_sheet.typesetting import CourseSheet, SheetPicture
from calciscope.web.course.families import FamilyRow
from calciscope.web.course.map_pictures import PanelPicture
from calciscope.web.design.charts.course_chart import CourseChart

VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
OF_MAP = 1  # the column of the map's deposits: left out where no scan's deposit is linked to one
HEADS = (
    "No.",
    "Deposit",
    "Where",
    "What became of it",
    "mg then",
    "mg now",
    "change",
    "limit",
    "cause of loss, as recorded",
)
BELOW = (
    "Grey band: what measurement error alone may make of the mass before, 95 %. Green: within the laboratory's own range. "
    "Dashed lines: scans. Numbers as in the picture; there orange is more mineral than then, blue less."
    " What is not shown was not recorded; that is not normal."
)
FONT = "font-family: 'Source Sans Pro';"
CHART_STYLE = f"""<style>
text {{ {FONT} fill: #15191e; }} .quiet {{ fill: #4a5b63; }} .axis {{ stroke: #7a8a90; }} .grid {{ stroke: #e3e9ea; }}
.line {{ fill: none; stroke: #0b5563; stroke-width: 2.5; }} .point {{ fill: #0b5563; stroke: #fff; stroke-width: 1.5; }}
.range {{ fill: #dcebe2; }} .lane {{ fill: #9db9bf; }} .lane-now {{ fill: #0b5563; }}
.event {{ fill: #fff; stroke: #a01c1c; stroke-width: 2; }}
.visit-line {{ stroke: #9aa9ae; stroke-dasharray: 3 3; }} .band {{ stroke: #7aa0a6; stroke-width: 1.5; }}
.patient-line {{ stroke: #8a5a00; stroke-dasharray: 6 3; }} .patient-point, .said {{ fill: #8a5a00; }} .corridor {{ fill: #c3d6da; }}
</style>"""
OVER_STYLE = f"""<style>
text {{ {FONT} fill: #fff; font-size: 28px; font-weight: 600; }} .side {{ fill: #b7cbe0; text-anchor: middle; }}
.scale {{ stroke: #fff; stroke-width: 5; }} .mark {{ fill: none; stroke: #fff; stroke-width: 4; }} .mark-new {{ stroke: #ff6e46; }}
.mark-grown {{ stroke: #ff9f1c; }} .mark-resolved {{ stroke: #00d2aa; }} .mark-shrunk {{ stroke: #56b4e9; }}
.mark-merged, .mark-split {{ stroke: #f0e442; }} .mark-stable {{ stroke: #bebebe; }} .mark-not-evaluable {{ stroke: #a0a0a0; }}
</style>"""
"""On paper there is no style sheet beside the drawing, so it carries its own."""


def course_sheet(
    *,
    banner: Banner,
    today: date,
    sentence: str,
    notices: Sequence[str],
    pictures: Sequence[tuple[bytes, PanelPicture]],
    chart: CourseChart,
    rows: Sequence[FamilyRow],
) -> CourseSheet:
    """``pictures``: PNG, and what stands over and below it."""
    drawn = chart.drawn()
    told = [_cells(row) for row in rows if row.beyond == "yes"]
    filled = [place for place in range(len(HEADS)) if place != OF_MAP or any(cells[place] for cells in told)]
    name = " ".join(part for part in (banner.given_name, banner.family_name, *banner.numbers[:1]) if part)
    return CourseSheet(
        name=name,
        day=written(today.isoformat()),
        sentence=sentence,
        notices=notices,
        pictures=[
            SheetPicture(
                png=png,
                shape=one.width / one.height,
                over=styled(one.over, OVER_STYLE),
                caption=one.caption,
                alt=one.alt,
            )
            for png, one in pictures
        ],
        chart=styled(drawn, CHART_STYLE),
        chart_shape=_shape(drawn),
        chart_alt=chart.title if chart.panels or chart.lanes else "",
        heads=[HEADS[place] for place in filled],
        rows=[[cells[place] for place in filled] for cells in told],
        below=BELOW,
    )


def styled(drawing: str, style: str) -> str:
    """A drawing with its style within, as a file of its own."""
    head, _, rest = drawing.partition(">")
    named = head if "xmlns=" in head else head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{named}>{style}{rest}"


def _shape(drawing: str) -> float:
    """Height over width of a drawing, as its view box says."""
    found = VIEW_BOX.search(drawing)
    return float(found[2]) / float(found[1]) if found else 1.0


def _cells(row: FamilyRow) -> list[str]:
    cause = "; ".join([row.cause, *row.sources]) if row.cause else ""
    return [str(row.number), row.label, row.where, row.event, row.then, row.now, row.change, row.limit, cause]
