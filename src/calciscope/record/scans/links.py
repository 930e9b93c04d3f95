"""Which deposit of the body map a candidate of a scan may be: ranked, each with its reason. Pure; a clinician decides.

The body map and a scan share no coordinates, so a candidate is compared by part of the body, side, layer, form and size. Where
candidates of an earlier scan are linked already, positions are compared too: the shift that lays most earlier deposits onto
present candidates is found first, since a patient never lies in the scanner twice in the same place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from calciscope.record.stories import Story
from calciscope.record.vocabulary import LAYERS, REGIONS

Point = tuple[float, float, float]

SAME_REGION, NEXT_REGION, UNKNOWN_REGION = 50.0, 22.0, 8.0
SAME_LAYER, NEXT_LAYER, SAME_FORM, SAME_SIZE = 15.0, 7.0, 8.0, 10.0
TRACKED = 100.0
SAME_PLACE, DOUBTFUL_SIDE, ENDED = 40.0, -10.0, -25.0
"""Weights (judgement): the part of the body decides, a position known from an earlier scan nearly as much, the rest ranks within it."""
LEAST = 20.0  # below it a suggestion would be a guess
NEAR_MM = 20.0  # judgement: skin and joints move about so far between two scans of one limb
LEAST_TOGETHER = 2  # one pair fits under some shift always
MOST_COMPARED = 60  # the largest; the search for the shift grows with the fourth power of their number
MOST_SUGGESTED = 3
NOT_TRACKED: Mapping[int, tuple[UUID, str]] = {}

NEIGHBOURS = (
    ("head", "face"), ("head", "neck"), ("face", "neck"), ("neck", "shoulder"), ("shoulder", "upper_arm"), ("shoulder", "chest"),
    ("shoulder", "back"), ("upper_arm", "elbow"), ("elbow", "forearm"), ("forearm", "wrist"), ("wrist", "hand"), ("hand", "finger"),
    ("chest", "abdomen"), ("chest", "back"), ("back", "buttock"), ("back", "pelvis"), ("abdomen", "pelvis"), ("abdomen", "groin"),
    ("pelvis", "groin"), ("pelvis", "hip"), ("pelvis", "buttock"), ("groin", "thigh"), ("groin", "hip"), ("buttock", "hip"),
    ("buttock", "thigh"), ("hip", "thigh"), ("thigh", "knee"), ("knee", "lower_leg"), ("lower_leg", "ankle"), ("ankle", "foot"),
    ("foot", "toe"),
)  # fmt: skip
NEXT_TO = {frozenset(pair) for pair in NEIGHBOURS}
LAYERS_NEXT = {
    frozenset(pair)
    for pair in (("cutaneous", "subcutaneous"), ("subcutaneous", "fascial"), ("fascial", "intramuscular"))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A deposit that a candidate may be, and why."""

    deposit: UUID
    label: str
    score: float
    reason: str

    @property
    def choice(self) -> str:
        """How a form names it."""
        return f"link:{self.deposit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A candidate of an earlier scan that is linked to a deposit."""

    deposit: UUID
    candidate: Mapping[str, Any]
    on: str


def suggestions(
    candidates: Sequence[Mapping[str, Any]],
    stories: Sequence[Story],
    earlier: Sequence[Linked] = (),
    tracked: Mapping[int, tuple[UUID, str]] = NOT_TRACKED,
) -> dict[int, tuple[Suggestion, ...]]:
    """Candidate number -> deposits it may be, the likeliest first. No deposit is the first choice of two candidates.

    ``tracked`` says of candidates which deposit they continue, where tracking has laid both scans over one another.
    """
    shifts = {
        on: shift
        for on in {one.on for one in earlier}
        if (shift := _shift([one.candidate for one in earlier if one.on == on], candidates))
    }
    found = {
        int(one["deposit_id"]): sorted(
            (said for story in stories if (said := _compared(one, story, earlier, shifts, tracked))),
            key=lambda said: (-said.score, said.label),
        )
        for one in candidates
    }
    return {number: tuple(said[:MOST_SUGGESTED]) for number, said in _each_once(found).items()}


def _each_once(found: dict[int, list[Suggestion]]) -> dict[int, list[Suggestion]]:
    """A deposit stays first where it fits best; elsewhere it moves behind what is still free."""
    taken: set[UUID] = set()
    ordered = sorted(
        ((said.score, number, said) for number, all_said in found.items() for said in all_said),
        key=lambda entry: (-entry[0], entry[1], entry[2].label),
    )
    first: dict[int, Suggestion] = {}
    for _, number, said in ordered:
        if number not in first and said.deposit not in taken:
            first[number] = said
            taken.add(said.deposit)
    return {
        number: [first[number], *(said for said in all_said if said is not first[number])] if number in first else []
        for number, all_said in found.items()
    }


def _compared(
    candidate: Mapping[str, Any],
    story: Story,
    earlier: Sequence[Linked],
    shifts: Mapping[str, Point],
    tracked: Mapping[int, tuple[UUID, str]],
) -> Suggestion | None:
    finding = story.newest
    if finding is None:
        return None
    data, score, reasons = finding.data, 0.0, []
    continues, event = tracked.get(int(candidate["deposit_id"]), (None, ""))
    if continues == story.id:
        score, reasons = TRACKED, [f"tracked from the scan before ({event.replace('_', ' ')})"]
    for part, words in (
        _side(candidate, data), _region(candidate, data), _layer(candidate, data), _form(candidate, data),
        _size(candidate, data), _place(candidate, story, earlier, shifts),
    ):  # fmt: skip
        if math.isinf(part):
            return None
        score += part
        reasons += [words] if words else []
    if story.ended:
        score += ENDED
        reasons.append("ended by now")
    return (
        Suggestion(deposit=story.id, label=story.label, score=round(score, 1), reason=", ".join(reasons))
        if score >= LEAST
        else None
    )


def _side(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[float, str]:
    mine, theirs = str(candidate["side"]), str(data.get("side", "unknown"))
    if mine == theirs:
        return 0.0, ""
    if {mine, theirs} == {"left", "right"}:
        return -math.inf, ""
    return DOUBTFUL_SIDE, "side not certain"


def _region(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[float, str]:
    mine, theirs = str(candidate["region"]), str(data.get("region", "unknown"))
    if mine == theirs:
        return SAME_REGION, f"same part ({_placed(data)})"
    if "unknown" in (mine, theirs):
        return UNKNOWN_REGION, "part of the body not certain"
    if frozenset((mine, theirs)) in NEXT_TO:
        return NEXT_REGION, f"next to its part ({_placed(data)})"
    return -math.inf, ""


def _placed(data: Mapping[str, Any]) -> str:
    side = str(data.get("side", ""))
    words = REGIONS.get(str(data.get("region")), "")
    return f"{side} {words}" if side in ("left", "right") else words


def _layer(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[float, str]:
    mine, theirs = str(candidate["layer"]), str(data.get("layer", "unknown"))
    if mine == theirs and mine != "unknown":
        return SAME_LAYER, f"same layer ({LAYERS.get(mine, mine)})"
    if frozenset((mine, theirs)) in LAYERS_NEXT:
        return NEXT_LAYER, f"next layer ({LAYERS.get(theirs, theirs)} on the map)"
    return 0.0, ""


def _form(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[float, str]:
    mine = str(candidate["shape"])
    return (SAME_FORM, f"same form ({mine})") if mine == data.get("form") else (0.0, "")


def _size(candidate: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[float, str]:
    mine, theirs = candidate.get("longest_diameter_mm"), data.get("longest_mm")
    if not isinstance(mine, int | float) or not isinstance(theirs, int | float) or min(mine, theirs) <= 0:
        return 0.0, ""
    return SAME_SIZE * min(mine, theirs) / max(mine, theirs), f"{mine:.0f} mm here, {theirs:.0f} mm on the map"


def _place(
    candidate: Mapping[str, Any], story: Story, earlier: Sequence[Linked], shifts: Mapping[str, Point]
) -> tuple[float, str]:
    told = [
        (_apart(candidate, one.candidate, shifts[one.on]), one.on)
        for one in earlier
        if one.deposit == story.id and one.on in shifts
    ]
    if not told:
        return 0.0, ""
    apart, on = min(told)
    if apart > NEAR_MM:
        return 0.0, ""
    return SAME_PLACE * (1.0 - apart / NEAR_MM), f"{apart:.0f} mm from where it lay on the scan of {on}"


def _shift(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Point | None:
    """The shift in mm under which most earlier deposits lie near a present candidate; None without at least two that do.

    Every shift that lays one earlier deposit onto one candidate is tried; of equals, the one that lays them closer wins.
    """
    old, new = _largest(before), _largest(now)
    best: Point | None = None
    most = (LEAST_TOGETHER, -math.inf)
    for first in old:
        shifts = new - first
        moved = old[None, :, None, :] + shifts[:, None, None, :]
        apart = np.linalg.norm(moved - new, axis=-1).min(axis=2, initial=math.inf)  # [shift, earlier deposit]
        for shift, distances in zip(shifts, apart, strict=True):
            found = (int((distances <= NEAR_MM).sum()), -float(np.minimum(distances, NEAR_MM).sum()))
            if found > most:
                best, most = (float(shift[0]), float(shift[1]), float(shift[2])), found
    return best


def _largest(candidates: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """[deposit, xyz] of the largest, mm."""
    by_mass = sorted(candidates, key=lambda one: -float(one.get("mass_mg") or 0.0))
    return np.array([_at(one) for one in by_mass[:MOST_COMPARED]], dtype=np.float64).reshape(-1, 3)


def _apart(candidate: Mapping[str, Any], earlier: Mapping[str, Any], shift: Point) -> float:
    return math.dist(_at(candidate), [at + by for at, by in zip(_at(earlier), shift, strict=True)])


def _at(candidate: Mapping[str, Any]) -> Point:
    return float(candidate["x_mm"]), float(candidate["y_mm"]), float(candidate["z_mm"])
