"""Whether scans may be compared at all, and what a reader must be warned of: one sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from calciscope.measure.regions.hints import regions_in
from calciscope.terms.deposits import Region
from calciscope.terms.errors import Refused
from calciscope.terms.tracking import TimePoint

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_order_of_time(scans: Sequence[TimePoint]) -> tuple[tuple[TimePoint, ...], tuple[str, ...]]:
    """The scans by date, and warnings on their order; scans without a date keep the order they were given in."""
    if any(scan.facts.scan_date is None for scan in scans):
        return tuple(scans), (
            "Not every scan says when it was made, so they are taken in the order given, baseline first; check it.",
        )
    ordered = sorted(scans, key=lambda scan: scan.facts.scan_date or date.min)
    warnings = []
    if any(a is not b for a, b in zip(ordered, scans, strict=True)):
        warnings.append("The scans were not given in order of time; the earliest is taken as the baseline.")
    if len({scan.facts.scan_date for scan in scans}) < len(scans):
        warnings.append("Two scans are of the same day; they are taken in the order given.")
    return tuple(ordered), tuple(warnings)


def must_be_comparable(scans: Sequence[TimePoint]) -> None:
    """Raise ``Refused`` for one scan given twice, two patients, or two parts of the body."""
    if len(scans) < 2:
        raise Refused("Only one scan was given; tracking needs a baseline and at least one follow-up.")
    for number, scan in enumerate(scans):
        for earlier, other in enumerate(scans[:number]):
            names = f"{name_of(other, earlier)} and {name_of(scan, number)}"
            if scan.facts.pixel_sha256 and scan.facts.pixel_sha256 == other.facts.pixel_sha256:
                raise Refused(f"{names} are the same scan; give two different ones.")
            keys = {scan.facts.patient_key, other.facts.patient_key} - {None}
            if len(keys) == 2:
                raise Refused(f"{names} are of two patients, so they are not compared; give scans of one patient.")
            why = _other_part(other, scan)
            if why:
                raise Refused(f"{names} show different parts of the body ({why}); give scans of the same part.")


def warnings_on(first: TimePoint, second: TimePoint, number: int) -> tuple[str, ...]:
    """What may spoil the comparison of two scans."""
    found = []
    given = [name for scan, name in ((first, name_of(first, 0)), (second, name_of(second, number)))
             if scan.facts.contrast_agent]  # fmt: skip
    if given:
        found.append(
            f"{' and '.join(given)} {'was' if len(given) == 1 else 'were'} made with contrast agent, which brightens "
            "vessels and inflamed tissue; a rise of mass there may be contrast, not mineral."
        )
    if None in (first.facts.patient_key, second.facts.patient_key):
        found.append("Not every scan says whose it is; make sure that all are of one patient.")
    for scan, name in ((first, name_of(first, 0)), (second, name_of(second, number))):
        if "clipping" in scan.facts.failed_checks:
            found.append(f"{name} holds voxels at the highest CT number it can store: masses there are lower bounds.")
    if first.matrix.hu != second.matrix.hu:
        found.append("The two scans were measured with different matrices; both are given in one common matrix here.")
    return tuple(found)


def name_of(scan: TimePoint, number: int) -> str:
    """How a sentence names a scan: by its number and date."""
    day = scan.facts.scan_date
    return f"Scan {number + 1}" + ("" if day is None else f" ({day.day:02d} {MONTHS[day.month - 1]} {day.year})")


def _other_part(first: TimePoint, second: TimePoint) -> str:
    """Why two scans cannot show the same part of the body; empty where they may."""
    sides = [{part.side for part in scan.coverage} & {"left", "right"} for scan in (first, second)]
    if len(sides[0]) == 1 and len(sides[1]) == 1 and sides[0] != sides[1]:
        return f"the {next(iter(sides[0]))} side, then the {next(iter(sides[1]))}"
    (regions, words), (others, other_words) = _regions(first), _regions(second)
    return f"{words}, then {other_words}" if regions and others and not regions & others else ""


def _regions(scan: TimePoint) -> tuple[frozenset[Region], str]:
    """Regions that a scan shows, in words; where none was recognised, those that its header may mean."""
    known = frozenset(part.region for part in scan.coverage) - {Region.UNKNOWN}
    if known:
        return known, " and ".join(sorted(one.value.replace("_", " ") for one in known))
    filed = scan.facts.body_part or ""
    return regions_in(filed), f"filed as {filed.lower()}"
