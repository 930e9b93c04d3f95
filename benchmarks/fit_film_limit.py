"""Fits the smallest real change of a projected area on phantom arms exposed again and again, and publishes it with its data.

    python -m benchmarks.fit_film_limit [--fit-only]

Writes src/calciscope/measure/films/change_table.py, docs/reference/film-change.md and docs/reference/film-change-data.csv. All
differences are error: nothing changed between the films. The arm is moved, turned in the plane of the film, magnified by a known factor and
exposed with another dose; each film is clicked on anew. The limit is fitted on some arms and looked at on others.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.film_scenes import COUNTS, PIXEL_MM, Arm, Exposure, FilmScene, Target, arm_of, exposed
from benchmarks.fit_limit import quantile_fit
from calciscope.measure.films.area import film_area
from calciscope.measure.films.outline import assisted_outline
from calciscope.terms.errors import Refused
from calciscope.terms.film import Scale, ScaleBasis

Float64 = NDArray[np.float64]
ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src" / "calciscope" / "measure" / "films" / "change_table.py"
PAGE = ROOT / "docs" / "reference" / "film-change.md"
DATA = ROOT / "docs" / "reference" / "film-change-data.csv"
FIT_SEEDS, CHECK_SEEDS = range(7001, 7011), range(7101, 7107)
VISIBLE = 3.0  # contrast over the noise of one pixel
CONFIDENCE = 0.95
MOST_TURN_DEGREES, MOST_SHIFT_PX, MAGNIFICATIONS = 8.0, 12.0, (1.0, 1.15)
DOSES = (1.0, 1.0, 0.4)  # of three exposures
FIELDS = ("set", "arm", "body", "exposure_a", "exposure_b", "even", "then_mm2", "now_mm2", "true_mm2")
BANDS_MM2 = (0, 10, 30, 100, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Areas (mm2, the greater of two) and absolute differences."""

    area_mm2: Float64
    change_mm2: Float64


def repeated(name: str, seeds: Sequence[int]) -> Iterator[dict[str, object]]:
    """Differences without change of every visible body of some arms, by pairs of exposures."""
    for seed in seeds:
        arm = arm_of(seed)
        rng = np.random.default_rng([seed, 21])
        exposures = [_exposure(rng, number) for number in range(len(DOSES))]
        films = [exposed(arm, one) for one in exposures]
        for body, target in enumerate(films[0].targets):
            if not target.is_single or target.contrast_to_noise < VISIBLE:
                continue
            areas = [_area(film, one, arm, target, rng) for film, one in zip(films, exposures, strict=True)]
            for (a, then), (b, now) in itertools.combinations(enumerate(areas), 2):
                if then is None or now is None:
                    continue
                values = (name, seed, body, a, b, then[1] and now[1], then[0], now[0], target.area_mm2)
                yield dict(zip(FIELDS, values, strict=True))


def _exposure(rng: np.random.Generator, number: int) -> Exposure:
    right, down = rng.uniform(-MOST_SHIFT_PX, MOST_SHIFT_PX, 2)
    return Exposure(
        number=30 + number,
        turned_degrees=float(rng.uniform(-MOST_TURN_DEGREES, MOST_TURN_DEGREES)),
        right_px=float(right),
        down_px=float(down),
        magnification=float(rng.uniform(*MAGNIFICATIONS)),
        counts=COUNTS * DOSES[number],
    )


def _area(
    film: FilmScene, exposure: Exposure, arm: Arm, target: Target, rng: np.random.Generator
) -> tuple[float, bool] | None:
    """Area in the arm and whether its edge is even, from one click; None where nothing closes."""
    rows, columns = np.nonzero(target.inside)
    pick = int(rng.integers(len(rows)))
    click = exposure.to_film(float(columns[pick]), float(rows[pick]), arm.film.shape)
    size = PIXEL_MM / exposure.magnification
    scale = Scale(x_mm=size, y_mm=size, relative_uncertainty=0.0, basis=ScaleBasis.AT_OBJECT)
    try:
        found = film_area(assisted_outline(film.shades, click), scale, (0, 65_535))
    except Refused:
        return None
    return found.area_mm2, bool(found.edge_is_even)


def main() -> None:
    """Expose, measure, fit and publish."""
    if "--fit-only" not in sys.argv:
        rows = [*repeated("fit", FIT_SEEDS), *repeated("check", CHECK_SEEDS)]
        with DATA.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: _short(value) for name, value in row.items()} for row in rows)
    with DATA.open(newline="", encoding="utf-8") as file:
        held = list(csv.DictReader(file))
    fitted = differences([row for row in held if row["set"] == "fit" and row["even"] == "True"])
    fit = quantile_fit(fitted.area_mm2, fitted.change_mm2, CONFIDENCE)
    TABLE.write_text(_table(fit), encoding="utf-8")
    PAGE.write_text(_page(held, fit), encoding="utf-8")
    print(fit)


def differences(rows: Sequence[dict[str, str]]) -> Differences:
    """Of the rows of the data."""
    then, now = (np.array([float(row[name]) for row in rows]) for name in ("then_mm2", "now_mm2"))
    return Differences(area_mm2=np.maximum(then, now), change_mm2=np.abs(now - then))


def limits_of(fit: Float64, area_mm2: Float64) -> Float64:
    """The limit for each area."""
    return np.asarray(fit[0] * area_mm2 + fit[1] * np.sqrt(area_mm2) + fit[2])


def _short(value: object) -> object:
    return f"{value:.3f}" if isinstance(value, float) else value


def _table(fit: Float64) -> str:
    return f'''"""Coefficients of the smallest real change of a projected area; written by benchmarks/fit_film_limit.py, not by hand."""

from __future__ import annotations

SLOPE, ROOT_MM, FLOOR_MM2 = {fit[0]:.4f}, {fit[1]:.4f}, {fit[2]:.4f}
"""95 % of differences without change lie below SLOPE A + ROOT_MM sqrt(A) + FLOOR_MM2, A in mm2 (phantom arms, scale known)."""
'''


def _beyond(rows: Sequence[dict[str, str]], fit: Float64) -> str:
    if not rows:
        return "- of 0"
    found = differences(rows)
    return f"{100 * float(np.mean(found.change_mm2 > limits_of(fit, found.area_mm2))):.1f} % of {len(rows)}"


def _page(held: Sequence[dict[str, str]], fit: Float64) -> str:
    even = [row for row in held if row["even"] == "True"]
    sets = {name: [row for row in even if row["set"] == name] for name in ("fit", "check")}
    at = [f"{limits_of(fit, np.array([area]))[0]:.1f} mm²" for area in (10.0, 50.0, 200.0)]
    uneven = [row for row in held if row["even"] != "True"]
    bands = []
    for low, high in itertools.pairwise(BANDS_MM2):
        some = [row for row in even if low <= float(row["true_mm2"]) < high]
        if some:
            found = differences(some)
            spread = float(np.sqrt(np.mean((found.change_mm2 / found.area_mm2) ** 2) / 2))
            bands.append(f"| {low} to {high} mm² | {len(some)} | {100 * spread:.1f} % | {_beyond(some, fit)} |")
    arms = {name: len({row["arm"] for row in rows}) for name, rows in sets.items()}
    return PAGE_TEXT.format(
        slope=fit[0], root=fit[1], floor=fit[2], at=" | ".join(at), fitted=_beyond(sets["fit"], fit),
        checked=_beyond(sets["check"], fit), bands="\n".join(bands), uneven=_beyond(uneven, fit),
        fit_arms=arms["fit"], check_arms=arms["check"],
    )  # fmt: skip


PAGE_TEXT = """# The smallest real change of a projected area

<!-- Written by benchmarks/fit_film_limit.py; a change by hand is lost. -->

An area on a radiograph is called changed when it differs from the one before by more than measurement error can make it. The facts
that this project rests on name no such limit for an area; this one was fitted on digital phantom arms. It holds what they can
show: another click, noise (full and 0.4 of the dose), an arm that is moved, turned by up to 8 degrees in the plane of the film
and magnified by another, known, factor. **It does not hold a limb turned about its own axis, which shows another shadow**, another
angle of the tube, another film, screen or processing, or a reader's choice. No patient was exposed.

For one deposit of A mm², the greater of its two areas, 95 % of differences without change lie below

    limit(A) = a A + b sqrt(A) + c      (mm²)

| a | b | c | at 10 mm² | at 50 mm² | at 200 mm² |
|---|---|---|---|---|---|
| {slope:.4f} | {root:.4f} | {floor:.4f} | {at} |

**Scale.** What each film's scale is uncertain by adds in squares: 1.96 x 2 A times the root of the sum of squares of both relative
standard uncertainties. Where neither magnification is known (5.2 % each) that is 29 % of the area: such films show large changes
alone.

**Several deposits** compared on a pair of films: the limit is multiplied by z(1 - p/2) / z(0.975), p = 1 - 0.95^(1/n), so that
the chance of any false change stays 5 %.

**Not compared**: areas of ultrasound, areas at a level set by hand or outlined by hand, an outline whose edge is uneven, another
view.

## Data

Each difference is in [film-change-data.csv](film-change-data.csv): single bodies, contrast at least 3 times the noise of a
pixel, three exposures.

| | arms | beyond the limit |
|---|---|---|
| fitted on | {fit_arms} | {fitted} |
| looked at afterwards | {check_arms} | {checked} |
| edge uneven on one film at least, not fitted on | {fit_arms} + {check_arms} | {uneven} |

| true area | differences | within-deposit spread (1 SD) | beyond the limit |
|---|---|---|---|
{bands}
"""

if __name__ == "__main__":
    main()
