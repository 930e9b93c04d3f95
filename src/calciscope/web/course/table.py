"""The course as a table, which repeats every panel and lane of the picture: a row a quantity, a column a day."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.web.design.charts.course_chart import Lane, Panel
from calciscope.web.patient.flowsheet import Cells, Flowsheet, Group, rows_of

FROM, TO = "from", "until"


def course_table(panels: Sequence[Panel], lanes: Sequence[Lane]) -> Flowsheet:
    """Values as they are drawn, then what was given."""
    groups: list[tuple[str, list[tuple[str, str, Cells]]]] = [(panel.title, _panel(panel)) for panel in panels]
    groups.append(("Treatment", [(lane.title, "", _lane(lane)) for lane in lanes]))
    days = sorted({day for _, rows in groups for _, _, cells in rows for day in cells})
    return Flowsheet(days=days, groups=[Group(title=title, rows=rows_of(rows, days)) for title, rows in groups if rows])


def _panel(panel: Panel) -> list[tuple[str, str, Cells]]:
    normal = panel.normal
    rows: list[tuple[str, str, Cells]] = []
    for series in panel.series:
        outside = {day: normal is not None and not normal[0] <= value <= normal[1] for day, value in series.points}
        rows.append((series.title, panel.unit, {day: (f"{value:,.4g}", outside[day]) for day, value in series.points}))
        if series.corridors:
            held: Cells = {one.last: (f"{one.lower:,.0f} to {one.upper:,.0f}", False) for one in series.corridors}
            rows.append(("measurement error alone, since the scan before", panel.unit, held))
    if panel.marks:
        rows.append(("said", "", {day: (words, False) for day, _, words in panel.marks}))
    return rows


def _lane(lane: Lane) -> Cells:
    cells: Cells = {}
    for first, last, says in lane.spans:
        cells[first] = (f"{FROM} here: {says}", False)
        if last:
            cells.setdefault(last, (f"{TO} here", False))
    return cells | {day: (says, False) for day, says in lane.marks}
