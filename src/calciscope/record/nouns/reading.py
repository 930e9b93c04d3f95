"""One blinded reading of one scan for a trial. It is open until its reader locks it; a locked one is never followed by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Number, Reference, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Problem

OPEN, LOCKED = "open", "locked"
READABLE, NOT_EVALUABLE = "readable", "not_evaluable"
OWN = "own"


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data.get("quality") == NOT_EVALUABLE and not str(data.get("remark", "")).strip():
        yield Problem(field="remark", message="Say why this scan cannot be read.")
    if "chosen" in data and data["state"] == LOCKED and not str(data.get("reason", "")).strip():
        yield Problem(field="reason", message="Say why.")


BESIDE = {
    "more": "more calcinosis than the other scan",
    "less": "less calcinosis than the other scan",
    "alike": "as much as the other scan",
    "not_comparable": "not comparable with the other scan",
}
NOUN = Noun(
    title="Reading for a trial",
    of=Of.PATIENT,
    check=_check,
    written_by=Permission.READ_TRIAL,
    taken_back=False,
    own_action=True,
    over=lambda data: data.get("state") == LOCKED,
    fields=(
        Text(name="item", label="Asked for as", required=True, may_be_unassessed=False, longest=36),
        Text(name="label", label="Blinded label", required=True, may_be_unassessed=False, longest=20),
        Reference(name="measurement", label="Measurement", required=True, may_be_unassessed=False),
        Choice(
            name="state",
            label="State",
            choices={OPEN: "open", LOCKED: "locked"},
            required=True,
            may_be_unassessed=False,
        ),
        Choice(
            name="quality",
            label="The scan is",
            choices={READABLE: "readable", NOT_EVALUABLE: "not evaluable"},
            may_be_unassessed=False,
        ),
        Table(name="decisions", label="Decisions on proposals"),
        Table(name="made", label="Split, merged and added by the reader"),
        Number(name="steps", label="Steps of the reading", unit="1", low=0, high=100_000, whole=True),
        Number(name="deposits", label="Deposits", unit="1", low=0, high=100_000, whole=True),
        Number(name="mass_mg", label="Burden, mass", unit="mg", low=0, high=10_000_000),
        Number(name="volume_ml", label="Burden, volume", unit="mL", low=0, high=10_000),
        Choice(name="beside", label="Side by side, this scan shows", choices=BESIDE, may_be_unassessed=False),
        Text(
            name="chosen",
            label="The third reader chose",
            pattern=rf"{OWN}|[0-9a-f-]{{36}}",
            longest=36,
            may_be_unassessed=False,
            advice="This takes one of the two readings, or one's own.",
        ),
        Text(name="reason", label="Why", longest=1000),
        Text(name="remark", label="Remark", longest=1000),
        Text(name="software", label="Software", longest=80),
    ),
)
