"""Simulated radiographs of phantom arms: the phantom's own body and deposits, projected along the rays from the front.

Attenuation is summed through the body at 0.2 mm across and 1 mm along the rays; deposits are sampled finely. Blur of detector and
focal spot is a Gaussian, noise is that of counted X-rays. Truth is the silhouette of each deposit in the plane of the limb: what lies
behind one another counts once. Where silhouettes touch, or a deposit is a mesh, an area from one click has no one answer: those are
told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform, gaussian_filter, label

from calciscope.phantom.make import Scene, scene_of
from calciscope.phantom.mineral import hu_per_mg_ml
from calciscope.phantom.solids import Solid
from calciscope.phantom.spec import Body, PhantomSpec
from calciscope.terms.deposits import Shape
from calciscope.terms.geometry import Grid

PIXEL_MM, ALONG_MM = 0.2, 1.0
FINE_MM, FINE_ALONG_MM = 0.1, 0.2  # of silhouettes
WATER_PER_MM = 0.0205  # attenuation at about 60 keV (NIST, memory)
LOWEST_KVP, WATER_CM = 70.0, 3.0  # the phantom's model of mineral reaches down to 70 kV; limbs are taken at 50 to 60
BLUR_MM = 0.15  # standard deviation of detector and focal spot together
COUNTS = 12_000.0  # X-rays a pixel where nothing is in the way
LEAST_MM2 = 1.5  # smaller silhouettes are not asked for
MESHES = (Shape.RETICULAR, Shape.PUNCTATE)  # rods with gaps between, grains apart
BONE_SHARE = 0.3  # of a deposit's own contrast: more structure of bone under it makes it a hard one


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A silhouette [row, column] of the film, its true area, whether it is one body's, and whether a bone edge lies under it."""

    inside: NDArray[np.bool_]
    area_mm2: float
    is_single: bool
    over_bone_edge: bool
    contrast_to_noise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmScene:
    """A film's shades, and what is on it; pixels are PIXEL_MM in the plane of the limb."""

    shades: NDArray[np.uint16]
    targets: tuple[Target, ...]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What the rays meet, [row, column]: attenuation with deposits and without; silhouettes at half a pixel, and how many overlap."""

    film: NDArray[np.float64]
    bare: NDArray[np.float64]
    fine: NDArray[np.bool_]
    many: NDArray[np.int16]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How an arm lay and was exposed: turned in the plane, moved, magnified on the detector; ``number`` seeds its noise."""

    number: int = 9
    turned_degrees: float = 0.0
    right_px: float = 0.0
    down_px: float = 0.0
    magnification: float = 1.0
    counts: float = COUNTS

    def to_film(self, x: float, y: float, shape: tuple[int, ...]) -> tuple[float, float]:
        """Where a place of the arm falls on the film, both in pixels (x, y)."""
        across, down = x - (shape[1] - 1) / 2, y - (shape[0] - 1) / 2
        cosine, sine = self._turn()
        right = self.magnification * (cosine * across - sine * down)
        under = self.magnification * (sine * across + cosine * down)
        return right + (shape[1] - 1) / 2 + self.right_px, under + (shape[0] - 1) / 2 + self.down_px

    def moved(self, film: NDArray[np.float64]) -> NDArray[np.float64]:
        """The attenuation as it falls on the film."""
        if (self.turned_degrees, self.right_px, self.down_px, self.magnification) == (0.0, 0.0, 0.0, 1.0):
            return film
        cosine, sine = self._turn()
        back = np.array([[cosine, -sine], [sine, cosine]]) / self.magnification
        middle = (np.array(film.shape) - 1) / 2
        offset = middle - back @ (middle + np.array([self.down_px, self.right_px]))
        return np.asarray(affine_transform(film, back, offset, order=3, mode="nearest"))

    def _turn(self) -> tuple[float, float]:
        angle = np.deg2rad(self.turned_degrees)
        return float(np.cos(angle)), float(np.sin(angle))


def film_scene(seed: int, *, deposits: str = "mixed", rows: int = 700) -> FilmScene:
    """One arm from the front."""
    return exposed(arm_of(seed, deposits=deposits, rows=rows), Exposure())


def arm_of(seed: int, *, deposits: str = "mixed", rows: int = 700) -> Arm:
    """One arm, projected."""
    spec = PhantomSpec(kind=Body.ARM, seed=seed, deposits=deposits, vascular=False)
    scene = scene_of(spec)
    lattice = _lattice(scene, rows)
    bare = _body(scene, lattice)
    film = bare.copy()
    fine = np.zeros((rows * 2, lattice.shape[2] * 2), dtype=bool)
    many = np.zeros(fine.shape, dtype=np.int16)  # how many bodies lie behind one another, a mesh counting twice
    for item in scene.deposits:
        mineral = hu_per_mg_ml(LOWEST_KVP, WATER_CM) * item.recipe.concentration_mg_ml
        own = np.zeros_like(fine)
        _add(film, own, item.solid, lattice, mineral)
        fine |= own
        mark = np.argwhere(own)
        if len(mark):
            many[tuple(mark[0])] += 2 if item.recipe.shape in MESHES else 1
    return Arm(film=film, bare=bare, fine=fine, many=many, seed=seed)


def exposed(arm: Arm, exposure: Exposure) -> FilmScene:
    """A film of the arm; its targets stay in pixels of the arm."""
    counts = exposure.counts * np.exp(-gaussian_filter(exposure.moved(arm.film), BLUR_MM / PIXEL_MM))
    seen = np.random.default_rng([arm.seed, exposure.number]).poisson(counts)
    log = -np.log(np.maximum(seen, 1) / exposure.counts)
    low, high = -0.1, float(np.percentile(log, 99.95)) * 1.1
    shades = np.clip(np.rint((log - low) / (high - low) * 4095), 0, 4095).astype(np.uint16) * 16
    still = exposure.counts * np.exp(-gaussian_filter(arm.film, BLUR_MM / PIXEL_MM))
    noise = 1 / np.sqrt(np.maximum(still, 1))
    targets = _targets(arm.fine, arm.many, arm.film - arm.bare, arm.bare, noise)
    return FilmScene(shades=shades, targets=targets, seed=arm.seed)


def _lattice(scene: Scene, rows: int) -> Grid:
    """Slices along the limb, rows along the rays, columns across."""
    grid = scene.grid
    middle = grid.to_lps(np.array([(grid.shape[0] - 1) / 2, (grid.shape[1] - 1) / 2, (grid.shape[2] - 1) / 2]))
    across, along = (
        round(grid.shape[axis] * grid.spacing_mm[axis] / step) for axis, step in ((2, PIXEL_MM), (1, ALONG_MM))
    )
    affine = np.diag([PIXEL_MM, ALONG_MM, -PIXEL_MM, 1.0])
    half = np.array([across - 1, along - 1, rows - 1]) / 2 * np.array([PIXEL_MM, ALONG_MM, -PIXEL_MM])
    affine[:3, 3] = middle - half
    return Grid(shape=(rows, along, across), affine=affine)


def _body(scene: Scene, lattice: Grid) -> NDArray[np.float64]:
    """Attenuation through the body without deposits, [row, column]; painted every third line and interpolated."""
    furnished = replace(scene.body, furniture=replace(scene.body.furniture, top_mm=1e4, cable_mm=(1e4, 1e4)))
    step = 3
    count = -(-lattice.shape[0] // step)
    affine = lattice.affine.copy()
    affine[:3, 2] *= step
    coarse = Grid(shape=(count, *lattice.shape[1:]), affine=affine)
    lines = np.empty((count, lattice.shape[2]))
    for first in range(0, count, 16):
        some = min(16, count - first)
        hu = furnished.paint(coarse, first, some)
        lines[first : first + some] = (np.maximum(1 + hu / 1000.0, 0.0) * WATER_PER_MM * ALONG_MM).sum(axis=1)
    wanted = np.arange(lattice.shape[0]) / step
    return np.stack([np.interp(wanted, np.arange(count), column) for column in lines.T], axis=1)


def _add(film: NDArray[np.float64], fine: NDArray[np.bool_], solid: Solid, lattice: Grid, mineral_hu: float) -> None:
    """Add a deposit's attenuation over soft tissue, and its silhouette at half a pixel."""
    low, high = solid.bounds_mm
    origin, factor = lattice.affine[:3, 3], PIXEL_MM / FINE_MM
    columns = _reach(low[0], high[0], origin[0] - PIXEL_MM / 4, FINE_MM, fine.shape[1])
    rows = _reach(-high[2], -low[2], -origin[2] - PIXEL_MM / 4, FINE_MM, fine.shape[0])
    depth = np.arange(low[1] - FINE_ALONG_MM, high[1] + FINE_ALONG_MM, FINE_ALONG_MM)
    if not len(columns) or not len(rows):
        return
    x = origin[0] - PIXEL_MM / 4 + columns * FINE_MM
    for row in rows:
        z = origin[2] + PIXEL_MM / 4 - row * FINE_MM
        places = np.stack(np.meshgrid(x, depth, [z], indexing="ij"), axis=-1).reshape(-1, 3)
        filled = (solid.distance(places) < 0).reshape(len(x), len(depth)).sum(axis=1)
        fine[row, columns] |= filled > 0
        thick = filled * FINE_ALONG_MM * mineral_hu / 1000.0 * WATER_PER_MM / factor**2
        np.add.at(film[int(row // factor)], (columns // factor).astype(int), thick)


def _reach(low: float, high: float, origin: float, step: float, most: int) -> NDArray[np.int64]:
    first, last = int(np.floor((low - origin) / step)) - 1, int(np.ceil((high - origin) / step)) + 2
    return np.arange(max(0, first), min(most, last))


def _structure(bare: NDArray[np.float64], inside: NDArray[np.bool_]) -> float:
    """How much the body under a silhouette departs from a plane, 5 to 95 %."""
    rows, columns = np.nonzero(inside)
    terms = np.column_stack([np.ones(len(rows)), rows, columns])
    fitted, *_ = np.linalg.lstsq(terms, bare[inside], rcond=None)
    return float(np.ptp(np.percentile(bare[inside] - terms @ fitted, [5, 95])))


def _targets(
    fine: NDArray[np.bool_],
    many: NDArray[np.int16],
    own: NDArray[np.float64],
    bare: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> tuple[Target, ...]:
    parts, count = label(fine, np.ones((3, 3)))
    found = []
    for number in range(1, count + 1):
        piece = parts == number
        area = float(piece.sum()) * FINE_MM**2
        inside = piece.reshape(fine.shape[0] // 2, 2, fine.shape[1] // 2, 2).mean(axis=(1, 3)) >= 0.5
        touches = bool(inside[:8].any() or inside[-8:].any() or inside[:, :8].any() or inside[:, -8:].any())
        if area < LEAST_MM2 or touches or not inside.any():
            continue
        contrast = float(np.percentile(own[inside], 75))
        structure = _structure(bare, inside)
        found.append(
            Target(
                inside=inside,
                area_mm2=area,
                is_single=int(many[piece].sum()) == 1,
                over_bone_edge=structure > BONE_SHARE * contrast,
                contrast_to_noise=contrast / float(noise[inside].mean()),
            )
        )
    return tuple(found)
