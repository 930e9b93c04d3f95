"""A definition.toml becomes an `Instrument`, or a refusal that names the file, the place and what is wrong there."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from calciscope.instruments.definition import (
    Band,
    Held,
    HeldIn,
    Instrument,
    Item,
    ItemType,
    Output,
    OutputKind,
    Rights,
    RightsStatus,
    Source,
    Value,
    matching,
)
from calciscope.instruments.toml_table import DefinitionRefused, TomlTable
from calciscope.terms.scores import Verification, weakest

HELD = re.compile(
    rf"((?P<means>\d+) if )?(?P<where>{'|'.join(HeldIn)})( (?P<name>[a-z0-9_{{}}-]+)(\.(?P<field>[a-z0-9_]+))?)?"
)
BOUNDED = frozenset({ItemType.WHOLE, ItemType.NUMBER, ItemType.INTERVAL})


def load_definition(text: str, *, place: str, instrument_id: str, score_module: str = "") -> Instrument:
    """The instrument of a definition's text; ``place`` names the file in refusals."""
    try:
        held = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionRefused(f"The instrument definition {place} is not valid TOML: {error}.") from error
    top = TomlTable(held, f"{place}:")
    items = tuple(_item(one) for one in top.tables("items"))
    values = tuple(_value(name, one) for name, one in top.named("values"))
    leaves = {path: item for one in items for path, item in one.leaves()}
    instrument = Instrument(
        id=top.text("id"),
        title=top.text("title"),
        measures=top.text("measures"),
        population=top.text("population"),
        rights=_rights(top.table("rights")),
        sources=tuple(_source(name, one) for name, one in top.named("sources")),
        items=items,
        values=values,
        outputs=tuple(_output(one, leaves, values) for one in top.tables("outputs")),
        bands=tuple(_band(one) for one in top.tables("bands")),
        cautions=top.texts("cautions"),
        slot=top.text("slot", ""),
        children_only=top.flag("children_only"),
        once=top.flag("once"),
        score_module=score_module,
    )
    top.done()
    if instrument.id != instrument_id:
        top.refuse(f"calls itself {instrument.id!r}, its folder {instrument_id!r}")
    _check_whole(instrument, top)
    return instrument


def _rights(table: TomlTable) -> Rights:
    rights = Rights(status=table.word("status", RightsStatus), note=table.text("note"))
    table.done()
    return rights


def _source(name: str, table: TomlTable) -> Source:
    source = Source(id=name, cite=table.text("cite"), read=table.text("read"))
    table.done()
    return source


def _value(name: str, table: TomlTable) -> Value:
    value = Value(
        id=name,
        meaning=table.text("meaning"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
        data=table.data("data"),
        note=table.text("note", ""),
    )
    table.done()
    return value


def _item(table: TomlTable) -> Item:
    weight = table.number("weight")
    item = Item(
        key=table.text("key"),
        title=table.text("title"),
        type=table.word("type", ItemType),
        verification=table.word("verification", Verification),
        low=table.number("low"),
        high=table.number("high"),
        unit=table.text("unit", ""),
        choices=table.texts("choices"),
        rows=table.texts("rows"),
        rows_in_record=table.texts("rows_in_record"),
        record=tuple(_held(words, table) for words in table.texts("record")),
        items=tuple(_item(one) for one in table.tables("items")),
        optional=table.flag("optional"),
        note=table.text("note", ""),
    )
    table.done()
    _check_item(item, table)
    item = item if weight is None else replace(item, weight=weight)
    return replace(item, items=tuple(_optional(one) for one in item.items)) if item.optional else item


def _held(words: str, table: TomlTable) -> Held:
    """Such as ``score mmt-8.total_both``, or ``150 if score mmt-8.total_both``."""
    place = HELD.fullmatch(words)
    if place is None or (place["where"] == HeldIn.AGE) == bool(place["name"]):
        table.refuse(
            f"does not name a place of the record by {words!r}; write for instance 'fact activity.physician_global'"
        )
    where = HeldIn(place["where"])
    if (where in {HeldIn.FACT, HeldIn.SCORE}) != bool(place["field"]):
        table.refuse(f"needs a full stop between {where} and its field, and nowhere else ({words!r})")
    means = Fraction(place["means"]) if place["means"] else None
    return Held(where=where, name=place["name"] or "", field=place["field"] or "", means=means)


def _optional(item: Item) -> Item:
    return replace(item, optional=True, items=tuple(_optional(one) for one in item.items))


def _check_item(item: Item, table: TomlTable) -> None:
    nested = item.type in {ItemType.GROUP, ItemType.TABLE, ItemType.LIST}
    if item.type in BOUNDED and (item.low is None or item.high is None or item.low >= item.high):
        table.refuse(f"needs low and high of {item.key}, the low one first")
    if item.type not in BOUNDED and (item.low is not None or item.high is not None):
        table.refuse(f"gives limits to {item.key}, which is no number")
    if nested != bool(item.items) or (item.type is ItemType.TABLE) != bool(item.rows):
        table.refuse(f"does not fit {item.key} to its type {item.type}: items or rows missing or out of place")
    if (item.type is ItemType.CHOICE) != bool(item.choices):
        table.refuse(f"needs choices where the type is choice, and nowhere else ({item.key})")
    if item.rows_in_record and len(item.rows_in_record) != len(item.rows):
        table.refuse(f"names as many rows of {item.key} in the record as it has, or none")
    if item.items and item.record:
        table.refuse(f"says where the record has {item.key}, which is no single answer")
    if "." in item.key or any("." in row for row in item.rows):
        table.refuse(f"has a full stop in the key {item.key} or its rows")
    _refuse_twice([one.key for one in item.items], table)


def _output(table: TomlTable, leaves: Mapping[str, Item], values: tuple[Value, ...]) -> Output:
    of, uses = table.texts("of"), table.texts("uses")
    known = {value.id: value.verification for value in values}
    paths = [path for pattern in of for path in matching(leaves, pattern) or table.refuse(f"knows no item {pattern}")]
    marks = [leaves[path].verification for path in paths]
    marks += [known[use] if use in known else table.refuse(f"knows no value {use}") for use in uses]
    output = Output(
        name=table.text("name"),
        title=table.text("title"),
        kind=table.word("kind", OutputKind),
        of=of,
        uses=uses,
        verification=weakest(marks),
        low=table.number("low"),
        high=table.number("high"),
        unit=table.text("unit", ""),
        least_when_missing=table.flag("least_when_missing"),
        least_answered=table.count("least_answered"),
        on_course=table.text("on_course", ""),
        best=table.text("best", ""),
    )
    table.done()
    if not of and output.kind is not OutputKind.SCORED:
        table.refuse(f"does not say of which items {output.name} is the {output.kind}")
    return output


def _band(table: TomlTable) -> Band:
    band = Band(
        output=table.text("output"),
        says=table.text("says"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
        at_least=table.number("at_least"),
        at_most=table.number("at_most"),
    )
    table.done()
    if band.at_least is None and band.at_most is None:
        table.refuse("gives a band without a limit")
    return band


def _check_whole(instrument: Instrument, top: TomlTable) -> None:
    known = {source.id for source in instrument.sources}
    cited = [(value.id, value.source) for value in instrument.values]
    cited += [(band.says, band.source) for band in instrument.bands]
    for what, source in cited:
        if source not in known:
            top.refuse(f"cites {source!r} for {what}, which is not among its sources")
    if not known:
        top.refuse("has no source")
    names = {output.name for output in instrument.outputs}
    if any(band.output not in names for band in instrument.bands):
        top.refuse("has a band on an output that it does not have")
    _refuse_twice([item.key for item in instrument.items], top)
    _refuse_twice([output.name for output in instrument.outputs], top)
    if instrument.slot and (instrument.items or instrument.outputs or instrument.score_module):
        top.refuse("is a slot, and yet has items, outputs or a score.py")
    if not instrument.slot and not (instrument.items and instrument.outputs):
        top.refuse("has no items or no outputs; a slot says why it cannot be scored")
    scored = any(output.kind is OutputKind.SCORED for output in instrument.outputs)
    if scored != bool(instrument.score_module):
        top.refuse("must have a score.py if an output is 'scored', and none otherwise")


def _refuse_twice(names: list[str], table: TomlTable) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        table.refuse(f"names {twice[0]} twice")
