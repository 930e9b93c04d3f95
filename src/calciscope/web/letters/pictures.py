"""Pictures for a letter: the body map of today, and the picture of the newest measured scan."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from PIL import Image

from calciscope.record.actor import Actor
from calciscope.record.queries.patients import PatientPage
from calciscope.record.queries.scans import measured_file
from calciscope.record.scans.files import OVERVIEW
from calciscope.terms import body_map
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.terms.letter import Beside, Block, Paragraph, Picture, Tone
from calciscope.web.design.body_map import Marker, render
from calciscope.web.design.body_map.figure import views_for
from calciscope.web.design.body_map.words import marker_words
from calciscope.web.design.body_points import body_of, moment
from calciscope.web.design.course import Course
from calciscope.web.design.days import written

FONT = ("system-ui, sans-serif", "Source Sans Pro")  # of the page, and of the document
MAP_MM, SCAN_MM = 50.0, 165.0  # widths on paper: two maps beside each other, a scan over the whole line
ZOOM = 2.0  # letters of a whole figure stay readable at the width on paper (seen on paper)
SCAN_GONE = "The picture of the newest measured scan is not on this server, or is damaged."


def letter_pictures(by: Actor, page: PatientPage, today: date) -> Sequence[Block]:
    """What there is of both."""
    course = Course.of(page)
    return [*_map(course, page, today), *_scan(by, course, page)]


def _map(course: Course, page: PatientPage, today: date) -> list[Block]:
    now = moment(course, today, link=lambda _story: "")
    if not now.markers:
        return []
    markers = [_plain(marker) for marker in now.markers]
    views = views_for(markers, body=body_of(page.banner.born_on, today))
    pictures = [_view(name, markers, today) for name in views]
    pairs = [pictures[place : place + 2] for place in range(0, len(pictures), 2)]
    return [Beside(left=(pair[0],), right=tuple(pair[1:])) for pair in pairs]


def _plain(marker: Marker) -> Marker:
    """Without an address, since paper has none."""
    return Marker(
        label=marker.label,
        state=marker.state,
        region=marker.region,
        side=marker.side,
        view=marker.view,
        x=marker.x,
        y=marker.y,
        longest_mm=marker.longest_mm,
    )


def _view(name: str, markers: Sequence[Marker], today: date) -> Picture:
    words = f"{body_map.view(name).words}, {written(today.isoformat())}"
    drawn = render(name, markers=markers, title=words, zoom=ZOOM).replace(*FONT)
    told = "; ".join(marker_words(marker) for marker in markers)
    return Picture(
        content=drawn.encode(),
        suffix="svg",
        alt=f"Body map, {words}. Of the whole body: {told}.",
        caption=f"Body map, {words}; size and state as in the table of deposits",
        width_mm=MAP_MM,
    )


def _scan(by: Actor, course: Course, page: PatientPage) -> list[Block]:
    """The overview of the newest measured scan, which marks every deposit."""
    studies = {str(fact.uid): fact for fact in course.of_noun("imaging_study")}
    measured = [
        fact
        for fact in course.of_noun("imaging_measurement")
        if fact.data["outcome"] == "measured" and str(fact.data["study"]) in studies
    ]
    if not measured:
        return []
    newest = max(measured, key=lambda fact: (course.when(studies[str(fact.data["study"])]), fact.at))
    on = written(course.when(studies[str(newest.data["study"])]).isoformat())
    try:
        whole = measured_file(by=by, patient=page.banner.id, measurement=newest.uid, name=OVERVIEW)
    except NotAllowed:
        raise
    except Refused:
        return [Paragraph(text=SCAN_GONE, tone=Tone.QUIET)]
    if not _is_picture(whole):
        return [Paragraph(text=SCAN_GONE, tone=Tone.QUIET)]
    count = newest.data.get("deposits", "not known")
    return [
        Picture(
            content=whole,
            suffix="png",
            alt=f"Overview of the CT of {on}: projections with {count} deposits of calcinosis marked by kind and number.",
            caption=f"CT of {on}: what was found, marked by kind and number",
            width_mm=SCAN_MM,
        )
    ]


def _is_picture(whole: bytes) -> bool:
    """Whether it can be drawn: what lies on a disk may have been damaged there."""
    try:
        Image.open(io.BytesIO(whole)).load()
    except (OSError, SyntaxError):
        return False
    return True
