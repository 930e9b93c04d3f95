"""An outline from a click: its area is that of the body whatever its roundness, and every click in it gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.films.area import Way, film_area, hand_area
from calciscope.measure.films.outline import assisted_outline
from calciscope.measure.films.polygon import area
from calciscope.terms.errors import Refused
from calciscope.terms.film import Scale, ScaleBasis
from tests.unit.measure.films.drawn import CONTRAST, drawn

SCALE = Scale(x_mm=0.15, y_mm=0.15, relative_uncertainty=0.0, basis=ScaleBasis.AT_OBJECT)
WINDOW = (0, 65_535)


@pytest.mark.parametrize("roundness", [0.0, 0.25, 0.5])
@pytest.mark.parametrize(("radius", "within"), [(15, 0.05), (60, 0.01)])
def test_flat_and_round_bodies_have_their_area(radius, roundness, within) -> None:
    shades, middle, true = drawn(radius, roundness=roundness)
    outline = assisted_outline(shades, middle)
    assert area(outline.corners) == pytest.approx(true, rel=within)
    measured = film_area(outline, SCALE, WINDOW)
    assert measured.area_lower_mm2 <= true * 0.15**2 <= measured.area_upper_mm2
    assert measured.longest_mm == pytest.approx(2 * radius * 0.15, rel=2 * within)
    assert measured.way is Way.EDGE


def test_half_of_the_contrast_would_lose_a_quarter_of_a_ball() -> None:
    """What the edge model is for: the usual rule is far off where a body is round."""
    shades, middle, true = drawn(40, roundness=0.5)
    halved = assisted_outline(shades, middle, level=0.5)
    assert area(halved.corners) < 0.85 * true


def test_every_click_in_a_deposit_gives_the_same_outline() -> None:
    shades, middle, _ = drawn(30, noise=300.0, stretch=1.6)
    rng = np.random.default_rng(2)
    areas = []
    for _ in range(6):
        turn, far = rng.uniform(0, 2 * np.pi), 24 * np.sqrt(rng.uniform())
        areas.append(
            area(
                assisted_outline(shades, (middle[0] + 1.6 * far * np.cos(turn), middle[1] + far * np.sin(turn))).corners
            )
        )
    assert max(areas) == pytest.approx(min(areas), rel=0.02)


def test_a_sloping_background_and_a_weak_bone_edge_do_not_count_as_deposit() -> None:
    steep, middle, true = drawn(25, slope=40.0)
    assert area(assisted_outline(steep, middle).corners) == pytest.approx(true, rel=0.05)
    crossed, middle, true = drawn(25, bone=0.35 * CONTRAST)
    assert area(assisted_outline(crossed, middle).corners) == pytest.approx(true, rel=0.08)


def test_noise_widens_the_interval_and_density_is_over_background() -> None:
    calm, middle, _ = drawn(20, roundness=0.0, noise=50.0)
    noisy, _, _ = drawn(20, roundness=0.0, noise=600.0)
    first, second = (film_area(assisted_outline(shades, middle), SCALE, WINDOW) for shades in (calm, noisy))
    assert second.noise_mm2 > 3 * first.noise_mm2
    for measured in (first, second):
        parts = (measured.edge_mm2, measured.background_mm2, measured.noise_mm2, measured.scale_mm2)
        half = (measured.area_upper_mm2 - measured.area_lower_mm2) / 2
        assert half == pytest.approx(1.96 * np.linalg.norm(parts))
    assert first.relative_density == pytest.approx(CONTRAST / 65_535, rel=0.1)
    assert first.area_density_mm2 == pytest.approx(first.relative_density * first.area_mm2)


def test_the_scale_counts_twice_in_an_area_and_once_in_a_length() -> None:
    shades, middle, _ = drawn(40)
    loose = Scale(x_mm=0.15, y_mm=0.15, relative_uncertainty=0.05, basis=ScaleBasis.DETECTOR)
    measured = film_area(assisted_outline(shades, middle), loose, WINDOW)
    assert measured.area_upper_mm2 / measured.area_mm2 == pytest.approx(np.exp(1.96 * 0.1), rel=0.01)
    assert measured.longest_upper_mm / measured.longest_mm == pytest.approx(np.exp(1.96 * 0.05), rel=0.01)


def test_a_lower_level_takes_in_more() -> None:
    shades, middle, _ = drawn(30)
    areas = [area(assisted_outline(shades, middle, level=level).corners) for level in (0.7, 0.5, 0.3, 0.15)]
    assert areas == sorted(areas)
    found = assisted_outline(shades, middle)
    same = assisted_outline(shades, middle, level=found.level)
    assert area(same.corners) == pytest.approx(area(found.corners), rel=0.03)
    assert film_area(same, SCALE, WINDOW).way is Way.LEVEL


@pytest.mark.parametrize("point", [(30.0, 30.0), (330.0, 300.0)])
def test_where_nothing_stands_out_nothing_is_outlined(point) -> None:
    shades, _, _ = drawn(20)
    with pytest.raises(Refused, match="stands out"):
        assisted_outline(shades, point)


@pytest.mark.parametrize("point", [(-1.0, 5.0), (400.0, 5.0), (5.0, 360.0)])
def test_a_point_outside_is_refused(point) -> None:
    shades, _, _ = drawn(20)
    with pytest.raises(Refused, match="outside the image"):
        assisted_outline(shades, point)


def test_an_outline_by_hand_has_the_interval_of_a_shaky_hand() -> None:
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    corners = np.column_stack([200 + 60 * np.cos(turns), 150 + 60 * np.sin(turns)])
    measured = hand_area([tuple(corner) for corner in corners], SCALE, pointing_px=1.5)
    rng = np.random.default_rng(4)
    areas = [area((corners + rng.normal(0, 1.5, corners.shape)) * 0.15) for _ in range(3000)]
    assert (measured.area_upper_mm2 - measured.area_lower_mm2) / 2 / 1.96 == pytest.approx(np.std(areas), rel=0.06)
    assert measured.relative_density is None and measured.way is Way.HAND


@pytest.mark.parametrize("points", [[(0, 0), (5, 5)], [(0, 0), (5, 5), (10, 10)]])
def test_a_hand_outline_that_encloses_nothing_is_refused(points) -> None:
    with pytest.raises(Refused, match="points"):
        hand_area(points, SCALE, pointing_px=1.0)


def test_an_edge_that_follows_a_bone_is_called_uneven_and_its_limits_reach_further() -> None:
    whole, middle, true = drawn(25, bone=0.3 * CONTRAST)
    clear = film_area(assisted_outline(whole, middle), SCALE, WINDOW)
    assert clear.edge_is_even and clear.area_lower_mm2 <= true * 0.15**2 <= clear.area_upper_mm2
    crossed, middle, true = drawn(25, bone=CONTRAST)
    doubtful = film_area(assisted_outline(crossed, middle), SCALE, WINDOW)
    assert doubtful.edge_is_even is False
    wide, narrow = ((one.area_upper_mm2 - one.area_lower_mm2) / one.area_mm2 for one in (doubtful, clear))
    assert wide > 3 * narrow
