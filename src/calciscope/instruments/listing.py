"""What there is to know of an instrument before it is used, as plain values."""

from __future__ import annotations

from calciscope.instruments.definition import Instrument, Item
from calciscope.instruments.plain import plain
from calciscope.terms.scores import weakest


def listed(instrument: Instrument) -> dict[str, object]:
    """Id, title, what it measures, rights, sources, verification, items, values and outputs; why a slot is one."""
    return {
        "id": instrument.id,
        "title": instrument.title,
        "measures": instrument.measures,
        "population": instrument.population,
        "scored": not instrument.slot,
        "slot": instrument.slot or None,
        "rights": {"status": str(instrument.rights.status), "note": instrument.rights.note},
        "source": instrument.source(),
        "sources": [{"id": one.id, "cite": one.cite, "read": one.read} for one in instrument.sources],
        "verification": None if instrument.slot else str(weakest(one.verification for one in instrument.outputs)),
        "cautions": list(instrument.cautions),
        "items": [_item(item) for item in instrument.items],
        "values": [
            {
                "id": value.id,
                "meaning": value.meaning,
                "data": plain(value.data),
                "source": value.source,
                "verification": str(value.verification),
                "note": value.note,
            }
            for value in instrument.values
        ],
        "outputs": [
            {
                "name": output.name,
                "title": output.title,
                "low": plain(output.low),
                "high": plain(output.high),
                "unit": output.unit,
                "verification": str(output.verification),
            }
            for output in instrument.outputs
        ],
        "readings": [
            {
                "of": band.output,
                "at_least": plain(band.at_least),
                "at_most": plain(band.at_most),
                "says": band.says,
                "source": band.source,
                "verification": str(band.verification),
            }
            for band in instrument.bands
        ],
    }


def _item(item: Item) -> dict[str, object]:
    described: dict[str, object] = {"key": item.key, "title": item.title, "type": str(item.type)}
    if item.low is not None:
        described |= {"low": plain(item.low), "high": plain(item.high)}
    if item.unit:
        described["unit"] = item.unit
    for name, held in (("choices", item.choices), ("rows", item.rows)):
        if held:
            described[name] = list(held)
    if item.items:
        described["items"] = [_item(one) for one in item.items]
    if item.optional:
        described["optional"] = True
    return described | {"verification": str(item.verification)}
