"""The worked patients of this folder: a picture, and what must come out of it, written from the literature and labels."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from calciscope.advise import advise
from calciscope.knowledge import knowledge
from calciscope.read.picture_json import read_picture
from calciscope.terms.advice import Advice, Card

FOLDER = Path(__file__).parent / "vignettes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vignette:
    """One worked patient."""

    id: str
    title: str
    story: str
    picture: dict[str, Any]
    expect: dict[str, Any]


@cache
def vignettes() -> tuple[Vignette, ...]:
    """All of them, in the order of their file names."""
    held = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
    return tuple(Vignette(id=name, **one) for name, one in held.items())


@cache
def advised(name: str) -> Advice:
    """The advice for a vignette."""
    one = next(each for each in vignettes() if each.id == name)
    return advise(read_picture(json.dumps(one.picture).encode()), knowledge())


def fired(advice: Advice) -> set[str]:
    """Rules that said something of this patient. One that always monitors or informs speaks where its drug is taken."""
    always = {
        rule.id
        for rule in knowledge().rules.values()
        if not rule.when and rule.partner is None and not rule.own_allergy
    }
    considered: list[Card] = [*advice.red_flags, *advice.findings]
    for option in advice.options:
        considered += [*option.stops, *option.cautions, *option.monitoring, *option.information]
    taken = [
        card
        for one in advice.current
        for card in (*one.stops, *one.cautions, *one.interactions, *one.monitoring, *one.information)
    ]
    return ({card.rule for card in considered} - always) | {card.rule for card in taken}
