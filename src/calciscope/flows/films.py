"""Films for the patient's record: taken in, outlined from a click, given a ruler, measured and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.measure.films.area import METHOD, FilmArea, film_area, hand_area
from calciscope.measure.films.distance import Length, depth_between, length_between, pointing_px, scale_of_ruler
from calciscope.measure.films.outline import assisted_outline
from calciscope.read.films.read_film import read_film
from calciscope.read.films.scale import magnification_unknown
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.films import NewDeposit, add_film, record_film_measurement
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.ledger import software
from calciscope.record.queries.films import held_film
from calciscope.record.scans.whose import InFiles
from calciscope.share.rounding import rounded
from calciscope.terms.errors import Refused
from calciscope.terms.film import (
    CalibratedRegion,
    FilmKind,
    Frame,
    Point,
    Scale,
    ScaleBasis,
    Shades,
    scale_at,
    turned,
    turned_window,
)

SMOOTHING = {
    FilmKind.RADIOGRAPH: 1.0,
    FilmKind.ULTRASOUND: 2.0,
}  # samples; speckle is coarser than detector noise (judgement)
BESIDE_DEPOSIT, ON_DETECTOR = "beside_deposit", "on_detector"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFilm:
    """A film of the record with its scale, and the shades of one frame with what is dense bright, as measuring takes them.

    ``window`` are the shades that are shown black and white; ``frames`` the numbers of those kept, ``frame`` the one that is open;
    empty and None where there is but one.
    """

    fact: Fact
    shades: Shades
    window: tuple[int, int]
    frame: int | None
    frames: tuple[int, ...]
    kind: FilmKind
    scale: Scale | None
    regions: tuple[CalibratedRegion, ...]
    no_scale: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        rows, columns = self.shades.shape
        return columns, rows

    def scale_for(self, *points: Point) -> Scale:
        """The scale that holds for these points; Refused where there is none."""
        return scale_at(points, scale=self.scale, regions=self.regions, no_scale=self.no_scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caliper:
    """What two points on an ultrasound image measure, and a third on the skin above them."""

    longest: Length
    depth: Length | None
    points: tuple[Point, ...]


def take_film(*, by: Actor, patient: UUID, whole: bytes, said: Mapping[str, Any]) -> UUID:
    """Read a file and keep its film; what the file says of day, part and side goes before ``said``. Returns its key.

    Raises Refused (no film, damaged, there already) and Invalid (day, part or side missing; it names somebody else).
    """
    kind = FilmKind(str(said.get("kind") or FilmKind.RADIOGRAPH))
    film = read_film(whole, kind=kind)
    rows, columns = film.shades.shape
    told = {
        "kind": film.kind.value,
        "taken_on": film.taken_on.isoformat() if film.taken_on else "",
        "region": film.region,
        "side": film.side,
        "view": film.view,
        "image_uid": film.image_uid,
        "no_scale": film.no_scale,
    }
    data = {
        **{name: value for name, value in said.items() if value},
        **{name: value for name, value in told.items() if value},
        "width_px": columns,
        "height_px": rows,
        "black": film.window[0],
        "white": film.window[1],
        **(_scale_data(film.scale) if film.scale else {}),
    }
    if film.regions:
        data["regions"] = [_region_data(region) for region in film.regions]
    if film.notes:
        data["notes"] = list(film.notes)
    shown = next((frame.number for frame in film.frames if frame.shades is film.shades), None)
    if shown is not None:
        data["frame_shown"] = shown
    identity = film.identity
    whose = InFiles(name=identity.name, born_on=identity.born_on, number=identity.number)
    frames = film.frames or (Frame(number=1, shades=film.shades),)
    return add_film(by=by, patient=patient, frames=frames, said=data, whose=whose)


def open_film(*, by: Actor, patient: UUID, film: UUID, frame: int | None = None) -> OpenFilm:
    """A film of the record, for looking and measuring; of a sequence the frame of that number, or the one shown first."""
    held = held_film(by=by, patient=patient, film=film, frame=frame)
    data = held.fact.data
    is_turned = data.get("turned") is True
    window = int(data["black"]), int(data["white"])
    return OpenFilm(
        fact=held.fact,
        shades=turned(held.shades) if is_turned else held.shades,
        window=turned_window(window) if is_turned else window,
        frame=held.frame,
        frames=tuple(int(one["number"]) for one in data.get("frames", ())),
        kind=FilmKind(str(data["kind"])),
        scale=_scale_of(data),
        regions=tuple(_region_of(one) for one in data.get("regions", ())),
        no_scale=str(data.get("no_scale", "")),
    )


def outlined(film: OpenFilm, point: Point, *, level: float | None = None) -> FilmArea:
    """The calcified area around a point and its measures; Refused where nothing closes, or no scale holds there."""
    scale = film.scale_for(point)
    outline = assisted_outline(film.shades, point, level=level, smoothing=SMOOTHING[film.kind])
    found = film_area(outline, scale, film.window)
    film.scale_for(point, *found.outline)
    return found


def outlined_by_hand(film: OpenFilm, points: Sequence[Point]) -> FilmArea:
    """Measures of an outline whose corners a person has set."""
    return hand_area(points, film.scale_for(*points), pointing_px=_pointing(film))


def calipered(film: OpenFilm, points: Sequence[Point]) -> Caliper:
    """The length between the first two points, and the depth of the nearer one below the third."""
    if len(points) not in (2, 3):
        raise Refused("Mark the two ends of the focus, and the skin line above it where its depth is wanted.")
    scale, pointing = film.scale_for(*points), _pointing(film)
    first, second = points[0], points[1]
    top = min((first, second), key=lambda point: point[1])
    depth = depth_between(points[2], top, scale, pointing=pointing) if len(points) == 3 else None
    return Caliper(longest=length_between(first, second, scale, pointing=pointing), depth=depth, points=tuple(points))


def draw_ruler(
    *, by: Actor, patient: UUID, film: UUID, ends: tuple[Point, Point], length_mm: float, lay: str, based_on: int
) -> UUID:
    """Give a film the scale of a ruler on it; measurements that were recorded before keep the scale they were made with."""
    opened = open_film(by=by, patient=patient, film=film)
    factor, uncertainty = magnification_unknown() if lay == ON_DETECTOR else (1.0, 0.0)
    columns, rows = opened.size
    scale = scale_of_ruler(*ends, length_mm, shape=(rows, columns), factor=factor, factor_uncertainty=uncertainty)
    data = {name: value for name, value in opened.fact.data.items() if name not in ("no_scale", "regions")}
    data |= _scale_data(scale) | {"ruler": {"ends": [list(end) for end in ends], "length_mm": length_mm, "lay": lay}}
    saying = Saying(noun="film", data=data, uid=film, based_on=based_on, effective_on=opened.fact.effective_on)
    (uid,) = record_entries(by=by, patient=patient, sayings=[saying])
    return uid


def turn_film(*, by: Actor, patient: UUID, film: UUID, based_on: int) -> UUID:
    """Exchange dark and bright of a film on which dense is dark, or turn it back; what was recorded before stays as it was made."""
    opened = open_film(by=by, patient=patient, film=film)
    if opened.kind is FilmKind.ULTRASOUND:
        raise Refused("Dark and bright are turned on radiographs alone.")
    data = {**opened.fact.data, "turned": opened.fact.data.get("turned") is not True}
    saying = Saying(noun="film", data=data, uid=film, based_on=based_on, effective_on=opened.fact.effective_on)
    (uid,) = record_entries(by=by, patient=patient, sayings=[saying])
    return uid


def same_ruler(*, by: Actor, patient: UUID, film: UUID, other: UUID, based_on: int) -> UUID:
    """Give a film the ruler of another, which a person says came from the same scanner and distance; Refused where sizes differ."""
    opened, before = (open_film(by=by, patient=patient, film=key) for key in (film, other))
    ruler, scale = before.fact.data.get("ruler"), before.scale
    if not ruler or scale is None:
        raise Refused("That film has no ruler; draw one on this film.")
    if opened.size != before.size:
        raise Refused("That film has another size in pixels, so its ruler does not hold here; draw one on this film.")
    data = {name: value for name, value in opened.fact.data.items() if name not in ("no_scale", "regions")}
    data |= _scale_data(scale) | {"ruler": {**ruler, "of_film": str(other)}}
    saying = Saying(noun="film", data=data, uid=film, based_on=based_on, effective_on=opened.fact.effective_on)
    (uid,) = record_entries(by=by, patient=patient, sayings=[saying])
    return uid


def record_area(
    *, by: Actor, patient: UUID, film: OpenFilm, area: FilmArea, said: Mapping[str, Any], new: NewDeposit | None = None
) -> UUID:
    """Record an outline and its measures; ``said``: deposit, shadow, remark."""
    measured = {
        "outcome": "measured",
        "way": area.way.value,
        "level": area.level,
        "edge": None if area.edge_is_even is None else "even" if area.edge_is_even else "uneven",
        "outline": [list(point) for point in area.outline],
        "relative_density": area.relative_density,
        "area_density_mm2": area.area_density_mm2,
        **{name: getattr(area, name) for name in ("area_mm2", "area_lower_mm2", "area_upper_mm2")},
        **{name: getattr(area, name) for name in ("longest_mm", "longest_lower_mm", "longest_upper_mm")},
    }
    scale = film.scale_for(*area.outline)
    return _recorded(by, patient, film, measured=measured, scale=scale, said=said, new=new)


def record_caliper(
    *, by: Actor, patient: UUID, film: OpenFilm, found: Caliper, said: Mapping[str, Any], new: NewDeposit | None = None
) -> UUID:
    """Record a length, and a depth where the skin was marked."""
    measured: dict[str, Any] = {"outcome": "measured", "way": "points", **_length_data("longest", found.longest)}
    measured["outline"] = [list(point) for point in found.points]
    if found.depth:
        measured |= _length_data("depth", found.depth)
    return _recorded(by, patient, film, measured=measured, scale=film.scale_for(*found.points), said=said, new=new)


def record_outcome(*, by: Actor, patient: UUID, film: UUID, outcome: str, remark: str = "") -> UUID:
    """Record that nothing calcified is seen, or that the film cannot be judged."""
    measured = {"outcome": outcome, **({"remark": remark} if remark else {})}
    return record_film_measurement(by=by, patient=patient, film=film, measured=measured)


def _recorded(
    by: Actor,
    patient: UUID,
    film: OpenFilm,
    *,
    measured: Mapping[str, Any],
    scale: Scale,
    said: Mapping[str, Any],
    new: NewDeposit | None,
) -> UUID:
    given = {name: _kept(value) for name, value in measured.items() if value is not None}
    data = {
        **given,
        **{name: value for name, value in said.items() if value},
        **({} if film.frame is None else {"frame": film.frame}),
        "scale": {**_scale_data(scale), "film_version": film.fact.version},
        "method": METHOD,
        "software": software(),
    }
    return record_film_measurement(by=by, patient=patient, film=film.fact.uid, measured=data, new=new)


def _kept(value: Any) -> Any:
    return rounded(value) if isinstance(value, float) else value


def _length_data(name: str, length: Length) -> dict[str, float]:
    return {f"{name}_mm": length.mm, f"{name}_lower_mm": length.lower_mm, f"{name}_upper_mm": length.upper_mm}


def _pointing(film: OpenFilm) -> float:
    columns, rows = film.size
    return pointing_px((rows, columns))


def _scale_data(scale: Scale) -> dict[str, Any]:
    return {
        "scale_x_mm": rounded(scale.x_mm),
        "scale_y_mm": rounded(scale.y_mm),
        "scale_uncertainty": rounded(scale.relative_uncertainty),
        "scale_basis": scale.basis.value,
    }


def _scale_of(data: Mapping[str, Any]) -> Scale | None:
    if "scale_x_mm" not in data:
        return None
    return Scale(
        x_mm=float(data["scale_x_mm"]),
        y_mm=float(data["scale_y_mm"]),
        relative_uncertainty=float(data["scale_uncertainty"]),
        basis=ScaleBasis(str(data["scale_basis"])),
    )


def _region_data(region: CalibratedRegion) -> dict[str, Any]:
    corners = {name: getattr(region, name) for name in ("left", "top", "right", "bottom")}
    return corners | _scale_data(region.scale)


def _region_of(data: Mapping[str, Any]) -> CalibratedRegion:
    scale = _scale_of(data)
    if scale is None:
        raise Refused("A calibrated region of this film has no scale.")
    left, top, right, bottom = (int(data[name]) for name in ("left", "top", "right", "bottom"))
    return CalibratedRegion(left=left, top=top, right=right, bottom=bottom, scale=scale)
