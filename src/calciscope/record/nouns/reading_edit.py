"""One step of a reader through what was found on a scan; the steps in their order, with the automatic result, are the reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Number, Reference, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken
from calciscope.terms.deposits import Kind

KEY = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MOST_STEPS = 100_000
MAKES_ITEMS = ("split", "merge", "add")


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    edit = data["edit"]
    why = "reading" not in data and not str(data.get("reason", "")).strip()  # a trial's readers need not say
    if edit == "relabel" and ("kind" not in data or why):
        yield Problem(field="kind" if "kind" not in data else "reason", message="Say what it is instead, and why.")
    if edit in MAKES_ITEMS and not data.get("after"):
        yield Problem(field="after", message="Say what came of it.")
    if edit not in ("add", "undo") and not data.get("items"):
        yield Problem(field="items", message="Say which deposit.")
    if (edit == "undo") != ("undoes" in data):
        yield Problem(field="undoes", message="Say which step is undone; no other step names one.")


NOUN = Noun(
    title="Step of a reading",
    of=Of.PATIENT,
    check=_check,
    written_by=Permission.DECIDE_IMAGING,
    taken_back=False,
    own_action=True,
    fields=(
        Reference(name="measurement", label="Measurement", required=True, may_be_unassessed=False),
        Text(name="reading", label="Reading of a trial", longest=36, pattern=KEY, may_be_unassessed=False),
        Number(
            name="step",
            label="Step",
            unit="1",
            low=1,
            high=MOST_STEPS,
            whole=True,
            required=True,
            may_be_unassessed=False,
        ),
        Choice(
            name="edit",
            label="What was done",
            required=True,
            may_be_unassessed=False,
            choices=spoken("accept", "reject", "relabel", *MAKES_ITEMS, "undo"),
        ),
        Table(name="items", label="On which"),
        Choice(name="kind", label="It is", may_be_unassessed=False, choices=spoken(*(kind.value for kind in Kind))),
        Text(name="reason", label="Why", longest=1000),
        Table(name="seeds", label="Points clicked, in LPS mm", most_items=50),
        Table(name="before", label="As it was before"),
        Table(name="after", label="As it was after"),
        Text(name="sum_said", label="How the masses before and after add up", longest=400),
        Reference(name="undoes", label="Step that is undone", may_be_unassessed=False),
    ),
)
