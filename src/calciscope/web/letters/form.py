"""The form of a letter: to whom it goes, and the few things that are typed for it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from calciscope.flows.letter_for_record import Kind
from calciscope.record.refusals import Problem
from calciscope.terms.letter_facts import Typed
from calciscope.web.design.noun_form import Input
from calciscope.web.design.noun_form import Typed as Sent

SENT_TO = "sent_to"
LABELS = {
    SENT_TO: "Written to",
    "recipient": "Name and address",
    "salutation": "Salutation",
    "question": "Your question",
    "wanted": "What you would like done",
    "opening": "Opening, in your own words",
    "closing": "Closing",
    "phone": "Another phone number to call",
}
HINTS = {
    "recipient": "A line each. It stands in the document alone: neither the record nor any log keeps it.",
    "opening": "Stands under the first sentence. An empty line begins a new paragraph.",
    "phone": "Left empty: the one that your clinic has recorded, else a line to write it on.",
    "closing": "Left empty: With kind regards.",
}
SHAPES = {SENT_TO: "select", "salutation": "text", "phone": "text", "closing": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterForm:
    """What was typed, and what is wrong with it."""

    kind: Kind
    sent: Mapping[str, str]
    problems: Sequence[Problem] = field(default_factory=tuple)

    @classmethod
    def of(cls, kind: Kind, sent: Sent | None) -> LetterForm:
        """From what a browser sent."""
        if sent is None:
            return cls(kind=kind, sent={SENT_TO: kind.sent_to[0]})
        return cls(kind=kind, sent={name: "".join(sent.get(name, ())).replace("\r\n", "\n").strip() for name in LABELS})

    def greeting(self, words: str) -> LetterForm:
        """With the salutation that stands while nobody has typed one."""
        return replace(self, sent={**self.sent, "salutation": words})

    def typed(self) -> Typed:
        """For the letter; what its kind does not ask for is left out."""
        said = {name: self.sent.get(name, "") for name in self.kind.asks}
        lines = tuple(line.strip() for line in said.pop("recipient", "").split("\n") if line.strip())
        return Typed(recipient=lines, **said)

    @property
    def sent_to(self) -> str:
        """To whom it goes."""
        return self.sent.get(SENT_TO, "")

    def inputs(self) -> list[Input]:
        """For the page."""
        wrong = {problem.field: problem.message for problem in self.problems}
        return [self._input(name, wrong) for name in (SENT_TO, *self.kind.asks)]

    def wrong(self) -> list[tuple[str, str, str]]:
        """For the error summary."""
        return [(f"f-{one.field}", LABELS.get(one.field, ""), one.message) for one in self.problems]

    def _input(self, name: str, wrong: Mapping[str, str]) -> Input:
        text = self.sent.get(name, "")
        readers = tuple((code, code.replace("_", " ")) for code in self.kind.sent_to) if name == SENT_TO else ()
        return Input(
            name=name,
            label=LABELS[name],
            shape=f"design/fields/{SHAPES.get(name, 'long')}.html",
            text=text,
            chosen=(text,),
            options=readers,
            required=name in (SENT_TO, *self.kind.needs),
            hint=HINTS.get(name, ""),
            error=wrong.get(name, ""),
        )
