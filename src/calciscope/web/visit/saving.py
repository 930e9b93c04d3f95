"""Save what a form says: into an open visit as it is, into a signed one as an amendment with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.record.actions.drafts import drop_draft, keep_draft
from calciscope.record.actions.entries import Saying, amend_entries, record_entries
from calciscope.record.actor import Actor
from calciscope.record.refusals import Conflict, Invalid
from calciscope.web.design.noun_form import Typed
from calciscope.web.visit.frame import VisitFrame


def save(by: Actor, frame: VisitFrame, sayings: Sequence[Saying], *, reason: str, form: str) -> None:
    """All or nothing; the draft of the form is dropped afterwards. Raises Invalid, Conflict or Refused."""
    if frame.signed:
        amend_entries(by=by, patient=frame.patient, visit=frame.visit, sayings=sayings, reason=reason)
    else:
        record_entries(by=by, patient=frame.patient, visit=frame.visit, sayings=sayings)
    if frame.draft(form):
        drop_draft(by=by, patient=frame.patient, visit=frame.visit, form=form)


def keep_typed(by: Actor, frame: VisitFrame, typed: Typed, *, form: str) -> int:
    """Keep text that could not be saved, for browsers without script; another window's draft is left alone.

    Returns the draft's revision from now on.
    """
    kept = frame.draft(form)
    data = {name: list(values) for name, values in typed.items()}
    seen = kept.revision if kept else 0
    try:
        return keep_draft(by=by, patient=frame.patient, visit=frame.visit, form=form, data=data, revision=seen)
    except (Conflict, Invalid):
        return seen  # the page that is sent back holds the text as well
