"""Pictures of a scan that is read blinded: crops, cuts and projections with numbers, and nothing of whose it is or when it was made."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from calciscope.flows.look_blinded import blinded_desk
from calciscope.record.permissions import Permission
from calciscope.record.queries.trial_readings import reading_overview
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.reading.picture import image_part
from calciscope.web.review.pictures import CUTS, MARKS, PNG, SCAN, cuts_of, given, sight_at, whole_of


@screen(permission=Permission.READ_TRIAL)
def picture(request: Asked, reading: UUID) -> HttpResponse:
    """The images with the numbers of the proposals, and nothing of the page around them."""
    whole = reading_overview(by=request.actor, item=reading)
    response = HttpResponse(image_part(whole), content_type=PNG)
    response["Content-Disposition"] = 'inline; filename="scan.png"'
    return response


@screen(permission=Permission.READ_TRIAL)
def whole_scan(request: Asked, reading: UUID) -> HttpResponse:
    """The coarse whole scan."""
    return whole_of(blinded_desk(by=request.actor, item=reading), "whole.nii.gz", SCAN)


@screen(permission=Permission.READ_TRIAL)
def whole_marks(request: Asked, reading: UUID) -> HttpResponse:
    """What the program found, on the coarse whole scan."""
    return whole_of(blinded_desk(by=request.actor, item=reading), "whole_labels.nii.gz", MARKS)


@screen(permission=Permission.READ_TRIAL)
def item_scan(request: Asked, reading: UUID, item: str) -> HttpResponse:
    """The crop around one item."""
    return given(sight_at(request, blinded_desk(by=request.actor, item=reading), item).scan_file(), SCAN)


@screen(permission=Permission.READ_TRIAL)
def item_marks(request: Asked, reading: UUID, item: str) -> HttpResponse:
    """What is marked in that crop."""
    return given(sight_at(request, blinded_desk(by=request.actor, item=reading), item).marks_file(), MARKS)


@screen(permission=Permission.READ_TRIAL)
def item_cuts(request: Asked, reading: UUID, item: str) -> HttpResponse:
    """Three cuts through one item."""
    return given(cuts_of(request, blinded_desk(by=request.actor, item=reading), item), CUTS)
