"""Take one step of the clinic's own reading of a scan, or undo the last."""

from __future__ import annotations

from uuid import UUID

from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.permissions import Permission
from calciscope.record.scans.log import Step, append_step, append_undo, clinic_log


@action(permission=Permission.DECIDE_IMAGING)
def take_step(*, by: Actor, patient: UUID, measurement: UUID, step: Step, seen: int) -> tuple[str, ...]:
    """Append one step to the clinic's own reading; ``seen`` is the number of steps that its author saw.

    Returns the ids of what it made. Raises Conflict where another step was taken meanwhile, Invalid for what does not
    stand any more.
    """
    return append_step(by=by, log=clinic_log(by=by, patient=patient, measurement=measurement), step=step, seen=seen)


@action(permission=Permission.DECIDE_IMAGING)
def undo_step(*, by: Actor, patient: UUID, measurement: UUID, seen: int) -> str:
    """Undo the newest step of the clinic's own reading that is not undone yet, by another step; returns what it was."""
    return append_undo(by=by, log=clinic_log(by=by, patient=patient, measurement=measurement), seen=seen)
