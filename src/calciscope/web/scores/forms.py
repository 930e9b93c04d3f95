"""A form made of an instrument's own items. Untouched means not assessed, never no and never nought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from calciscope.flows.score_patient import number_as_typed
from calciscope.instruments.definition import Instrument, Item, ItemType
from calciscope.web.design.noun_form import Input, Typed

MOST_STEPS = 6  # judgement: whole numbers up to this many are offered as buttons, more are typed
LEAST_PAIRS = 2
SHORT_FORMS = frozenset({"ck", "ast", "alt", "ldh"})
LESIONS = ("cat-bm",)  # instruments whose yes-or-no items are all lesions that are there or not
NUMBERS = (ItemType.WHOLE, ItemType.NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Items that stand together: one after the other, or as a table whose rows are places and whose columns are items."""

    title: str
    inputs: Sequence[Input] = ()
    columns: Sequence[str] = ()
    rows: Sequence[tuple[str, Sequence[Input]]] = ()


def parts(instrument: Instrument, typed: Typed, errors: Mapping[str, str]) -> list[Part]:
    """All items as inputs, by group and row; lists, which are for programs, are left out."""
    single = [item for item in instrument.items if not item.items and _typable(item)]
    paired, rest = _pairs(single, typed, errors)
    found = [Part(title="", inputs=[_input(item.key, item, typed, errors) for item in rest]), *paired]
    for item in instrument.items:
        if item.items and item.type is not ItemType.LIST:
            found += _group(item, item.key, item.title, typed, errors)
    return [part for part in found if part.inputs or part.rows]


def _pairs(items: Sequence[Item], typed: Typed, errors: Mapping[str, str]) -> tuple[list[Part], list[Item]]:
    """Items that there are for the right and the left, as a table; and those that are left over."""
    by_key = {item.key: item for item in items}
    names = [item.key.removesuffix("_right") for item in items if item.key.endswith("_right")]
    both = [name for name in names if f"{name}_left" in by_key]
    if len(both) < LEAST_PAIRS:
        return [], list(items)
    rows = []
    for name in both:
        inputs = [_input(key, by_key[key], typed, errors) for key in (f"{name}_right", f"{name}_left")]
        rows.append((name.replace("_", " ").capitalize(), [_cell(one) for one in inputs]))
    used = {f"{name}_{side}" for name in both for side in ("right", "left")}
    part = Part(title="", columns=("Right", "Left"), rows=rows)
    return [part], [item for item in items if item.key not in used]


def _group(item: Item, path: str, title: str, typed: Typed, errors: Mapping[str, str]) -> Iterator[Part]:
    if item.rows and all(not below.items and _typable(below) for below in item.items):
        yield _table(item, path, title, typed, errors)
        return
    places = [(f"{path}.{row}", f"{title}: {row.replace('_', ' ')}") for row in item.rows] or [(path, title)]
    for place, words in places:
        plain = [below for below in item.items if not below.items and _typable(below)]
        yield Part(title=words, inputs=[_input(f"{place}.{below.key}", below, typed, errors) for below in plain])
        for below in item.items:
            if below.items and below.type is not ItemType.LIST:
                yield from _group(below, f"{place}.{below.key}", f"{words}: {below.title}", typed, errors)


def _table(item: Item, path: str, title: str, typed: Typed, errors: Mapping[str, str]) -> Part:
    rows = []
    for row in item.rows:
        words = row.replace("_", " ")
        words = words.upper() if words in SHORT_FORMS else words.capitalize()
        inputs = [_input(f"{path}.{row}.{below.key}", below, typed, errors) for below in item.items]
        rows.append((words, [_cell(replace(one, label=f"{words}, {one.label.lower()}")) for one in inputs]))
    columns = [below.title[:1].upper() + below.title[1:] for below in item.items]
    return Part(title=title, columns=columns, rows=rows)


def _cell(one: Input) -> Input:
    return replace(one, shape="scores/cell_choice.html" if one.options else "scores/cell_number.html")


def with_rest_absent(instrument: Instrument, typed: Typed) -> dict[str, Sequence[str]]:
    """What was typed, and nought or no wherever nothing was: for who has looked at all of it and found no more."""
    filled = dict(typed)
    for path in absentable(instrument):
        if not "".join(typed.get(path, ())):
            filled[path] = ["false" if instrument.leaves()[path].type is ItemType.YES_NO else "0"]
    return filled


def absentable(instrument: Instrument) -> list[str]:
    """Answers of which nought says "looked at, not there": grades of the places of a table, and lesions said yes or no to."""
    tables = {item.key for item in instrument.items if item.type is ItemType.TABLE}
    found = []
    for path, item in instrument.leaves().items():
        grade = item.type is ItemType.WHOLE and item.low == 0 and path.split(".")[0] in tables
        if grade or (item.type is ItemType.YES_NO and instrument.id in LESIONS):
            found.append(path)
    return found


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
        hint=f"{low} to {high}" if shape == "number" and low and high and f"{low} to {high}" not in item.title else "",
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
