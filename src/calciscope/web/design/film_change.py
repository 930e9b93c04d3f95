"""What became of a deposit's area from one film to the next: the change and the smallest real one, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calciscope.measure.films.change import AreaChange, SeenArea, area_change
from calciscope.web.design.course import Course

MEASUREMENT, FILM = "film_measurement", "film"
MM2_PER_CM2 = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area of a deposit on a radiograph; ``view`` is where and how it was taken."""

    day: date
    film: str
    view: tuple[str, str, str]
    data: Mapping[str, Any]

    @property
    def why_not(self) -> str:
        """Why no limit holds for it; empty where one does."""
        if self.data.get("way") != "edge":
            return "it was not outlined by its edge"
        return "its edge is uneven" if self.data.get("edge") == "uneven" else ""

    @property
    def seen(self) -> SeenArea:
        """As the limit takes it."""
        return SeenArea(
            area_mm2=float(self.data["area_mm2"]), scale_uncertainty=float(self.data["scale"]["scale_uncertainty"])
        )


def areas_of(course: Course) -> dict[str, list[Area]]:
    """Deposit -> its areas on radiographs, the oldest first; of several on one film the last."""
    films = {str(fact.uid): fact.data for fact in course.of_noun(FILM)}
    found: dict[str, dict[str, Area]] = {}
    for fact in course.of_noun(MEASUREMENT):
        data, film = fact.data, films.get(str(fact.data["film"]))
        if film is None or film["kind"] != "radiograph" or "area_mm2" not in data or "of_deposit" not in data:
            continue
        view = (str(film["region"]), str(film["side"]), str(film.get("view", "")))
        area = Area(day=course.when(fact), film=str(data["film"]), view=view, data=data)
        found.setdefault(str(data["of_deposit"]), {})[area.film] = area
    return {deposit: sorted(areas.values(), key=lambda one: one.day) for deposit, areas in found.items()}


def compared_with(areas: Mapping[str, Sequence[Area]], then: str, now: str) -> int:
    """How many deposits two films are compared by."""
    return sum({then, now} <= {area.film for area in some} for some in areas.values())


def change_words(then: Area, now: Area, *, compared: int) -> str:
    """Such as "1.20 → 1.84 cm², beyond error (0.31)", or why it cannot be said."""
    sizes = f"{_cm2(then.seen.area_mm2)} → {_cm2(now.seen.area_mm2)} cm²"
    why = now.why_not or then.why_not
    if not why and then.view != now.view:
        why = "the films show it from another side"
    if why:
        return f"{sizes}, not to be compared: {why}"
    change = area_change(then.seen, now.seen, compared=compared)
    return f"{sizes}, {_beyond(change)} error ({_cm2(change.limit_mm2)})"


def _beyond(change: AreaChange) -> str:
    return "beyond" if change.is_real else "within"


def _cm2(mm2: float) -> str:
    return f"{mm2 / MM2_PER_CM2:.2f}"
