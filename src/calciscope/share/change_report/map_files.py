"""The difference map as files for a screen: each panel without marks, and where each family lies on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from calciscope.share.pictures.change_map import PANELS, ChangeMap
from calciscope.share.rounding import rounded
from calciscope.terms.tracking import Comparison, Event, Family

MAP_FOLDER, MAP_JSON = "map", "map.json"
SCHEMA = "calciscope.map"


def write_map(
    maps: Sequence[ChangeMap], comparison: Comparison, places: Mapping[int, np.ndarray], folder: Path
) -> None:
    """Write ``map/`` into ``folder``; ``places``: track_id -> centre of the family in the first scan (LPS mm)."""
    into = folder / MAP_FOLDER
    into.mkdir()
    planes = []
    for one in maps:
        for panel in PANELS:
            one.pictures[panel].save(into / f"{one.plane.name}_{panel}.png", "PNG", optimize=True)
        marks = [_mark(one, family, places) for family in comparison.families if shown_on_map(family)]
        planes.append(
            {
                "name": one.plane.name,
                "letters": list(one.plane.letters),
                "width": one.frame.width,
                "height": one.frame.height,
                "pixel_mm": rounded(one.frame.pixel_mm),
                "marks": marks,
            }
        )
    text = json.dumps({"schema": SCHEMA, "schema_version": 1, "planes": planes}, indent=1) + "\n"
    (into / MAP_JSON).write_text(text, encoding="utf-8")


def shown_on_map(family: Family) -> bool:
    """Whether the family is marked: evaluable, or too faint to be judged."""
    return family.event is not Event.NOT_EVALUABLE or family.limit_mg is None


def _mark(one: ChangeMap, family: Family, places: Mapping[int, np.ndarray]) -> dict[str, object]:
    across, along = one.place(places[family.track_id])
    return {"track_id": family.track_id, "event": family.event.value, "x": rounded(across), "y": rounded(along)}
