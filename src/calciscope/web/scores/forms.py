"""A form made of an instrument's own items. Untouched means not assessed, never no and never nought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from calciscope.flows.score_patient import number_as_typed
from calciscope.instruments.definition import Instrument, Item, ItemType
from calciscope.web.design.noun_form import Input, Typed

MOST_STEPS = 6  # judgement: whole numbers up to this many are offered as buttons, more are typed
NUMBERS = (ItemType.WHOLE, ItemType.NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Items that stand together, such as one site of the skin."""

    title: str
    inputs: Sequence[Input]


def parts(instrument: Instrument, typed: Typed, errors: Mapping[str, str]) -> list[Part]:
    """All items as inputs, by group and row; lists, which are for programs, are left out."""
    found: list[Part] = []
    single = [item for item in instrument.items if not item.items]
    if single:
        found.append(
            Part(title="", inputs=[_input(item.key, item, typed, errors) for item in single if _typable(item)])
        )
    for item in instrument.items:
        if item.items and item.type is not ItemType.LIST:
            found += _group(item, item.key, item.title, typed, errors)
    return [part for part in found if part.inputs]


def _group(item: Item, path: str, title: str, typed: Typed, errors: Mapping[str, str]) -> Iterator[Part]:
    places = [(f"{path}.{row}", f"{title}: {row.replace('_', ' ')}") for row in item.rows] or [(path, title)]
    for place, words in places:
        plain = [below for below in item.items if not below.items and _typable(below)]
        yield Part(title=words, inputs=[_input(f"{place}.{below.key}", below, typed, errors) for below in plain])
        for below in item.items:
            if below.items and below.type is not ItemType.LIST:
                yield from _group(below, f"{place}.{below.key}", f"{words}: {below.title}", typed, errors)


def answers(instrument: Instrument, typed: Typed) -> dict[str, object]:
    """What was typed, nested as the instrument wants it; numbers exact."""
    given: dict[str, object] = {}
    for path, item in instrument.leaves().items():
        value = _value(path, item, typed)
        if value is None:
            continue
        place = given
        *above, key = path.split(".")
        for step in above:
            place = cast(dict[str, object], place.setdefault(step, {}))
        place[key] = value
    return given


def _value(path: str, item: Item, typed: Typed) -> object:
    if item.type is ItemType.INTERVAL:
        ends = ["".join(typed.get(f"{path}.{end}", ())).strip() for end in ("low", "high")]
        return [number_as_typed(end) for end in ends] if any(ends) else None
    text = "".join(typed.get(path, ())).strip()
    if not text or not _typable(item):
        return None
    if item.type is ItemType.YES_NO:
        return {"true": True, "false": False}.get(text, text)
    return number_as_typed(text) if item.type in NUMBERS else text


def _typable(item: Item) -> bool:
    return item.type in (*NUMBERS, ItemType.YES_NO, ItemType.CHOICE, ItemType.INTERVAL)


def _input(path: str, item: Item, typed: Typed, errors: Mapping[str, str]) -> Input:
    options, shape = _options(item)
    chosen = tuple(typed.get(path, ()))
    if item.type is ItemType.INTERVAL:
        chosen = tuple("".join(typed.get(f"{path}.{end}", ())) for end in ("low", "high"))
    low, high = (f"{float(end):g}" if end is not None else "" for end in (item.low, item.high))
    return Input(
        name=path,
        label=item.title[:1].upper() + item.title[1:],
        shape=f"design/fields/{shape}.html" if item.type is not ItemType.INTERVAL else "scores/interval.html",
        text="".join(chosen),
        chosen=chosen or ("",),
        options=options,
        unit=item.unit,
        hint=f"{low} to {high}" if shape == "number" and low and high else "",
        error=errors.get(path, ""),
    )


def _options(item: Item) -> tuple[tuple[tuple[str, str], ...], str]:
    untouched = ("", "not assessed")
    if item.type is ItemType.YES_NO:
        return (("true", "yes"), ("false", "no"), untouched), "radios"
    if item.type is ItemType.CHOICE:
        return (*((word, word.replace("_", " ")) for word in item.choices), untouched), "radios"
    if item.type is ItemType.WHOLE and item.low is not None and item.high is not None:
        steps = range(int(item.low), int(item.high) + 1)
        if len(steps) <= MOST_STEPS:
            return (*((str(step), str(step)) for step in steps), untouched), "radios"
    return (), "number"
