"""What others said of a scan, in words for a third reader: on each proposal, and what they made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from calciscope.record.queries.trial_readings import Other, Task
from calciscope.record.scans.review import ACCEPT, RELABEL, REPLACED
from calciscope.web.review.presenter import Row

STATES = {"not_begun": ("to read", "tag-due"), "open": ("begun", "tag-plain"), "locked": ("locked", "tag-good")}


def told_by_others(rows: Sequence[Row], task: Task) -> list[Row]:
    """The same rows with the words of both others on each proposal."""
    found = {str(int(one["deposit_id"])): str(one["kind"]) for one in task.candidates}
    return [
        replace(row, said=[(one.name, _judged(one.data, row.id, found[row.id])) for one in task.others])
        if row.id in found
        else row
        for row in rows
    ]


def other_words(one: Other) -> str:
    """One of the two readings as a whole."""
    data = one.data
    if data.get("quality") == "not_evaluable":
        return "not evaluable"
    count = data.get("deposits", 0)
    words = [f"{count} deposit{'s' if count != 1 else ''}"]
    if data.get("mass_mg") is not None:
        words.append(f"{data['mass_mg']:.0f} mg")
    added = sum(not made["of"] for made in data.get("made", ()))
    if added:
        words.append(f"{added} added that the program missed")
    return ", ".join(words)


def _judged(data: Mapping[str, Any], name: str, found: str) -> str:
    """Such as "calcinosis" or "split into 2"; what was left is as it was found."""
    said = next((one for one in data.get("decisions", ()) if str(one["candidate"]) == name), None)
    if said is None or said["decision"] == ACCEPT:
        return found.replace("_", " ")
    if said["decision"] == RELABEL:
        return str(said["kind"]).replace("_", " ")
    if said["decision"] != REPLACED:
        return "nothing"
    made = [one for one in data.get("made", ()) if int(name) in one["of"]]
    if any(len(one["of"]) > 1 for one in made):
        return "merged with another"
    return f"split into {len(made)}" if made else "split, nothing of it left"
