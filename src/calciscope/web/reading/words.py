"""Words and rows of a reading: each proposal, what may be said of it, and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calciscope.record.in_words.amounts import mass_words
from calciscope.record.queries.trial_readings import Task
from calciscope.record.trials.reading import ACCEPT, CALCINOSIS, KINDS, REJECT, RELABEL, TO_DECIDE
from calciscope.web.imaging.words import candidate_words

STATES = {"not_begun": ("to read", "tag-due"), "open": ("begun", "tag-plain"), "locked": ("locked", "tag-good")}
ELSE, NOTHING, LEFT = "else", "nothing", ""
CHOICES = ((CALCINOSIS, "Calcinosis"), (ELSE, "Something else"), (NOTHING, "Nothing"))
OTHER_KINDS = tuple((kind, kind.replace("_", " ")) for kind in sorted(KINDS - {CALCINOSIS}))
Typed = Mapping[int, tuple[str, str]]  # proposal -> what was chosen, and which kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One proposal as the page shows it. ``said`` is how the two others judged it, for a third reader."""

    number: int
    words: str
    mass: str
    found: str
    why: str
    event: str
    chosen: str
    kind: str
    error: str
    said: Sequence[tuple[str, str]] = ()

    @property
    def differs(self) -> bool:
        """Whether the two others judged it differently."""
        return len({words for _, words in self.said}) > 1


def rows(task: Task, typed: Typed | None = None, errors: Mapping[str, str] | None = None) -> list[Row]:
    """Every proposal, with what was typed or else what is kept."""
    kept = chosen_of(task.data.get("decisions", ()), task.candidates) if typed is None else typed
    others = [(one.name, chosen_of(one.data.get("decisions", ()), task.candidates)) for one in task.others]
    found = []
    for one in task.candidates:
        number = int(one["deposit_id"])
        chosen, kind = kept.get(number, (LEFT, ""))
        found.append(
            Row(
                number=number,
                words=candidate_words(one),
                mass=mass_words(one) if task.shows_mass else "",
                found=str(one["kind"]),
                why=str(one.get("reason", "")),
                event=task.events.get(number, "").replace("_", " "),
                chosen=chosen,
                kind=kind,
                error=(errors or {}).get(f"c-{number}", ""),
                said=[(name, judged(*said.get(number, (LEFT, "")), str(one["kind"]))) for name, said in others],
            )
        )
    return found


def is_asked(row: Row) -> bool:
    """Whether a reading has to decide on it."""
    return row.found in TO_DECIDE


def judged(chosen: str, kind: str, found: str) -> str:
    """In words, such as "calcinosis"; what was left is as it was found."""
    if chosen == NOTHING:
        return "nothing"
    return (kind if chosen == ELSE else chosen or found).replace("_", " ")


def decisions(typed: Typed, candidates: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was typed, as the record takes it; proposals without a word are left out."""
    found = {int(one["deposit_id"]): str(one["kind"]) for one in candidates}
    made: list[dict[str, Any]] = []
    for number, (chosen, kind) in sorted(typed.items()):
        if chosen == NOTHING:
            made.append({"candidate": number, "decision": REJECT})
        elif chosen:
            said = kind if chosen == ELSE else chosen
            same = said == found.get(number)
            made.append(
                {"candidate": number, "decision": ACCEPT if same else RELABEL, **({} if same else {"kind": said})}
            )
    return made


def chosen_of(kept: Sequence[Mapping[str, Any]], candidates: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, str]]:
    """The reverse: proposal -> what a form shows as chosen."""
    found = {int(one["deposit_id"]): str(one["kind"]) for one in candidates}
    chosen: dict[int, tuple[str, str]] = {}
    for one in kept:
        number = int(one["candidate"])
        kind = str(one["kind"]) if one["decision"] == RELABEL else found[number]
        if one["decision"] == REJECT:
            chosen[number] = (NOTHING, "")
        else:
            chosen[number] = (CALCINOSIS, "") if kind == CALCINOSIS else (ELSE, kind)
    return chosen
