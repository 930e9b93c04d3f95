"""What a blinded reader looks at: cuts through a proposal, from the pixels that are kept, with no word of when or whose."""

from __future__ import annotations

from uuid import UUID

from calciscope.flows.edit_reading import Desk
from calciscope.flows.look_at_reading import centre_of, marks_of, sight_of
from calciscope.record.actor import Actor
from calciscope.record.queries.trial_readings import reading_pixels
from calciscope.record.scans.review import review
from calciscope.terms.errors import NotAllowed, Refused

NOT_KEPT = "The pixels of this scan are not kept on this server; read it by its picture."


def blinded_desk(*, by: Actor, item: UUID) -> Desk:
    """The scan as the program left it: a reader of a trial begins from that and sees no step of anybody."""
    fact, folder = reading_pixels(by=by, item=item)
    return Desk(fact=fact, review=review(fact, ()), folder=folder, document=fact.data)


def blinded_cuts(*, by: Actor, item: UUID, number: int) -> bytes:
    """Axial, coronal and sagittal through one proposal as PNG. Refused where no pixels are kept."""
    desk = blinded_desk(by=by, item=item)
    found = desk.review.item(str(number))
    if found is None:
        raise NotAllowed("There is no such proposal on this scan.")
    if not desk.has_pixels:
        raise Refused(NOT_KEPT)
    numbers = marks_of(desk.review)
    sight = sight_of(desk, centre_of(found), float(found.row.get("longest_diameter_mm") or 0.0))
    return sight.picture(numbers[found.id], {number: name for name, number in numbers.items()})
