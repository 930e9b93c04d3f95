"""What a blinded reader looks at: a scan with the reader's own steps, with no word of when or whose."""

from __future__ import annotations

from uuid import UUID

from calciscope.flows.edit_reading import Desk
from calciscope.record.actor import Actor
from calciscope.record.queries.trial_readings import reading_pixels
from calciscope.record.scans.review import review


def blinded_desk(*, by: Actor, item: UUID) -> Desk:
    """The scan with this reading's own steps: a reader of a trial begins from what the program found, and sees no step of anybody else."""
    fact, edits, folder = reading_pixels(by=by, item=item)
    return Desk(fact=fact, review=review(fact, edits), folder=folder, document=fact.data)
