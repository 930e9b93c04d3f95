"""Template filters: how dates, numbers and codes are written. Loaded into every template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from calciscope.record.vocabulary import terms
from calciscope.web.design.days import written

register = template.Library()

MACHINE_WORDS = frozenset({"digest", "contribution", "visit", "uid"})  # keys that a reader cannot use
MOST_SHOWN = 120  # letters of one value
EVENT_KINDS = {
    "course": "Course",
    "skin": "Skin",
    "infection": "Infection",
    "end": "Gone",
    "link": "With another deposit",
}


@register.filter
def day(value: Any) -> str:
    """07 Mar 2026; a date that lacks day or month stays so."""
    if isinstance(value, datetime):
        return written(timezone.localtime(value).date().isoformat())
    return written(value.isoformat() if isinstance(value, date) else str(value or ""))


@register.filter
def moment(value: datetime | None) -> str:
    """07 Mar 2026, 14:05 (the time in UTC unless the clinic's zone is set)."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{written(local.date().isoformat())}, {local:%H:%M}"


@register.filter
def spoken(code: Any) -> str:
    """A code as words."""
    return str(code).replace("_", " ")


@register.filter
def capital(text: Any) -> str:
    """The first letter in capitals, the others as they are."""
    words = str(text)
    return words[:1].upper() + words[1:]


@register.filter
def by_kind(options: Sequence[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Events of a deposit in the rows in which they are chosen."""
    kinds = {code: str(said["kind"]) for code, said in terms("deposit_events").items()}
    rows = [(title, [one for one in options if kinds.get(one[0]) == kind]) for kind, title in EVENT_KINDS.items()]
    return [row for row in rows if row[1]]


@register.filter
def told(detail: Mapping[str, Any]) -> str:
    """What a line of the audit tells, for reading: the hashes and empty words stand in its export."""
    shown = {name: value for name, value in detail.items() if value not in ("", None) and name not in MACHINE_WORDS}
    words = (", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in shown.values())
    return "; ".join(f"{spoken(name)}: {value[:MOST_SHOWN]}" for name, value in zip(shown, words, strict=True))
