"""Options of a plan, chosen or set aside: what each has to say. They lie in the plan itself, so that a signature is of all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.refusals import Problem

CHOSEN, SET_ASIDE = "chosen", "set_aside"
DECISIONS = {CHOSEN: "chosen", SET_ASIDE: "set aside"}
TEXTS = {"therapy": 60, "title": 200, "reason": 1000, "dose": 300, "stop_rule": 500, "who": 200, "override": 1000}
FLAGS = ("off_label", "experimental", "consent")
KEYS = frozenset({*TEXTS, *FLAGS, "decision", "stops"})
MOST_OPTIONS = 60
LEAST_OVERRIDE = 10  # characters, as for every reason


def problems_of_options(options: Any) -> Iterable[Problem]:
    """What is wrong with the options, each at ``options.<place>.<key>``."""
    if not isinstance(options, list):
        yield Problem(field="options", message="This takes a list of options.")
        return
    if len(options) > MOST_OPTIONS:
        yield Problem(field="options", message=f"At most {MOST_OPTIONS} options.")
        return
    seen: set[str] = set()
    for place, option in enumerate(options):
        if not isinstance(option, Mapping) or not set(option) <= KEYS:
            yield Problem(field="options", message="An option holds what no option has.")
            continue
        yield from (Problem(field=f"options.{place}.{key}", message=said) for key, said in _of_one(option))
        therapy = str(option.get("therapy", ""))
        if therapy and therapy in seen:
            yield Problem(field=f"options.{place}.therapy", message="This option stands in the plan twice.")
        seen.add(therapy)


def chosen(options: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that were chosen."""
    return [option for option in options if option.get("decision") == CHOSEN]


def needs_two(option: Mapping[str, Any]) -> bool:
    """Experimental, or used outside its label: two signatures and consent."""
    return bool(option.get("off_label") or option.get("experimental"))


def _of_one(option: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for key, longest in TEXTS.items():
        said = option.get(key, "")
        if not isinstance(said, str) or len(said) > longest:
            yield key, f"This takes text of at most {longest} characters."
            return
    if not all(isinstance(option.get(flag, False), bool) for flag in FLAGS):
        yield "consent", "This takes yes or no."
    if not isinstance(option.get("stops", []), list):
        yield "override", "This takes a list of stops."
    if not option.get("therapy"):
        yield "therapy", "Choose an option."
    if option.get("decision") not in DECISIONS:
        yield "decision", "Say whether it is chosen or set aside."
    if not str(option.get("reason", "")).strip():
        yield "reason", "Say why."
    if option.get("decision") == CHOSEN and option.get("stops"):
        if len(str(option.get("override", "")).strip()) < LEAST_OVERRIDE:
            yield (
                "override",
                f"A stop stands against it: say why it is chosen all the same, in at least {LEAST_OVERRIDE} characters.",
            )
