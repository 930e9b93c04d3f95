"""Words of imaging: how a scan stands, what was measured, where a candidate lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place
from calciscope.record.queries.scans import ScanSeen
from calciscope.record.vocabulary import LAYERS, REGIONS

STATES = {
    "receiving": "being sent",
    "asked": "asks whose it is",
    "waiting": "waits to be measured",
    "measuring": "is being measured",
    "measured": "measured",
    "refused": "cannot be measured",
    "failed": "was not measured",
    "discarded": "discarded",
}
TAGS = {
    "refused": "tag-alert",
    "failed": "tag-alert",
    "asked": "tag-due",
    "receiving": "tag-due",
    "measured": "tag-good",
}
DOUBTS = {"name": "the name", "born_on": "the date of birth", "number": "the patient's number"}


def scan_words(scan: ScanSeen) -> str:
    """How a scan stands."""
    return STATES[scan.state]


def part_words(study: Fact) -> str:
    """Parts of the body that a study shows."""
    regions = study.data.get("regions")
    return ", ".join(str(REGIONS.get(one, one)) for one in regions) if isinstance(regions, list) else ""


def candidate_words(found: Mapping[str, Any]) -> str:
    """Such as "left knee, subcutaneous nodule, 14 mm"."""
    layer = LAYERS.get(str(found["layer"]), "") if found["layer"] != "unknown" else ""
    longest = found.get("longest_diameter_mm")
    likeness = " ".join(word for word in (layer, str(found["shape"])) if word)
    size = f"{longest:.0f} mm" if isinstance(longest, int | float) else ""
    return ", ".join(part for part in (place(found) or "place not certain", likeness, size) if part)
