"""The review of one scan in words: the list, the one at hand, what both scans show of it, and how far the reader is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
from django.urls import reverse

from calciscope.flows.edit_reading import Desk
from calciscope.flows.look_at_reading import centre_of, marks_of
from calciscope.record.fact import Fact
from calciscope.record.in_words.amounts import mass_words
from calciscope.record.queries.scans import kept_pixels
from calciscope.record.scans.followed import Followed, comparison_of, families
from calciscope.record.scans.review import AUTOMATIC, TO_REVIEW, Edit, Item, Review
from calciscope.share.event_marks import EVENT_MARKS
from calciscope.terms.tracking import Event
from calciscope.web.imaging.words import candidate_words

SURE = 0.85
"""A candidate with this confidence or more, whose mass is above its own error, is clear (judgement)."""
GLYPHS = {
    "new": "+", "grown": "▲", "resolved": "×", "shrunk": "▼", "merged": "⬢", "split": "◆", "stable": "●", "not_evaluable": "▬",
}  # fmt: skip
PLAIN_RGB, REJECTED_RGB, ASIDE_RGB = (255, 159, 28), (150, 90, 90), (120, 140, 150)
STATE_WORDS = {"open": "to review", "accepted": "accepted", "rejected": "rejected", "replaced": "replaced"}
EDIT_WORDS = {
    "accept": "accepted", "reject": "rejected", "relabel": "relabelled", "split": "split", "merge": "merged",
    "add": "added", "undo": "undone",
}  # fmt: skip


Addresses = Callable[[Desk, str], dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list."""

    id: str
    glyph: str
    event: str
    event_name: str
    words: str
    mass: str
    kind: str
    state: str
    state_words: str
    edited: bool
    made_from: str
    said: Sequence[tuple[str, str]] = ()  # how two others judged it, where a third reader decides

    @property
    def differs(self) -> bool:
        """Whether those two judged it differently."""
        return len({words for _, words in self.said}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that the page of one reading shows.

    ``families`` join its items to those of ``earlier``, the scan beside it; ``address`` gives the addresses of a desk's item.
    A blinded reading hides masses, and what became of a deposit.
    """

    desk: Desk
    families: Sequence[Followed] = ()
    earlier: Desk | None = None
    chosen: Item | None = None
    address: Addresses | None = None
    shows_mass: bool = True
    shows_events: bool = True

    @property
    def review(self) -> Review:
        """The reading."""
        return self.desk.review

    @property
    def clear(self) -> list[str]:
        """What can be accepted together: open, calcinosis, sure, and heavier than its own error."""
        return [one.id for one in self.review.asked if is_clear(one)]

    @property
    def rest(self) -> list[str]:
        """What is open and was proposed as calcinosis."""
        return [one.id for one in self.review.asked if one.kind == "calcinosis"]

    @property
    def family(self) -> Mapping[str, Followed]:
        """Item -> what it is of since the scan before; a part goes with what it was made from."""
        found: dict[str, Followed] = {}
        for one in self.families:
            found |= {str(number): one for number in one.followup_ids}
        for item in self.review.items:
            known = next((found[name] for name in item.made_from if name in found), None)
            if known:
                found.setdefault(item.id, known)
        return found

    @property
    def events(self) -> Mapping[str, Followed]:
        """The same where it is shown what became of each."""
        return self.family if self.shows_events else {}

    def rows(self) -> tuple[list[Row], list[Row]]:
        """What is asked about or stands, and what was set aside or does not stand any more."""
        family = self.events
        main: list[Row] = []
        aside: list[Row] = []
        for item in self.review.items:
            if item.state == "replaced":
                continue
            row = _row(item, family.get(item.id), self.shows_mass)
            shown = item.kind in TO_REVIEW or item.last is not None
            (main if shown else aside).append(row)
        return main, aside

    def next_id(self, after: str = "") -> str:
        """The next one to review, from ``after`` on and then from the top; the same where nothing is left."""
        asked = [one.id for one in self.review.asked]
        order = [one.id for one in self.review.items]
        start = order.index(after) + 1 if after in order else 0
        later = [name for name in order[start:] + order[:start] if name in asked]
        return later[0] if later else after

    def progress(self) -> dict[str, Any]:
        """How far the reader is."""
        done = [one for one in self.review.standing if one.state == "accepted"]
        asked = len(self.review.asked)
        seen = [one for one in self.review.items if one.last is not None and one.state != "replaced"]
        return {
            "asked": asked,
            "done": len(seen),
            "all": asked + len(seen),
            "unedited": sum(one.unedited for one in done),
            "rejected": sum(one.state == "rejected" for one in self.review.items),
        }

    def burden(self) -> dict[str, Any]:
        """By this reading and by the program."""
        data = self.desk.fact.data
        traced = [one.origin for one in self.review.counted]
        return {
            "now": mass_words(asdict(self.review.burden)),
            "count": len(traced),
            "automatic": mass_words(data),
            "automatic_count": data.get("deposits", 0),
            "from_program": traced.count(AUTOMATIC),
            "from_edits": len(traced) - traced.count(AUTOMATIC),
        }

    @property
    def viewer(self) -> str:
        """What the script of the viewer needs, as JSON: addresses, where the item lies, colours."""
        item = self.chosen
        if item is None or self.address is None or not self.desk.has_pixels:
            return ""
        said: dict[str, Any] = {
            "item": item.id,
            "now": {
                **self.address(self.desk, item.id),
                "centre": centre_of(item).tolist(),
                "mark": marks_of(self.review)[item.id],
                "marks_are": _marks(self.review, self.events),
            },
            "then": self._then(item),
        }
        return json.dumps(said)

    def _then(self, item: Item) -> dict[str, Any] | None:
        """The same on the scan beside it: its own deposit, or the place where it would lie."""
        if self.earlier is None or self.address is None or not self.earlier.has_pixels:
            return None
        family, before = self.family.get(item.id), self.earlier.review
        named = {str(number) for number in (family.baseline_ids if family else ())}
        partners = [
            one for one in before.items if one.state != "replaced" and (one.id in named or named & {*one.made_from})
        ]
        marks = _marks(before, {})
        if partners:
            one = max(partners, key=lambda found: float(found.row.get("mass_mg") or 0.0))
            said = {**self.address(self.earlier, one.id), "centre": centre_of(one).tolist()}
            return {**said, "mark": marks_of(before)[one.id], "marks_are": marks, "name": one.id}
        place = self._place_before(item)
        if place is None:
            return None
        query = urlencode({name: round(float(value), 1) for name, value in zip("xyz", place, strict=True)})
        said = {key: f"{address}?{query}" for key, address in self.address(self.earlier, "place").items()}
        return {**said, "centre": place.tolist(), "mark": 0, "marks_are": marks, "name": ""}

    def _place_before(self, item: Item) -> Any:
        """About where it would lie: moved as the nearest deposit was that both scans show."""
        if self.earlier is None:
            return None
        best, least = None, np.inf
        for one in self.families:
            pairs = [
                (self.review.item(str(a)), self.earlier.review.item(str(b)))
                for a in one.followup_ids
                for b in one.baseline_ids
            ]
            for now, then in pairs:
                if now is None or then is None:
                    continue
                apart = float(np.linalg.norm(centre_of(now) - centre_of(item)))
                if apart < least:
                    best, least = centre_of(item) + centre_of(then) - centre_of(now), apart
        return best


def is_clear(item: Item) -> bool:
    """Whether it is unambiguous: sure to be calcinosis, and heavier than its own error."""
    row = item.row
    lower = row.get("mass_lower_mg")
    above = isinstance(lower, int | float) and lower > 0
    return item.kind == "calcinosis" and item.kind == row["kind"] and float(row["confidence"]) >= SURE and above


def board_of(by: Any, patient: UUID, desk: Desk, facts: Sequence[Fact], chosen: str) -> Board:
    """The clinic's board with the item that the address names, else with the next to review."""
    joined = families(comparison_of(desk.fact.uid, facts))
    return at_hand(
        Board(
            desk=desk,
            families=joined,
            earlier=_earlier(by, patient, desk, facts),
            address=lambda which, item: _addresses(patient, which.fact.uid, item),
        ),
        chosen,
    )


def at_hand(board: Board, chosen: str) -> Board:
    """The board with one item at hand."""
    standing = [one for one in board.review.items if one.state != "replaced"]
    wanted = chosen or board.next_id()
    item = next((one for one in standing if one.id == wanted), standing[0] if standing else None)
    return replace(board, chosen=item)


def story(review: Review) -> list[dict[str, Any]]:
    """The log, the newest first."""
    return [_told(one, one.uid in review.undone) for one in reversed(review.edits)]


def _told(edit: Edit, undone: bool) -> dict[str, Any]:
    what = EDIT_WORDS[edit.edit]
    items = ", ".join(edit.items) if len(edit.items) <= 6 else f"{len(edit.items)} deposits"
    made = ", ".join(str(row["item"]) for row in edit.after) if edit.edit in ("split", "merge", "add") else ""
    return {
        "what": f"{items} {what}".strip() if items else what.capitalize(),
        "kind": edit.kind.replace("_", " "),
        "made": made,
        "reason": edit.reason,
        "sum": edit.sum_said,
        "by": edit.by,
        "at": edit.at,
        "undone": undone,
    }


def _earlier(by: Any, patient: UUID, desk: Desk, facts: Sequence[Fact]) -> Desk | None:
    from calciscope.record.scans.review import reviewed

    comparison = comparison_of(desk.fact.uid, facts)
    if comparison is None or comparison.data["outcome"] != "compared":
        return None
    fact = next((one for one in facts if str(one.uid) == comparison.data["earlier"] and one.holds), None)
    if fact is None:
        return None
    folder = kept_pixels(by=by, patient=patient, measurement=fact.uid, what="beside the later scan")
    return Desk(fact=fact, review=reviewed(fact, facts), folder=folder, document=fact.data)


def _row(item: Item, family: Followed | None, shows_mass: bool) -> Row:
    event = family.event if family else ""
    change = family.change_percent if family else None
    beyond = "" if not family or family.significant is None else ("" if family.significant else ", within error")
    percent = (
        f" {change:+.0f} %".replace("-", "\u2212")
        if isinstance(change, int | float) and event in ("grown", "shrunk")
        else ""
    )
    return Row(
        id=item.id,
        glyph=GLYPHS.get(event, "") if event else "",
        event=event,
        event_name=f"{event.replace('_', ' ')}{percent}{beyond}",
        words=candidate_words(item.row),
        mass=mass_words(item.row) if shows_mass else "",
        kind=item.kind.replace("_", " "),
        state=item.state,
        state_words=STATE_WORDS[item.state],
        edited=item.origin != AUTOMATIC,
        made_from=" and ".join(item.made_from),
    )


def _addresses(patient: UUID, measurement: UUID, item: str) -> dict[str, str]:
    return {
        "scan": reverse("review_scan", args=[patient, measurement, item]),
        "marks": reverse("review_marks", args=[patient, measurement, item]),
    }


def _marks(review: Review, family: Mapping[str, Followed]) -> list[list[Any]]:
    """[mark, name, red, green, blue, x, y, z] of everything that is marked."""
    found = []
    numbers = marks_of(review)
    for item in review.items:
        if item.state == "replaced":
            continue
        centre = [round(float(value), 1) for value in centre_of(item)]
        glyph = GLYPHS.get(family[item.id].event, "") if item.id in family else ""
        found.append([numbers[item.id], f"{item.id} {glyph}".strip(), *_rgb(item, family.get(item.id)), *centre])
    return found


def _rgb(item: Item, family: Followed | None) -> tuple[int, int, int]:
    if item.state == "rejected":
        return REJECTED_RGB
    if item.kind not in TO_REVIEW:
        return ASIDE_RGB
    return EVENT_MARKS[Event(family.event)].rgb if family else PLAIN_RGB
