"""Make a phantom in memory: body, deposits, rays, image and truth, in that order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from calciscope.phantom.body import BodyModel, body_of
from calciscope.phantom.deposits.change import Event, year_later
from calciscope.phantom.deposits.planned import PlannedDeposit, settle
from calciscope.phantom.deposits.presets import plan
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.header import body_part, laterality, patient_age_years, patient_position, scan_date
from calciscope.phantom.landmarks import landmarks
from calciscope.phantom.lattice import image_grid, uid
from calciscope.phantom.mineral import hu_per_mg_ml
from calciscope.phantom.rays import Rays, rays_of
from calciscope.phantom.render import Brightened, brighten, scan
from calciscope.phantom.spec import PhantomSpec
from calciscope.phantom.truth import matching, truth_of
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.progress import Progress, silent
from calciscope.terms.series import Acquisition, Instance, Series, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Phantom:
    """A phantom scan and the truth about it (plain JSON values, docs/explanation/phantoms.md)."""

    spec: PhantomSpec
    series: Series
    truth: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A phantom before it is scanned."""

    body: BodyModel
    grid: Grid
    rays: Rays
    deposits: tuple[PlannedDeposit, ...]
    events: tuple[Event, ...] = ()
    before: tuple[PlannedDeposit, ...] = ()

    def brightened(self, spec: PhantomSpec) -> list[Brightened]:
        """Deposits with the brightness that the rays give them."""
        factors = [hu_per_mg_ml(spec.kvp, self.rays.water_cm(item.solid.centre_mm)) for item in self.deposits]
        return brighten(list(self.deposits), factors, self.grid, spec)

    def shows_place_of(self, grown: float) -> Callable[[PlannedDeposit], bool]:
        """Whether this scene's image shows the place of a deposit of the same limbs, since ``grown`` by that factor."""
        ground = Ground(limbs=self.body.limbs, grid=self.grid, rng=np.random.default_rng(0))

        def shown(later: PlannedDeposit) -> bool:
            recipe = replace(later.recipe, form=later.recipe.form.moved(1.0 / grown))
            return ground.in_view(settle(recipe, self.body.limbs[recipe.limb]))

        return shown


def scene_of(spec: PhantomSpec) -> Scene:
    """Build the body and place the deposits; a follow-up's are those of its baseline, a year later."""
    body = body_of(spec)
    grid = image_grid(spec, body.centre_mm)
    ground = Ground(limbs=body.limbs, grid=grid, rng=np.random.default_rng([spec.seed, 2]))
    if not spec.followup:
        return Scene(body=body, grid=grid, rays=rays_of(body, grid), deposits=tuple(plan(spec, ground)))
    baseline = replace(spec, followup=False)
    first = scene_of(baseline)
    ground.rng = np.random.default_rng([spec.seed, 4])
    ratio = spec.body_scale / baseline.body_scale
    after, events = year_later(spec, list(first.deposits), ground, ratio, first.shows_place_of(ratio))
    return Scene(
        body=body,
        grid=grid,
        rays=rays_of(body, grid),
        deposits=tuple(after),
        events=tuple(events),
        before=first.deposits,
    )


def make_phantom(spec: PhantomSpec, progress: Progress = silent) -> Phantom:
    """Make the phantom that ``spec`` describes; equal specs give equal voxels and truth."""
    progress("placing deposits", 0.0)
    scene = scene_of(spec)
    deposits = scene.brightened(spec)
    series = scanned(spec, scene, deposits, progress=progress)
    truth = truth_of(spec, scene.grid, deposits, landmarks(scene.body.limbs, scene.grid))
    if spec.followup:
        truth["matching"] = matching(scene.events, deposits, scene.before)
    return Phantom(spec=spec, series=series, truth=truth)


def scanned(spec: PhantomSpec, scene: Scene, deposits: list[Brightened], *, progress: Progress = silent) -> Series:
    """Scan a scene; another seed in ``spec`` is another noise over the same body."""
    hu = np.empty(scene.grid.shape, dtype=np.int16)
    for k, image in enumerate(scan(spec, scene.body, deposits, scene.grid, scene.rays)):
        hu[k] = image
        progress("scanning", (k + 1) / len(hu))
    return _series(spec, scene.grid, hu)


def _series(spec: PhantomSpec, grid: Grid, hu: np.ndarray) -> Series:
    acquisition = Acquisition(
        kvp=spec.kvp,
        kernel=spec.kernel.value.upper(),
        slice_thickness_mm=spec.slice_mm,
        contrast_agent="IODINE" if spec.contrast else None,
        body_part=body_part(spec),
        laterality=laterality(spec) or None,
        patient_position=patient_position(spec),
        patient_age_years=patient_age_years(spec),
        manufacturer="Calciscope",
        model="Digital phantom",
        scan_date=date.fromisoformat(scan_date(spec)),
        gantry_tilt_deg=spec.tilt_deg,
        reconstruction_diameter_mm=spec.pixel_mm * spec.shape[2],
    )
    positions = grid.to_lps(np.stack([np.arange(grid.shape[0]), *np.zeros((2, grid.shape[0]))], axis=-1))
    instances = tuple(
        Instance(sop_uid=uid(spec, "slice", k), position_mm=(float(p[0]), float(p[1]), float(p[2])))
        for k, p in enumerate(positions)
    )
    source = Source(
        kind="array",
        study_uid=uid(spec, "study"),
        series_uid=uid(spec, "series"),
        frame_uid=grid.frame_uid,
        instances=instances,
    )
    clipped = 3071.0 if bool((hu >= 3071).any()) else None
    return Series(volume=Volume(hu=hu, grid=grid, ceiling_hu=clipped), acquisition=acquisition, source=source)
