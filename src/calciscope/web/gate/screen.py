"""Each screen declares what it needs; the gate turns away from any that declares nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

from calciscope.record.actor import Actor
from calciscope.record.permissions import Permission

P = ParamSpec("P")


class Needs(StrEnum):
    """Who may come at all, before any permission is asked."""

    NOTHING = "nothing"
    LOG_IN = "log-in"
    SEAT = "seat"  # logged in, and acting in one role at one site


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one screen needs; ``permission`` only where it needs a seat, ``again`` where a form asks who one is once more."""

    needs: Needs
    permission: Permission | None = None
    again: bool = False


class Asked(HttpRequest):
    """A request that has passed the gate of a screen which needs a seat."""

    actor: Actor
    request_id: str


Screen = Callable[Concatenate[Asked, P], HttpResponseBase]


def screen(*, permission: Permission) -> Callable[[Screen[P]], Screen[P]]:
    """Declare a screen that one comes to in a role which has the permission."""
    return lambda view: _ruled(view, Rule(needs=Needs.SEAT, permission=permission))


def open_screen(*, needs: Needs) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Declare a screen that holds nothing of a patient, for all or for whoever has logged in."""
    return lambda view: _ruled(view, Rule(needs=needs))


def _ruled(view: Any, rule: Rule) -> Any:
    view.calciscope_rule = rule
    return view


def rule_of(view: Any) -> Rule | None:
    """What a view declared, if it did."""
    rule = getattr(view, "calciscope_rule", None)
    return rule if isinstance(rule, Rule) else None
