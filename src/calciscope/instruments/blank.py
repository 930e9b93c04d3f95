"""An empty sheet: every answer of an instrument with null, ready to be filled in."""

from __future__ import annotations

from calciscope.instruments.definition import Instrument, Item, ItemType


def blank_answers(instrument: Instrument) -> dict[str, object]:
    """All keys, nested as they are given, each null (not assessed); lists are empty."""
    return {item.key: _blank(item) for item in instrument.items}


def _blank(item: Item) -> object:
    below = {one.key: _blank(one) for one in item.items}
    if item.type is ItemType.GROUP:
        return below
    if item.type is ItemType.TABLE:
        return {row: dict(below) for row in item.rows}
    return None
