"""Pixels for the viewer and for pages without one: through the scope, each with a line in the audit."""

from __future__ import annotations

from uuid import UUID

import numpy as np
from django.http import HttpResponse

from calciscope.flows.edit_reading import Desk
from calciscope.flows.look_at_reading import Sight, centre_of, marks_of, sight_of
from calciscope.record.permissions import Permission
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.web.gate.screen import Asked, screen

GZIP, PNG = "application/gzip", "image/png"
SCAN, MARKS, CUTS = "scan.nii.gz", "marks.nii.gz", "cuts.png"
PLACE = "place"
"""Instead of an item: a point of the scan, as the query says it."""
NOT_KEPT = "The pixels of this scan are not kept on this server."


@screen(permission=Permission.SEE_PATIENT)
def whole_scan(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The coarse whole scan."""
    return whole_of(_desk(request, patient, measurement, "whole"), "whole.nii.gz", SCAN)


@screen(permission=Permission.SEE_PATIENT)
def whole_marks(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """What the program found, on the coarse whole scan."""
    return whole_of(_desk(request, patient, measurement, "whole"), "whole_labels.nii.gz", MARKS)


@screen(permission=Permission.SEE_PATIENT)
def item_scan(request: Asked, patient: UUID, measurement: UUID, item: str) -> HttpResponse:
    """The crop around one item."""
    desk = _desk(request, patient, measurement, f"crop {item}")
    return given(sight_at(request, desk, item).scan_file(), SCAN)


@screen(permission=Permission.SEE_PATIENT)
def item_marks(request: Asked, patient: UUID, measurement: UUID, item: str) -> HttpResponse:
    """What is marked in that crop."""
    desk = _desk(request, patient, measurement, f"crop {item}")
    return given(sight_at(request, desk, item).marks_file(), MARKS)


@screen(permission=Permission.SEE_PATIENT)
def item_cuts(request: Asked, patient: UUID, measurement: UUID, item: str) -> HttpResponse:
    """Three cuts through one item."""
    return given(cuts_of(request, _desk(request, patient, measurement, f"crop {item}"), item), CUTS)


def cuts_of(request: Asked, desk: Desk, item: str) -> bytes:
    """Three cuts through one item as PNG, with the names of what is outlined."""
    numbers = marks_of(desk.review)
    names = {number: name for name, number in numbers.items()}
    return sight_at(request, desk, item).picture(numbers.get(item, 0), names)


def sight_at(request: Asked, desk: Desk, item: str) -> Sight:
    """The crop around an item of a desk, or around the place that the query says."""
    if not desk.has_pixels:
        raise Refused(NOT_KEPT)
    if item == PLACE:
        return sight_of(desk, _place(request), 0.0)
    found = desk.review.item(item)
    if found is None:
        raise NotAllowed("There is no such deposit on this scan.")
    return sight_of(desk, centre_of(found), float(found.row.get("longest_diameter_mm") or 0.0))


def whole_of(desk: Desk, name: str, given_as: str) -> HttpResponse:
    """A coarse file of the whole scan, as it was kept."""
    try:
        return given((desk.folder / "kept" / name).read_bytes(), given_as)
    except OSError:
        raise Refused(NOT_KEPT) from None


def given(content: bytes, given_as: str) -> HttpResponse:
    """An answer under a name that tells nothing."""
    response = HttpResponse(content, content_type=PNG if given_as == CUTS else GZIP)
    response["Content-Disposition"] = f'inline; filename="{given_as}"'
    return response


def _desk(request: Asked, patient: UUID, measurement: UUID, what: str) -> Desk:
    return Desk.of(by=request.actor, patient=patient, measurement=measurement, what=what)


def _place(request: Asked) -> np.ndarray:  # type: ignore[type-arg]
    try:
        point = [float(request.GET[name]) for name in ("x", "y", "z")]
    except (KeyError, ValueError):
        raise Refused("This place is not said as x, y and z in mm.") from None
    if not np.isfinite(point).all():
        raise Refused("This place is not said as x, y and z in mm.")
    return np.array(point)
