"""The reference page of the instruments, from their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GENERATED_INTRODUCTION = """Measures of the patient besides the scan: `calciscope score INSTRUMENT ANSWERS.json` scores one,
`calciscope instruments` lists them, `calciscope score INSTRUMENT --blank` prints an empty sheet to fill in
([how to score a patient](../how-to/score-a-patient.md), [how to add an instrument](../how-to/add-an-instrument.md)).

**Answers.** A JSON object with the keys below; groups are nested. A missing key and null both mean *not assessed*, never
*no*. An unknown key, a wrong type and a number out of range are refused (exit code 3), with the nearest key that exists.

**Output.** A JSON object: the instrument's outputs, then `missing` (what was not assessed), `parts` (what each item
contributed), `readings` (what publications say of the value), `notes`, `cautions`, `source`, `verification`, `rights` and the
`answers` as understood. While items are missing, `NAME_range` holds the least and the greatest the output can be, over all
values of what is missing; an output that is still open is null. Points that add up finding by finding (`eular-acr-2017`,
`tis-2016`, `cdasi-v2`) are given as the least they can be. Golden example:
[answers](examples/eular-acr-2017.json), [score](examples/score.json). JSON Schema:
`src/calciscope/share/schemas/score.schema.json`, that of the list `instruments.schema.json` beside it; both are installed.

**Verification.** *seen*: read in the publication or on the page of the body that issued it; *secondary*: read in a source
that quotes it; *judgement*: chosen here, with the reason; *memory*: general knowledge that nobody has looked up yet, so
not established. An output is as weak as the weakest value it rests on.

**Rights.** Where wording is protected, only sums and neutral names are here. Take forms and instructions from their owners."""

SLOT_LINE = "**Not scored yet.** {why}"


def instruments_page(generated: str) -> str:
    """The whole page; ``generated`` is the mark of a generated page."""
    from calciscope.instruments import instruments, listed

    told = [listed(one) for one in instruments().values()]
    parts = ["# Instruments", generated, GENERATED_INTRODUCTION]
    rows = [
        [f"[{one['id']}](#{one['id']})", one["title"], one["rights"]["status"], one["verification"] or "not scored yet"]
        for one in told
    ]
    parts.append(_table(["id", "title", "rights", "weakest value"], rows))
    for one in told:
        parts += _section(one)
    return "\n\n".join(parts) + "\n"


def _section(one: Mapping[str, Any]) -> list[str]:
    rights, sources = one["rights"], one["sources"]
    lines = [
        f"Measures: {one['measures']}.",
        f"Population: {one['population']}.",
        f"Rights: {rights['status']} ({rights['note']}).",
    ]
    parts = [f"## {one['id']}", f"{one['title']}.", "\\\n".join(lines)]
    if one["slot"]:
        parts.append(SLOT_LINE.format(why=one["slot"][0].upper() + one["slot"][1:]))
    parts.append("\n".join(f"- {caution}" for caution in one["cautions"]))
    if not one["slot"]:
        items = [row for item in one["items"] for row in _item_rows(item, "")]
        parts.append(_table(["answer", "what", "allowed", "verification"], items))
        values = [
            [value["id"], value["meaning"], _data(value["data"]), _marked(value), value["source"]]
            for value in one["values"]
        ]
        if values:
            parts.append(_table(["published value", "meaning", "data", "verification", "source"], values))
        outputs = [[f"`{o['name']}`", o["title"], _span(o), o["verification"]] for o in one["outputs"]]
        parts.append(_table(["output", "what", "from, to", "verification"], outputs))
    readings = [[f"`{r['of']}`", _limits(r), r["says"], r["verification"], r["source"]] for r in one["readings"]]
    if readings:
        parts.append(_table(["reading of", "where", "says", "verification", "source"], readings))
    parts.append("Sources:\n\n" + "\n".join(f"- {source['cite']}. Read: {source['read']}." for source in sources))
    return [part for part in parts if part]


def _item_rows(item: Mapping[str, Any], above: str) -> list[list[str]]:
    path = f"{above}.{item['key']}" if above else item["key"]
    below = path + {"table": ".*", "list": "[]"}.get(item["type"], "")
    allowed = {"group": "object", "table": "object with " + ", ".join(item.get("rows", [])), "list": "list of objects"}
    optional = "; optional" if item.get("optional") else ""
    row = [f"`{path}`", item["title"], (allowed.get(item["type"]) or _allowed(item)) + optional, item["verification"]]
    return [row, *(one for inner in item.get("items", []) for one in _item_rows(inner, below))]


def _allowed(item: Mapping[str, Any]) -> str:
    if item["type"] == "choice":
        return ", ".join(item["choices"])
    word = {"yes_no": "true, false", "whole": "whole number", "number": "number", "interval": "[low, high]"}[
        item["type"]
    ]
    return f"{word} {_span(item)}".strip()


def _span(held: Mapping[str, Any]) -> str:
    unit = f" {held['unit']}" if held.get("unit") else ""
    low, high = held.get("low"), held.get("high")
    return unit.strip() if low is None or high is None else f"{low} to {high}{unit}"


def _limits(reading: Mapping[str, Any]) -> str:
    low, high = reading["at_least"], reading["at_most"]
    limits = ["" if low is None else f"from {low}", "" if high is None else f"up to {high}"]
    return " ".join(limit for limit in limits if limit) or "always"


def _data(data: object) -> str:
    if isinstance(data, Mapping):
        return "; ".join(f"{name} {_data(one)}" for name, one in data.items())
    if isinstance(data, list):
        inner = ", ".join(_data(one) for one in data)
        return f"[{inner}]" if any(isinstance(one, list) for one in data) else inner
    return str(data)


def _marked(value: Mapping[str, Any]) -> str:
    return f"{value['verification']}. {value['note']}" if value["note"] else value["verification"]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
