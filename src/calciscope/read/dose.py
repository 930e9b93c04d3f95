"""Dose length product and CTDIvol from X-Ray Radiation Dose Structured Reports (PS3.16 TID 10011 to 10013)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from calciscope.read.elements import RawHeader
from calciscope.read.foreign import Unreadable, load_pydicom, parsing
from calciscope.read.limits import MAX_DOCUMENT_BYTES

# Concept codes (DCM) of TID 10012 and 10013.
CT_ACQUISITION = "113819"
EVENT_UID = "113769"
DLP = "113838"
DLP_TOTAL = "113813"
MEAN_CTDI_VOL = "113830"
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Dose of the scan's own irradiation, or of the whole examination when the report does not tell them apart."""

    ctdi_vol_mgy: float | None = None
    dlp_mgy_cm: float | None = None


def read_dose(reports: Iterable[RawHeader], events: frozenset[str]) -> Dose:
    """Dose of the irradiation events given; of the whole examination when none of them is in a report."""
    found: list[tuple[str, float | None, float | None]] = []
    totals: list[float] = []
    for report in reports:
        try:
            with parsing("a damaged dose report"):
                content = _content(report)
                found += [_event(item) for item in _all(content, CT_ACQUISITION, 0)]
                totals += [value for item in _all(content, DLP_TOTAL, 0) if (value := _number(item)) is not None]
        except Unreadable:
            continue
    own = [(ctdi, dlp) for uid, ctdi, dlp in found if uid in events]
    dlps = [dlp for _, dlp in own if dlp is not None]
    ctdis = [ctdi for ctdi, _ in own if ctdi is not None]
    if not own and len(found) == 1:
        ctdis = [ctdi for _, ctdi, _ in found if ctdi is not None]
    dlp = sum(dlps) if dlps else (sum(totals) if totals else None)
    return Dose(ctdi_vol_mgy=max(ctdis) if ctdis else None, dlp_mgy_cm=dlp)


def _content(report: RawHeader) -> Any:
    if report.entry.size > MAX_DOCUMENT_BYTES:
        raise Unreadable("a dose report of absurd size")
    with report.entry.opened() as stream:  # type: ignore[attr-defined]
        return load_pydicom().dcmread(stream, force=True)


def _code(item: Any) -> str:
    names = item.get("ConceptNameCodeSequence")
    return str(names[0].get("CodeValue", "")) if names else ""


def _all(item: Any, code: str, depth: int) -> Iterator[Any]:
    """Every content item of that concept, at any depth."""
    if depth > MAX_DEPTH:
        return
    for child in item.get("ContentSequence") or ():
        if _code(child) == code:
            yield child
        yield from _all(child, code, depth + 1)


def _number(item: Any) -> float | None:
    measured = item.get("MeasuredValueSequence")
    value = float(measured[0].NumericValue) if measured else math.nan
    return value if math.isfinite(value) and value >= 0 else None


def _event(item: Any) -> tuple[str, float | None, float | None]:
    """(irradiation event UID, CTDIvol mGy, DLP mGy cm) of one CT acquisition."""
    uid = next((str(child.get("UID", "")) for child in _all(item, EVENT_UID, 0)), "")
    ctdi = next((_number(child) for child in _all(item, MEAN_CTDI_VOL, 0)), None)
    dlp = next((_number(child) for child in _all(item, DLP, 0)), None)
    return uid, ctdi, dlp
