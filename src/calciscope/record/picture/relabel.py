"""Advice names deposits by their place in a list; on the screen they bear the labels that the record gave them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")

BY_PLACE = re.compile(r"\bdeposit (\d+)(?= \(|:)")


def relabelled(said: T, labels: Sequence[str]) -> T:
    """The same with "deposit 0 (left elbow)" written as "D01 (left elbow)", through all its parts."""
    found: Any = _walk(said, labels)
    return found  # type: ignore[no-any-return]


def _walk(part: Any, labels: Sequence[str]) -> Any:
    if isinstance(part, Enum | date):
        return part
    if isinstance(part, str):
        return BY_PLACE.sub(lambda found: _label(found, labels), part)
    if isinstance(part, tuple):
        return tuple(_walk(one, labels) for one in part)
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        return dataclasses.replace(
            part, **{one.name: _walk(getattr(part, one.name), labels) for one in dataclasses.fields(part)}
        )
    return part


def _label(found: re.Match[str], labels: Sequence[str]) -> str:
    place = int(found[1])
    return labels[place] if place < len(labels) else found[0]
