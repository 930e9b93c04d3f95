"""A reader splits, merges or adds on a measured scan: the parts are measured from the stored pixels, then the step is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from calciscope.flows.reading_voxels import ReadScan, Voxels
from calciscope.flows.scan_for_record import KEPT_OF_CANDIDATE
from calciscope.measure.again import MARGIN_MM, measure_again
from calciscope.measure.parts import label_of
from calciscope.read.kept_scan import KeptScan, has_kept
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.scans import kept_pixels
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.log import Step
from calciscope.record.scans.review import ADD, AUTOMATIC, CALCINOSIS, MERGE, SPLIT, Item, Review, reviewed
from calciscope.record.scans.sums import mass_sum
from calciscope.share.deposit_rows import row
from calciscope.terms.checks import Voids
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.errors import NotAllowed, Refused
from calciscope.terms.measurement import Calibration, Matrix

Point = tuple[float, float, float]
LEAST_PARTS = 2
MOST_PARTS = 20
DIRECTIONS = 400
BY_READER = "Merged by a reader from {}."


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One reading of one measurement, at hand with its pixels where they are kept."""

    fact: Fact
    review: Review
    folder: Path
    document: Mapping[str, Any]

    @classmethod
    def of(cls, *, by: Actor, patient: UUID, measurement: UUID, reading: UUID | None = None, what: str) -> Desk:
        """NotAllowed where this patient has no such measurement."""
        facts = patient_page(by=by, patient=patient).facts
        fact = next((one for one in facts if one.uid == measurement and one.noun == "imaging_measurement"), None)
        if fact is None or not fact.holds:
            raise NotAllowed("There is no such measurement.")
        folder = kept_pixels(by=by, patient=patient, measurement=measurement, what=what)
        return cls(fact=fact, review=reviewed(fact, facts, reading), folder=folder, document=fact.data)

    @property
    def has_pixels(self) -> bool:
        """Whether parts can be measured anew."""
        return has_kept(self.folder)

    def scan(self) -> ReadScan:
        """Refused where no pixels are kept."""
        return ReadScan(kept=KeptScan.of(self.folder), review=self.review)

    def item(self, name: str) -> Item:
        """Invalid where there is none of that id that stands."""
        found = self.review.item(name)
        if found is None or found.state == "replaced":
            raise Invalid(
                [Problem(field="items", message="This deposit does not stand any more; look at the list again.")]
            )
        return found


def split_step(desk: Desk, name: str, seeds: Sequence[Point]) -> Step:
    """Split one item among clicked points; each part is weighed by itself."""
    item = desk.item(name)
    if not LEAST_PARTS <= len(seeds) <= MOST_PARTS:
        raise Invalid([Problem(field="seeds", message="Click on each part: two points or more.")])
    scan = desk.scan()
    points = tuple((float(x), float(y), float(z)) for x, y, z in seeds)
    parts = scan.parts(item, points)
    made = _measured(desk, scan, parts, Kind(item.kind))
    return Step(edit=SPLIT, items=[name], seeds=points, made=made, sum_said=_sum_said(made, item.row.get("mass_mg")))


def add_step(desk: Desk, seed: Point, reason: str = "") -> Step:
    """Add what was missed at a seed point; it is calcinosis by the reader's word."""
    scan = desk.scan()
    found = scan.grown(seed)
    _must_be_free(desk, scan, found)
    made = _measured(desk, scan, [found], Kind.CALCINOSIS)
    return Step(edit=ADD, seeds=[seed], made=made, reason=reason)


def merge_step(desk: Desk, names: Sequence[str]) -> Step:
    """Make one of several; their masses are added, with the errors that they share added straight."""
    items = [desk.item(name) for name in names]
    if len(items) < LEAST_PARTS:
        raise Invalid([Problem(field="items", message="Choose two deposits or more to merge.")])
    heaviest = max(items, key=lambda one: float(one.row.get("mass_mg") or 0.0))
    kind = CALCINOSIS if any(one.kind == CALCINOSIS for one in items) else heaviest.kind
    made = {name: value for name, value in heaviest.row.items() if name not in ("deposit_id", "item")}
    made |= {"kind": kind, "confidence": 1.0, "reason": BY_READER.format(", ".join(names)), **_centre(items)}
    made["skin_depth_mm"] = min((d for one in items if (d := one.row.get("skin_depth_mm")) is not None), default=None)
    made["longest_diameter_mm"] = _longest(desk, items)
    total = mass_sum((one.row for one in items), desk.review.shared)
    made |= {"mass_mg": total.mass_mg, "mass_lower_mg": total.mass_lower_mg, "mass_upper_mg": total.mass_upper_mg}
    made["volume_ml"] = _added(items, "volume_ml")
    made["peak_hu"] = max((float(one.row.get("peak_hu") or 0.0) for one in items), default=None)
    said = " + ".join(_mg(one.row.get("mass_mg")) for one in items)
    return Step(
        edit=MERGE, items=list(names), made=[made], sum_said=f"{said} = {_mg(total.mass_mg)}, as measured each."
    )


def _measured(desk: Desk, scan: ReadScan, parts: Sequence[Voxels], kind: Kind) -> list[dict[str, Any]]:
    """Rows of parts, measured together from one crop of the stored pixels."""
    crop, _ = scan.crop_of(np.concatenate(list(parts)), MARGIN_MM)
    masks = []
    for part in parts:
        mask = np.zeros(crop.hu.shape, bool)
        mask[tuple((part - np.array(crop.origin)).T)] = True
        masks.append((mask, kind, label_of(kind)))
    kinds = {int(one.id): Kind(one.kind) for one in desk.review.items if one.origin == AUTOMATIC}
    calibration, matrix = _recipe(desk.document.get("recipe"))
    found = measure_again(crop, scan.kept.context, masks, kinds, calibration, matrix, _voids(desk.document))
    return [_kept(one) for one in found]


def _recipe(recipe: Mapping[str, Any] | None) -> tuple[Calibration, Matrix]:
    if not recipe:
        raise Refused("The recipe of this measurement is not in the record, so nothing can be weighed by it.")
    matrix = recipe["matrix"]
    hu = None if matrix["name"] == "background" else float(matrix["hu"])
    return Calibration(**recipe["calibration"]), Matrix(hu=hu, sd_hu=float(matrix["sd_hu"]))


def _voids(document: Mapping[str, Any]) -> set[Voids]:
    """What failed checks spoiled of the whole scan, they spoil of its parts."""
    return {Voids(void) for check in document.get("checks", ()) for void in check.get("voids", ())}


def _kept(deposit: Deposit) -> dict[str, Any]:
    said = row(deposit)
    return {name: said[name] for name in KEPT_OF_CANDIDATE if name != "deposit_id"}


def _must_be_free(desk: Desk, scan: ReadScan, found: Voxels) -> None:
    """Refused where something that a reader has added lies already."""
    held = {tuple(one) for one in found.tolist()}
    for item in desk.review.standing:
        if item.origin != AUTOMATIC and held & {tuple(one) for one in scan.voxels(item).tolist()}:
            raise Refused(f"{item.id} lies here already.")


def _sum_said(made: Sequence[Mapping[str, Any]], whole_mg: Any) -> str:
    """How the masses of parts add up to that of the whole."""
    masses = [one.get("mass_mg") for one in made]
    if not all(isinstance(mass, int | float) for mass in (*masses, whole_mg)):
        return "The parts could not be weighed."
    total = sum(float(mass) for mass in masses if mass is not None)
    share = (
        f" ({100.0 * (total - float(whole_mg)) / float(whole_mg):+.1f} %)".replace("-", "\u2212") if whole_mg else ""
    )
    return f"The parts weigh {_mg(total)} together, the whole {_mg(whole_mg)}{share}."


def _centre(items: Sequence[Item]) -> dict[str, float]:
    weights = [max(float(one.row.get("mass_mg") or 0.0), 1e-6) for one in items]
    return {
        name: sum(w * float(one.row[name]) for w, one in zip(weights, items, strict=True)) / sum(weights)
        for name in ("x_mm", "y_mm", "z_mm")
    }


def _longest(desk: Desk, items: Sequence[Item]) -> float | None:
    """The greatest distance of two voxels of the merged, among those outermost in many directions; None without pixels."""
    if not desk.has_pixels:
        return None
    scan = desk.scan()
    points = scan.kept.grid.to_lps(np.concatenate([scan.voxels(one) for one in items]).astype(np.float64))
    turns = np.arange(DIRECTIONS) * (np.pi * (3.0 - np.sqrt(5.0)))  # Fibonacci's sphere spreads directions evenly
    height = 1.0 - (2.0 * np.arange(DIRECTIONS) + 1.0) / DIRECTIONS
    flat = np.sqrt(1.0 - height**2)
    along = points @ np.stack([flat * np.cos(turns), flat * np.sin(turns), height])
    return round(float((along.max(axis=0) - along.min(axis=0)).max()), 1)


def _added(items: Sequence[Item], name: str) -> float | None:
    values = [one.row.get(name) for one in items]
    return sum(float(v) for v in values if v is not None) if all(v is not None for v in values) else None


def _mg(mass: Any) -> str:
    return f"{float(mass):,.4g} mg" if isinstance(mass, int | float) else "no mass"
