"""Projected area on simulated radiographs of phantom arms: error, click repeatability, intervals; beside two plain thresholds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.film_scenes import PIXEL_MM, FilmScene, Target, film_scene
from benchmarks.peers.film_threshold import otsu_area, wand_area
from benchmarks.report import Goal, Options, Report, Table
from calciscope.measure.films.area import FilmArea, film_area
from calciscope.measure.films.outline import Outline, assisted_outline
from calciscope.read.films.scale import UNKNOWN_FROM, UNKNOWN_TO, magnification_unknown
from calciscope.terms.errors import Refused
from calciscope.terms.film import Scale, ScaleBasis

ARMS, QUICK_ARMS = 10, 2
FIRST_SEED = 1900  # after the run's own; arms looked at while the outline was built lie elsewhere
CLICKS = 3
VISIBLE = 3.0  # contrast over the noise of one pixel: fainter silhouettes are counted apart
COVERS = (93.0, 97.0)  # per cent of intervals that are meant for 95
FAR_OFF = 0.3  # relative error beyond which an outline is another thing than the deposit
TRUE_SCALE = Scale(x_mm=PIXEL_MM, y_mm=PIXEL_MM, relative_uncertainty=0.0, basis=ScaleBasis.AT_OBJECT)
SHOWN = (0, 65_535)
Areas = list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One silhouette: areas by click of each way, and whether our intervals held, with scale known and with it unknown."""

    target: Target
    ours: Areas
    otsu: Areas
    wand: Areas
    held: Sequence[bool]
    held_unknown: Sequence[bool]
    even: Sequence[bool]
    widths: Sequence[float]


def run(options: Options) -> Report:
    """Every visible silhouette of some arms, clicked on at random places."""
    count = options.repeats or (QUICK_ARMS if options.quick else ARMS)
    started = time.process_time()
    cases: list[Case] = []
    measuring = 0.0
    for seed in range(options.seed + FIRST_SEED, options.seed + FIRST_SEED + count):
        scene = film_scene(seed)
        begun = time.process_time()
        rng = np.random.default_rng([seed, 5])
        cases += [_case(scene, target, rng) for target in scene.targets if target.contrast_to_noise >= VISIBLE]
        measuring += time.process_time() - begun
    single = [case for case in cases if case.target.is_single]
    clear = [case for case in single if not case.target.over_bone_edge]
    hard = [case for case in single if case.target.over_bone_edge]
    compound = [case for case in cases if not case.target.is_single]
    groups = (
        ("one body, no bone edge under it", clear),
        ("one body over a bone edge", hard),
        ("a mesh, or bodies that touch", compound),
    )
    ways: list[tuple[str, Callable[[Case], Areas]]] = [
        ("ours", lambda case: case.ours),
        ("Otsu in a window", lambda case: case.otsu),
        ("half-maximum flood", lambda case: case.wand),
    ]
    rows = [(words, name, len(some), *_figures(some, way)) for words, some in groups for name, way in ways]
    seconds = (time.process_time() - started - measuring, measuring)
    return _report(cases, groups, rows, count, seconds)


def _case(scene: FilmScene, target: Target, rng: np.random.Generator) -> Case:
    rows, columns = np.nonzero(target.inside)
    picks = rng.integers(0, len(rows), CLICKS)
    ours: Areas = []
    held, held_unknown, even, widths = [], [], [], []
    for pick in picks:
        factor = float(rng.uniform(UNKNOWN_FROM, UNKNOWN_TO))
        outline = _outline(scene, float(columns[pick]), float(rows[pick]))
        if outline is None:
            ours.append(None)
            continue
        found = film_area(outline, TRUE_SCALE, SHOWN)
        ours.append(found.area_mm2)
        even.append(bool(found.edge_is_even))
        widths.append((found.area_upper_mm2 - found.area_lower_mm2) / 2 / found.area_mm2)
        held.append(_holds(found, target.area_mm2))
        held_unknown.append(_holds(film_area(outline, _unknown_scale(factor), SHOWN), target.area_mm2))
    places = [(float(columns[pick]), float(rows[pick])) for pick in picks]
    return Case(
        target=target,
        ours=ours,
        otsu=[otsu_area(scene.shades, x, y, PIXEL_MM) or None for x, y in places],
        wand=[wand_area(scene.shades, x, y, PIXEL_MM) or None for x, y in places],
        held=held,
        held_unknown=held_unknown,
        even=even,
        widths=widths,
    )


def _outline(scene: FilmScene, x: float, y: float) -> Outline | None:
    try:
        return assisted_outline(scene.shades, (x, y))
    except Refused:
        return None


def _holds(found: FilmArea, true_mm2: float) -> bool:
    return found.area_lower_mm2 <= true_mm2 <= found.area_upper_mm2


def _unknown_scale(factor: float) -> Scale:
    """The scale that is assumed where the true magnification is ``factor`` and the file does not tell it."""
    assumed, uncertainty = magnification_unknown()
    size = PIXEL_MM * factor / assumed
    return Scale(x_mm=size, y_mm=size, relative_uncertainty=uncertainty, basis=ScaleBasis.DETECTOR)


def _figures(cases: Sequence[Case], way: Callable[[Case], Areas]) -> tuple[float | str, ...]:
    """Median error %, median absolute error %, clicks far off or without an answer %, within-deposit variation %."""
    errors, lost, variation = [], 0, []
    for case in cases:
        areas = way(case)
        relative = [area / case.target.area_mm2 - 1 for area in areas if area is not None]
        errors += relative
        lost += len(areas) - len(relative) + sum(abs(error) > FAR_OFF for error in relative)
        known = [area for area in areas if area is not None]
        if len(known) > 1:
            variation.append(statistics.stdev(known) / statistics.mean(known))
    if not errors:
        return "-", "-", "-", "-"
    clicks = sum(len(way(case)) for case in cases)
    wcv = float(np.sqrt(np.mean(np.square(variation)))) if variation else 0.0
    return (
        round(100 * statistics.median(errors), 1),
        round(100 * statistics.median(abs(error) for error in errors), 1),
        round(100 * lost / clicks, 1),
        round(100 * wcv, 1),
    )


def _known(figure: float | str) -> float:
    """So that the better of two peers is found."""
    return figure if isinstance(figure, float) else float("inf")


def _share(held: Sequence[bool]) -> float:
    return round(100 * sum(held) / max(1, len(held)), 1)


def _covers(what: str, held: Sequence[bool]) -> Goal:
    """A 95 % interval that holds more often than that is too wide."""
    share = _share(held)
    least, most = COVERS
    return Goal(what=what, unit="%", ours=share, target=f"{least:g} to {most:g}", met=least <= share <= most)


def _interval_row(words: str, cases: Sequence[Case]) -> tuple[object, ...]:
    """Clicks answered, share of intervals that hold, their half width, and the same by whether the edge was even."""
    told = [one for case in cases for one in zip(case.held, case.even, case.widths, strict=True)]
    widths = [width for _, _, width in told]
    return (
        words,
        len(told),
        _share([held for held, _, _ in told]),
        round(100 * statistics.median(widths), 1) if widths else "-",
        _share([even for _, even, _ in told]),
        _share([held for held, even, _ in told if even]) if any(even for _, even, _ in told) else "-",
        _share([held for held, even, _ in told if not even]) if not all(even for _, even, _ in told) else "-",
    )


def _report(
    cases: Sequence[Case],
    groups: Sequence[tuple[str, Sequence[Case]]],
    rows: Sequence[tuple[object, ...]],
    count: int,
    seconds: tuple[float, float],
) -> Report:
    clear = groups[0][1]
    ours, otsu = _figures(clear, lambda case: case.ours), _figures(clear, lambda case: case.otsu)
    held = [one for case in clear for one in case.held]
    unknown = [one for case in clear for one in case.held_unknown]
    all_held = [one for case in cases if case.target.is_single for one in case.held]
    flooded = _figures(clear, lambda case: case.wand)
    clicks = sum(len(case.ours) for case in cases)
    return Report(
        id="films",
        title="Projected area on simulated radiographs",
        conditions=(
            f"{count} phantom arms from the front, 0.2 mm a pixel, blur {0.15} mm, noise of 12,000 X-rays a pixel",
            f"{len(cases)} silhouettes of contrast at least {VISIBLE:g} times the noise, {CLICKS} random clicks in each",
            f"truth: silhouette of the deposit's exact form; far off: beyond {100 * FAR_OFF:.0f} %",
        ),
        goals=(
            Goal(
                what="median absolute error of area, no bone edge",
                unit="%",
                ours=ours[1],
                peer=min(otsu[1], flooded[1], key=_known),
                target="<= 10",
                met=isinstance(ours[1], float) and ours[1] <= 10,
            ),
            Goal(
                what="variation from click to click, no bone edge",
                unit="%",
                ours=ours[3],
                peer=min(otsu[3], flooded[3], key=_known),
                target="<= 5",
                met=isinstance(ours[3], float) and ours[3] <= 5,
            ),
            _covers("95 % interval holds the truth, scale known, no bone edge", held),
            _covers("the same, magnification not known", unknown),
            _covers("95 % interval holds the truth, scale known, over bone edges too", all_held),
        ),
        tables=(
            Table(
                caption="By what lies under the deposit",
                columns=(
                    "under it",
                    "way",
                    "deposits",
                    "median error %",
                    "median abs %",
                    "far off or none %",
                    "click wCV %",
                ),
                rows=tuple(tuple(row) for row in rows),
            ),
            Table(
                caption="95 % intervals, scale known",
                columns=(
                    "under it",
                    "clicks answered",
                    "hold the truth %",
                    "median half width %",
                    "edge even %",
                    "hold where even %",
                    "hold where uneven %",
                ),
                rows=tuple(_interval_row(words, some) for words, some in groups),
            ),
        ),
        notes=(
            f"Processor time: {seconds[0]:.0f} s to make the films, {seconds[1] / max(1, clicks):.2f} s a click for all ways together.",
            "No real radiograph of calcinosis was available: nothing here says how well outlines fit a clinician's.",
        ),
    )
