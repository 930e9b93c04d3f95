"""Draws that are the same everywhere: each patient and purpose has its own stream, named by words."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID


@cache
def parameters() -> Mapping[str, Mapping[str, Any]]:
    """What the patients are made of."""
    return tomllib.loads(Path(__file__).with_name("parameters.toml").read_text(encoding="utf-8"))


def stream(*words: object) -> random.Random:
    """A stream of its own; two purposes do not disturb each other."""
    return random.Random("/".join(map(str, words)))


def between(rng: random.Random, limits: list[float]) -> float:
    """Evenly between two limits."""
    return rng.uniform(limits[0], limits[1])


def one_of(rng: random.Random, shares: Mapping[str, float]) -> str:
    """One word by its share."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def logistic(value: float) -> float:
    """Chance from log odds."""
    return 1.0 / (1.0 + math.exp(-value))


def key(rng: random.Random) -> UUID:
    """A random key that is the same for the same stream."""
    return UUID(int=rng.getrandbits(128), version=4)
