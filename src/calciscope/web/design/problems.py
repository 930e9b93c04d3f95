"""What an action refused, as the lines of a page's error summary: each a link to its field, the field's name, the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from calciscope.record.refusals import Invalid, Problem
from calciscope.terms.errors import Refused

Line = tuple[str, str, str]


def problems_of(refused: Refused) -> list[Problem]:
    """The fields that do not hold; of a refusal that names none, its sentence alone."""
    return list(refused.problems) if isinstance(refused, Invalid) else [Problem(field="", message=str(refused))]


def lines_of(problems: Iterable[Problem], labels: Mapping[str, str]) -> list[Line]:
    """Lines of the summary; what is no field of the form (not in ``labels``) leads nowhere."""
    return [
        (f"f-{problem.field}" if problem.field in labels else "", labels.get(problem.field, ""), problem.message)
        for problem in problems
    ]
