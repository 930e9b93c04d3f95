"""Laboratory results as understood: which analyte, in one unit, the newest before the day of the picture, and how old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from calciscope.knowledge.model import Analyte
from calciscope.knowledge.words import unit_key
from calciscope.terms.picture import Lab, PatientPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result in the analyte's own unit."""

    value: float
    low: float | None
    high: float | None
    day: date | None
    warns_only: str


class Results:
    """Results by analyte; what could not be used is told in ``not_checked``."""

    def __init__(self, picture: PatientPicture, analytes: Mapping[str, Analyte]) -> None:
        """Results after the day of the picture are not known on it, and left out."""
        by_loinc = {loinc: one for one in analytes.values() for loinc in one.loincs}
        by_name = {word: one for one in analytes.values() for word in (one.id, one.title.lower(), *one.aliases)}
        self._newest: dict[str, tuple[tuple[bool, date, float], Result]] = {}
        self.not_checked: list[str] = []
        for lab in picture.labs:
            analyte = by_loinc.get(lab.loinc or "") or by_name.get((lab.name or "").strip().lower())
            if analyte is None:
                self.not_checked.append(f"not checked: {lab.name or lab.loinc or 'a result without a name'}")
            elif lab.day is not None and lab.day > picture.as_of:
                self.not_checked.append(f"not checked: {analyte.title} dated after the day of the picture")
            elif lab.value is not None:
                self._take(lab, analyte, picture.as_of)

    def newest(self, analyte: str) -> Result | None:
        """The newest result of an analyte."""
        found = self._newest.get(analyte)
        return found[1] if found else None

    def _take(self, lab: Lab, analyte: Analyte, as_of: date) -> None:
        factor = analyte.factors.get(unit_key(lab.unit or ""))
        if factor is None or lab.value is None:
            unit = f"unit {lab.unit}" if lab.unit else "no unit given"
            self.not_checked.append(f"not checked: {analyte.title} ({unit})")
            return
        if lab.value < 0:
            self.not_checked.append(f"not checked: {analyte.title} (below zero)")
            return
        low, high = self._limits(lab, analyte)
        result = Result(
            value=lab.value * factor,
            low=None if low is None else low * factor,
            high=None if high is None else high * factor,
            day=lab.day,
            warns_only=_doubt(lab.day, analyte, as_of),
        )
        rank = (lab.day is not None, lab.day or date.min, result.value)
        if analyte.id not in self._newest or rank > self._newest[analyte.id][0]:
            self._newest[analyte.id] = (rank, result)

    def _limits(self, lab: Lab, analyte: Analyte) -> tuple[float | None, float | None]:
        """The laboratory's own limits; none where they stand the wrong way round."""
        if lab.low is not None and lab.high is not None and lab.low > lab.high:
            self.not_checked.append(f"not checked: limits of {analyte.title} (the lower one lies above the upper one)")
            return None, None
        return lab.low, lab.high


def _doubt(day: date | None, analyte: Analyte, as_of: date) -> str:
    if day is None:
        return "the last one has no date"
    age = (as_of - day).days
    return f"the last one is {age} days old" if age > analyte.valid_days else ""
