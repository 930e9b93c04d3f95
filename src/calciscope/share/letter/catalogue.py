"""The kinds of letters that there are, found by walking their folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from calciscope.terms.errors import Refused
from calciscope.terms.letter import Block, Letter
from calciscope.terms.letter_facts import LetterFacts, Typed

Compose = Callable[[LetterFacts, Typed, Sequence[Block]], Letter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``sent_to``: who may be named as reader; ``asks``: the fields of `Typed` that its form shows."""

    id: str
    title: str
    summary: str
    sent_to: tuple[str, ...]
    asks: tuple[str, ...]
    needs: tuple[str, ...]  # fields without which it is not issued
    judged: bool  # whether it may hold what the knowledge base says of the patient
    pictured: bool
    greeting: Callable[[LetterFacts], str]
    compose: Compose


@cache
def kinds() -> Mapping[str, Kind]:
    """Id -> kind, sorted."""
    package = importlib.import_module("calciscope.share.letter.kinds")
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    return {name: _kind(name, importlib.import_module(f"{package.__name__}.{name}")) for name in names}


def kind_of(name: str) -> Kind:
    """The kind of that name (hyphens as in an address, or as its file is called). Raises Refused where there is none."""
    found = kinds().get(name.replace("-", "_"))
    if found is None:
        raise Refused("There is no such kind of letter.")
    return found


def _kind(name: str, module: Any) -> Kind:
    told = {
        key: getattr(module, key.upper())
        for key in ("title", "summary", "sent_to", "asks", "needs", "judged", "pictured")
    }
    return Kind(id=name, greeting=module.greeting, compose=module.compose, **told)
