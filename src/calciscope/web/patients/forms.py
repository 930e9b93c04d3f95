"""Who a new patient is, as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from calciscope.record.actions.patients import Person
from calciscope.record.refusals import Problem
from calciscope.web.design import days
from calciscope.web.design.noun_form import Input

FIELDS = {
    "family_name": ("Family name", "text", True, ""),
    "given_name": ("Given name", "text", False, ""),
    "born_on": ("Date of birth", "day", False, "Such as 07 Mar 2014."),
    "hospital_number": ("Hospital number", "text", True, "As it stands in the hospital's own record."),
    "telephone": ("Telephone", "text", False, ""),
    "email": ("E-mail address", "text", False, ""),
    "address": ("Address", "text", False, ""),
}


@dataclass(slots=True, kw_only=True)
class PersonForm:
    """What was typed, and what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def person(self) -> Person | None:
        """The person as typed; None with a problem where the date of birth is none."""
        said = {name: self.typed.get(name, "").strip() for name in FIELDS}
        born = days.read(said.pop("born_on"))
        try:
            born_on = date.fromisoformat(born) if born else None
        except ValueError:
            self.problems.append(Problem(field="born_on", message="There is no such day; write it as 07 Mar 2014."))
            return None
        return Person(born_on=born_on, **said)

    def inputs(self) -> list[Input]:
        """Every field for the page."""
        return [
            Input(
                name=name,
                label=label,
                shape=f"design/fields/{shape}.html",
                text=self.typed.get(name, ""),
                required=required,
                hint=hint,
                error=" ".join(problem.message for problem in self.problems if problem.field == name),
            )
            for name, (label, shape, required, hint) in FIELDS.items()
        ]

    def wrong(self) -> list[tuple[str, str, str]]:
        """For the error summary."""
        return [(f"f-{p.field}", FIELDS[p.field][0], p.message) for p in self.problems if p.field in FIELDS]
