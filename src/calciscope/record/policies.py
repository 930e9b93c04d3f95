"""What the state of a record allows, whoever asks. Who may is asked in `permissions`."""

from __future__ import annotations

from calciscope.record.models.visit import Visit, VisitEvent, VisitEventKind
from calciscope.record.refusals import Invalid, Problem
from calciscope.terms.errors import Refused

REASON_LEAST_CHARACTERS = 10  # judgement: enough that "x" and "error" do not pass, short enough for "wrong side"
REASON_MOST_CHARACTERS = 2000


def reason_is_given(reason: str, *, field: str = "reason") -> str:
    """A reason that says something, trimmed; Invalid otherwise."""
    text = reason.strip()
    if len(text) < REASON_LEAST_CHARACTERS:
        raise Invalid([Problem(field=field, message=f"Say why, in at least {REASON_LEAST_CHARACTERS} characters.")])
    if len(text) > REASON_MOST_CHARACTERS:
        raise Invalid([Problem(field=field, message=f"At most {REASON_MOST_CHARACTERS} characters.")])
    return text


def last_event(visit: Visit) -> VisitEvent:
    """The step that a visit stands at."""
    return VisitEvent.unscoped.filter(visit=visit).order_by("-step")[0]


def visit_is_open(visit: Visit) -> VisitEvent:
    """The last step of an open visit; refused once it is signed or cancelled."""
    event = last_event(visit)
    if event.kind == VisitEventKind.SIGNED:
        raise Refused("This visit is signed and locked; change it by an amendment with a reason.")
    if event.kind == VisitEventKind.CANCELLED:
        raise Refused("This visit was cancelled; open a new one.")
    return event


def visit_is_signed(visit: Visit) -> VisitEvent:
    """The last step of a signed visit; refused otherwise."""
    event = last_event(visit)
    if event.kind != VisitEventKind.SIGNED:
        raise Refused("Only a signed visit is amended; this one can simply be changed.")
    return event
