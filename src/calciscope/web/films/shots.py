"""Films of a patient as screens show them: words, addresses, what was measured on each, and which comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.urls import reverse

from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place, place_of
from calciscope.record.nouns.film import BASES
from calciscope.record.nouns.film_measurement import OUTCOMES, WAYS
from calciscope.web.design.course import Course
from calciscope.web.design.days import written
from calciscope.web.design.film_change import areas_of, change_words, compared_with

FILM, MEASUREMENT = "film", "film_measurement"
MM2_PER_CM2 = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One measurement; ``points`` are its outline as SVG writes them, ``is_area`` whether they enclose one.

    ``frame``: of a sequence, the one that it was made on, to which ``address`` leads.
    """

    id: UUID
    deposit: str
    of_deposit: str
    measured: str
    details: str
    points: str
    is_area: bool
    change: str
    by: str
    frame: int | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One film."""

    id: UUID
    kind: str
    place: str
    where: tuple[str, str, str]
    taken_on: date
    width: int
    height: int
    scale: str
    has_ruler: bool
    found: tuple[Found, ...]
    address: str
    picture: str

    @property
    def words(self) -> str:
        """The picture's alternative text."""
        return f"{self.kind.capitalize()} of the {self.place}, {written(self.taken_on.isoformat())}"

    @property
    def measured_frame(self) -> int | None:
        """Of a sequence, the frame that was measured first."""
        return next((one.frame for one in self.found if one.frame is not None), None)

    @property
    def done(self) -> bool:
        """Whether somebody has said what it shows."""
        return bool(self.found)


def shots(course: Course, patient: UUID) -> list[Shot]:
    """All films that stand, the oldest first."""
    names = {str(story.id): f"{story.label} {place_of(story)}" for story in course.stories}
    of_film: dict[str, list[Found]] = {}
    changes = _changes(course)
    for fact in course.of_noun(MEASUREMENT):
        change = changes.get((str(fact.data["film"]), str(fact.data.get("of_deposit", ""))), "")
        of_film.setdefault(str(fact.data["film"]), []).append(_found(fact, names, patient, change))
    return [_shot(fact, course.when(fact), patient, of_film.get(str(fact.uid), [])) for fact in course.of_noun(FILM)]


def _changes(course: Course) -> dict[tuple[str, str], str]:
    """Of each film and deposit: the change of its area since the film before, in words."""
    areas, found = areas_of(course), {}
    for deposit, some in areas.items():
        for then, now in pairwise(some):
            compared = compared_with(areas, then.film, now.film)
            told = change_words(then, now, compared=compared)
            found[now.film, deposit] = f"since {written(then.day.isoformat())}: {told}"
    return found


def next_film(films: Sequence[Shot], after: UUID | None = None) -> Shot | None:
    """The next film of which nobody has said what it shows, from one on and then from the start."""
    at = next((place for place, one in enumerate(films) if one.id == after), -1)
    order = [*films[at + 1 :], *films[: at + 1]]
    return next((one for one in order if not one.done and one.id != after), None)


def ruled_like(films: Sequence[Shot], film: Shot) -> Shot | None:
    """The newest other film of the same kind and size that has a ruler."""
    alike = [
        one
        for one in films
        if one.has_ruler and (one.kind, one.width, one.height) == (film.kind, film.width, film.height)
    ]
    return next((one for one in reversed(alike) if one.id != film.id), None)


def likely_deposit(film: Shot, earlier: Sequence[Shot]) -> str:
    """The one deposit that earlier films of the place show, where it is but one and is not on this film yet; else empty."""
    before = {one.of_deposit for shot in earlier for one in shot.found if one.of_deposit}
    here = {one.of_deposit for one in film.found}
    return before.pop() if len(before) == 1 and not before & here else ""


def earlier_of_place(films: Sequence[Shot], film: Shot) -> list[Shot]:
    """Films of the same kind, part and side before this one, the newest first."""
    at = next(place for place, one in enumerate(films) if one.id == film.id)
    return [one for one in reversed(films[:at]) if one.where == film.where]


def measured_words(data: Mapping[str, Any]) -> str:
    """Such as "1.84 cm² (1.62 to 2.06)", "14.2 mm (13.1 to 15.3)", or that nothing is seen."""
    if data["outcome"] != "measured":
        return OUTCOMES[str(data["outcome"])]
    if isinstance(data.get("area_mm2"), int | float):
        return f"{area_words(data)} projected"
    return f"{length_words(data, 'longest')} long"


def area_words(data: Mapping[str, Any]) -> str:
    """An area in cm², below a quarter of one in mm², with its 95 % interval."""
    area, lower, upper = (float(data[f"area{part}_mm2"]) for part in ("", "_lower", "_upper"))
    if area < MM2_PER_CM2 / 4:
        return f"{area:.1f} mm² ({lower:.1f} to {upper:.1f})"
    return f"{area / MM2_PER_CM2:.2f} cm² ({lower / MM2_PER_CM2:.2f} to {upper / MM2_PER_CM2:.2f})"


def length_words(data: Mapping[str, Any], name: str) -> str:
    """A length in mm with its 95 % interval; empty where there is none."""
    if not isinstance(data.get(f"{name}_mm"), int | float):
        return ""
    length, lower, upper = (float(data[f"{name}{part}_mm"]) for part in ("", "_lower", "_upper"))
    return f"{length:.1f} mm ({lower:.1f} to {upper:.1f})"


def scale_words(data: Mapping[str, Any]) -> str:
    """How large a pixel is and what that was taken from, or why it is not known."""
    if data.get("regions"):
        return f"{float(data['regions'][0]['scale_y_mm']):.3g} mm a pixel, {BASES['region']}"
    if "scale_x_mm" not in data:
        return ""
    share = 100 * float(data["scale_uncertainty"])
    return f"{float(data['scale_x_mm']):.3g} mm a pixel ± {share:.1f} %, {BASES[str(data['scale_basis'])]}"


def _found(fact: Fact, names: Mapping[str, str], patient: UUID, change: str) -> Found:
    data = fact.data
    frame = int(data["frame"]) if "frame" in data else None
    film = reverse("film", args=[patient, data["film"]])
    parts = [
        f"frame {frame}" if frame is not None else "",
        f"longest {length_words(data, 'longest')}" if "area_mm2" in data else "",
        f"depth {length_words(data, 'depth')}" if "depth_mm" in data else "",
        f"shadow {data['shadow']}" if data.get("shadow") in ("present", "absent") else "",
        f"relative density {float(data['relative_density']):.3f}" if "relative_density" in data else "",
        WAYS.get(str(data.get("way", "")), ""),
        "its edge is uneven" if data.get("edge") == "uneven" else "",
        str(data.get("remark", "")),
    ]
    return Found(
        id=fact.uid,
        deposit=names.get(str(data.get("of_deposit", "")), ""),
        of_deposit=str(data.get("of_deposit", "")),
        measured=measured_words(data),
        details="; ".join(part for part in parts if part),
        points=" ".join(f"{x},{y}" for x, y in data.get("outline", ())),
        is_area="area_mm2" in data,
        change=change if "area_mm2" in data else "",
        by=fact.by,
        frame=frame,
        address=film if frame is None else f"{film}?f={frame}#picture",
    )


def _shot(fact: Fact, taken_on: date, patient: UUID, found: Sequence[Found]) -> Shot:
    data = fact.data
    return Shot(
        id=fact.uid,
        kind=str(data["kind"]),
        place=place(data) or "part not known",
        where=(str(data["kind"]), str(data["region"]), str(data["side"])),
        taken_on=taken_on,
        width=int(data["width_px"]),
        height=int(data["height_px"]),
        scale=scale_words(data),
        has_ruler="ruler" in data,
        found=tuple(found),
        address=reverse("film", args=[patient, fact.uid]),
        picture=reverse("film_picture", args=[patient, fact.uid]),
    )
