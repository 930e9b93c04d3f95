"""A fact as one would say it, for lists that are read at a glance. What was not said is left out, never filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED
from calciscope.record.in_words.fact_words import Names, lines_of, said
from calciscope.record.noun import noun

Said = Mapping[str, str]
"""Field -> its words; nothing for what was not asked."""


def phrase(fact: Fact, names: Names = ()) -> str:
    """The fact in one line; nouns without a manner of their own give their words one after the other."""
    made = MANNERS.get(fact.noun)
    if made is None:
        return "; ".join(f"{label.lower()}: {words}" for label, words in lines_of(fact, names))
    fields = {field.name: said(field, fact.data.get(field.name), names) for field in noun(fact.noun).fields}
    text = made(fields, fact.data)
    return text[:1].upper() + text[1:]


def _medication(words: Said, data: Mapping[str, Any]) -> str:
    name = words["product"] or words["therapy"].replace("_", " ")
    dose = f"{words['dose']} {words['dose_unit']}".strip() if _known(data, "dose") else ""
    head = " ".join(part for part in (name, dose) if part)
    ended = f"stopped {words['stopped_on']}" if words["stopped_on"] else ""
    why = f"({words['stop_reason']})" if words["stop_reason"] else ""
    effect = f"calcinosis {words['response']}" if words["response"] else ""
    since = f"since {words['started_on']}" if words["started_on"] else ""
    side = f"side effects: {words['side_effects']}" if words["side_effects"] else ""
    return _joined(head, words["route"], since, f"{ended} {why}".strip(), effect, side)


def _laboratory(words: Said, data: Mapping[str, Any]) -> str:
    limits = [words[name] for name in ("low", "high")]
    ranged = f" ({' to '.join(limits)})" if all(limits) else f" (up to {limits[1]})" if limits[1] else ""
    value = f"{data.get('comparator', '')}{words['value']} {words['unit']}"
    return f"{words['test']} {value}{ranged}, {words['sampled_on']}"


def _condition(words: Said, data: Mapping[str, Any]) -> str:
    named = words["text"] if data.get("condition") == "other" and words["text"] else words["condition"]
    rest = words["text"] if named != words["text"] else ""
    return _joined(f"{named}: {words['answer']}", f"since {words['since']}" if words["since"] else "", rest)


def _history(words: Said, _data: Mapping[str, Any]) -> str:
    span = " to ".join(part for part in (words["since"], words["until"]) if part)
    return _joined(f"{words['topic']}: {words['text'] or words['answer']}", span)


def _screening(words: Said, _data: Mapping[str, Any]) -> str:
    return _joined(f"{words['system']}: {words['finding']}", words["screened_on"], words["method"], words["text"])


def _allergy(words: Said, data: Mapping[str, Any]) -> str:
    if data.get("answer") != "present":
        return words["answer"]
    grave = f"({words['severity']})" if words["severity"] else ""
    return _joined(words["substance"] or "substance not named", f"{words['reaction']} {grave}".strip())


def _procedure(words: Said, _data: Mapping[str, Any]) -> str:
    return _joined(words["kind"], words["done_on"], words["deposits"], words["material"], words["note"])


def _course(words: Said, data: Mapping[str, Any]) -> str:
    days = f"after {words['healing_days'].removesuffix(' d')} days" if _known(data, "healing_days") else ""
    graft = f"graft took to {words['graft_take_percent']}" if _known(data, "graft_take_percent") else ""
    scar = f"scar {words['scar']}" if words["scar"] else ""
    back = f"recurrence: {words['recurrence']}" if words["recurrence"] else ""
    return _joined(f"{words['healing']} {days}".strip(), graft, scar, back, words["remark"], f"seen {words['seen_on']}")


def _note(words: Said, _data: Mapping[str, Any]) -> str:
    return words["text"]


def _movement(words: Said, data: Mapping[str, Any]) -> str:
    lost = f"lost {words['lost_deg']}" if _known(data, "lost_deg") else ""
    return _joined(f"{words['side']} {words['joint']}, {words['movement']} {words['degrees']}", lost)


def _known(data: Mapping[str, Any], name: str) -> bool:
    return data.get(name) not in (None, NOT_ASSESSED)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


MANNERS: Mapping[str, Callable[[Said, Mapping[str, Any]], str]] = {
    "medication": _medication,
    "laboratory_result": _laboratory,
    "condition": _condition,
    "history_item": _history,
    "organ_screening": _screening,
    "allergy": _allergy,
    "procedure": _procedure,
    "procedure_course": _course,
    "joint_movement": _movement,
    "note": _note,
}
