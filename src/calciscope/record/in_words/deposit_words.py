"""A deposit in words: where it is, what it is like, how large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calciscope.record.fields import NOT_ASSESSED
from calciscope.record.stories import Story
from calciscope.record.vocabulary import FORMS, LAYERS, REGIONS, SIDES, words

AXES = ("longest_mm", "second_mm", "third_mm")


def place(data: Mapping[str, Any]) -> str:
    """Such as "left elbow"."""
    side, region = str(data.get("side", "")), str(data.get("region", ""))
    spoken = SIDES.get(side, "")
    return " ".join(
        word for word in ("" if side in ("unknown", "midline") else spoken, REGIONS.get(region, "")) if word
    )


def place_of(story: Story) -> str:
    """Where the deposit was found last."""
    return place(story.newest.data) if story.newest else "place not recorded"


def size(data: Mapping[str, Any]) -> str:
    """Such as "14 x 9 mm (caliper)"; "size not assessed" where it was not."""
    axes = [f"{data[axis]:g}" for axis in AXES if isinstance(data.get(axis), int | float)]
    if not axes:
        return "size not assessed" if data.get("longest_mm") == NOT_ASSESSED else "size not recorded"
    method = data.get("size_method", NOT_ASSESSED)
    return " × ".join(axes) + " mm" + (f" ({str(method).replace('_', ' ')})" if method != NOT_ASSESSED else "")


def likeness(data: Mapping[str, Any]) -> str:
    """Such as "subcutaneous nodule, hard, white, pain 3"."""
    layer, form = LAYERS.get(str(data.get("layer")), ""), FORMS.get(str(data.get("form")), "")
    parts = [" ".join(word for word in (layer, form) if word and word != "unknown")]
    parts += [str(data[name]) for name in ("consistency", "colour") if data.get(name, NOT_ASSESSED) != NOT_ASSESSED]
    if isinstance(data.get("pain"), int | float):
        parts.append(f"pain {data['pain']:g}")
    skin = data.get("skin_state")
    if isinstance(skin, list) and skin:
        parts.append("skin " + " and ".join(skin))
    return ", ".join(part for part in parts if part)


def state_words(story: Story) -> str:
    """The newest event."""
    return words("deposit_events").get(story.state, "") or "no event recorded"
