"""What the report of a comparison says, as plain values for the templates: every number is already words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from calciscope.share.event_marks import EVENT_IMPORTANCE, EVENT_MARKS
from calciscope.share.report import words
from calciscope.share.report.method_box import version_words
from calciscope.terms.tracking import BurdenChange, Comparison, Event, Family, SegmentFit, TimePoint, Tracking

RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."
ROWS = 60  # longer tables are for the CSV file
LONGEST_BAR = 6.0  # limits; a longer bar is cut, and its number says so
NOT_GOOD_BY_ITSELF = (
    "A loss is not called good here: images do not tell mineral that was resorbed from mineral that came out through the "
    "skin, was drained or cut out. The cause is unknown unless the record says it."
)
LIMIT_WORDS = (
    "A change is called real when it is larger than measurement error can make it, with 95 % confidence for all deposits "
    "of this patient together, so that many deposits do not mean many false alarms. The limit comes from phantom patients "
    "scanned again and again without any change, by slice thickness."
)
BORROWED_WORDS = (
    "Change by more than 25 % is the rule of a study of hand radiographs in systemic sclerosis (39 patients, one year); it "
    "is borrowed, was not made for CT, and is shown for comparison only."
)


def content(tracking: Tracking, comparison: Comparison) -> dict[str, object]:
    """All words and numbers but the pictures."""
    first, second = tracking.scans[0], tracking.scans[comparison.followup]
    listed = sorted(comparison.families, key=lambda one: (one.event is Event.NOT_EVALUABLE, one.track_id))
    return {
        "research_use": RESEARCH_USE,
        "version": version_words(),
        "days": [day(scan.facts.scan_date) for scan in (first, second)],
        "scans": [_scan(scan) for scan in (first, second)],
        "burden": _burden(comparison.burden),
        "events": _events(comparison.families),
        "warnings": [*tracking.warnings, *comparison.warnings, *_widened(comparison)],
        "rows": [_row(one) for one in listed[:ROWS]],
        "more": "" if len(listed) <= ROWS else f"{len(listed) - ROWS} more are in changes.csv.",
        "segments": [_segment(one) for one in comparison.segments],
        "longest_bar": LONGEST_BAR,
        "limit_words": LIMIT_WORDS,
        "borrowed_words": BORROWED_WORDS,
        "loss_words": NOT_GOOD_BY_ITSELF,
        "slice_class": comparison.thickness_class,
    }


def day(value: date | None) -> str:
    """07 Mar 2026."""
    return words.day(value).removeprefix("Scan of ")


def _scan(scan: TimePoint) -> str:
    facts = scan.facts
    parts = [
        "tube voltage not recorded" if facts.kvp is None else f"{facts.kvp:g} kV",
        "slice thickness not recorded"
        if facts.slice_thickness_mm is None
        else f"slices {facts.slice_thickness_mm:g} mm",
        "kernel not recorded" if facts.kernel is None else f"kernel {words.printable(facts.kernel)}",
    ]
    return ", ".join(parts)


def _burden(burden: BurdenChange) -> dict[str, str]:
    if burden.change_mg is None or burden.limit_mg is None:
        return {"sentence": "The burden is not evaluable in one of the scans.", "change": "", "limit": "", "litre": ""}
    verdict = "more than measurement error" if burden.significant else "within measurement error"
    percent = "" if burden.change_percent is None else f" ({_signed(burden.change_percent, 1)} %)"
    return {
        "sentence": f"{words.amount(burden.baseline_mg)} mg, then {words.amount(burden.followup_mg)} mg hydroxyapatite in "
        f"what both scans show: a change of {_signed(burden.change_mg)} mg{percent}, {verdict} "
        f"(limit {words.amount(burden.limit_mg)} mg).",
        "change": f"{_signed(burden.change_mg)} mg",
        "limit": f"{words.amount(burden.limit_mg)} mg",
        "litre": f"{words.amount(burden.baseline_mg_per_litre)}, then {words.amount(burden.followup_mg_per_litre)} mg per "
        f"litre of the body that both show ({words.amount(burden.baseline_litres)}, then "
        f"{words.amount(burden.followup_litres)} l).",
    }


def _events(families: Sequence[Family]) -> list[dict[str, object]]:
    found = []
    for event, mark in EVENT_MARKS.items():
        count = sum(1 for one in families if one.event is event)
        if count:
            found.append({"name": mark.name, "form": mark.form, "colour": mark.hex, "count": count})
    return found


def _widened(comparison: Comparison) -> list[str]:
    if not comparison.widened_by:
        return []
    return [f"The limits are wider because a setting changed: {'; '.join(comparison.widened_by)}."]


def _row(family: Family) -> dict[str, object]:
    mark = EVENT_MARKS[family.event]
    ratio = 0.0
    if family.change_mg is not None and family.limit_mg:
        ratio = max(-LONGEST_BAR, min(LONGEST_BAR, family.change_mg / family.limit_mg))
    return {
        "number": family.track_id,
        "event": mark.name,
        "form": mark.form,
        "colour": mark.hex,
        "site": words.site(family.region, family.side),
        "layer": words.plain(family.layer.value),
        "then": words.amount(family.baseline_mass_mg) if family.baseline_ids else "",
        "now": words.amount(family.followup_mass_mg) if family.followup_ids else "",
        "change": words.DASH if family.change_mg is None else _signed(family.change_mg),
        "percent": "" if family.change_percent is None else f"{_signed(family.change_percent, 0)} %",
        "limit": words.amount(family.limit_mg) if family.limit_mg else words.DASH,
        "real": "" if family.significant is None else ("yes" if family.significant else "no"),
        "borrowed": "" if family.beyond_25_percent is None else ("yes" if family.beyond_25_percent else "no"),
        "cause": family.cause.value if (family.change_mg or 0.0) < 0 and family.significant else "",
        "ratio": ratio,
        "note": family.note,
    }


def _segment(segment: SegmentFit) -> list[str]:
    growth = 100.0 * (segment.scale - 1.0)
    return [
        segment.name,
        words.site(segment.region, segment.side),
        _distance(segment.residual_mm, 3),
        _distance(segment.along_sd_mm, 2),
        f"{100.0 * segment.shared:.0f} %",
        f"{_signed(growth, 1)} %",
        "yes" if segment.evaluable else f"no: {segment.why_not}",
    ]


def _distance(value_mm: float, digits: int) -> str:
    """A dash where a fit found nothing to measure by, which is kept as infinity."""
    return f"{words.amount(value_mm, digits)} mm" if math.isfinite(value_mm) else words.DASH


def _signed(value: float, decimals: int | None = None) -> str:
    size = words.amount(abs(value)) if decimals is None else words.fixed(abs(value), decimals)
    if value == 0 or size.strip("0.") == "":
        return size
    return ("+" if value > 0 else "\u2212") + size


def importance(family: Family) -> tuple[int, int]:
    """What is numbered first: by event, then by mass."""
    return EVENT_IMPORTANCE[family.event], family.track_id
