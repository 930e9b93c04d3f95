"""Closed vocabularies that are data: `vocabularies/<name>.toml`, each term with its words, codes and source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from calciscope.terms.deposits import Layer, Shape, Side

FOLDER = Path(__file__).parent / "vocabularies"


@cache
def terms(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Code -> what is said of it."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return {code: said for code, said in table.items() if isinstance(said, dict)}


def words(name: str) -> dict[str, str]:
    """Code -> words, for a Choice."""
    return {code: str(said["words"]) for code, said in terms(name).items()}


def recorded_singly(name: str) -> frozenset[str]:
    """Codes that no interview asks for; they are recorded one by one where they come up."""
    return frozenset(code for code, said in terms(name).items() if said.get("singly"))


def spoken(*codes: str) -> dict[str, str]:
    """Codes that are their own words."""
    return {code: code.replace("_", " ") for code in codes}


REGIONS = words("body_sites")
SIDES = spoken(*(side.value for side in Side))
LAYERS = spoken(*(layer.value for layer in Layer), "tendon_or_joint")
FORMS = spoken(*(shape.value for shape in Shape), "plaque")
UNPAIRED = frozenset({"head", "face", "neck", "chest", "back", "abdomen", "pelvis", "unknown"})
"""Regions of which there is one, so that its midline exists."""
