"""What a candidate is depends on where it lies: in a vessel's course, at the scan's edge, on a fascia, amid bone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.measure.segment import significance
from calciscope.measure.segment.kinds import artefact, contrast
from calciscope.measure.segment.run import segment
from calciscope.terms.deposits import Kind, Region
from tests.unit.measure.segment.test_segment import MIDDLE_MM, ball, coordinates, limb, series

VESSEL_MM = (40.0, 55.0, 82.0)


def limb_with_vessel() -> np.ndarray:
    """A limb whose muscle holds one vessel (radius 2.6 mm) in a sleeve of fat."""
    hu = limb()
    _, y, x = coordinates()
    away = np.hypot(y - VESSEL_MM[1], x - VESSEL_MM[2])
    hu[away < 6.0] = -100.0
    hu[away < 2.6] = 40.0
    return hu


def kinds(hu: np.ndarray) -> list[Kind]:
    """Kinds of all candidates, largest first."""
    return [candidate.kind for candidate in segment(series(hu)).candidates]


def test_a_calcified_length_of_vessel_is_vascular() -> None:
    hu = limb_with_vessel()
    z, y, x = coordinates()
    away = np.hypot(y - VESSEL_MM[1], x - VESSEL_MM[2])
    hu[(away < 2.4) & (away > 0.8) & (np.abs(z - 40.0) < 14.0)] = 600.0
    assert kinds(hu) == [Kind.VASCULAR]


def test_a_round_body_within_a_vessel_is_a_phlebolith() -> None:
    hu = limb_with_vessel()
    ball(hu, VESSEL_MM, 2.2, 900.0)
    assert kinds(hu) == [Kind.PHYSIOLOGICAL]


def test_the_same_bodies_in_plain_fat_are_calcinosis() -> None:
    hu = limb()
    z, y, x = coordinates()
    away = np.hypot(y - MIDDLE_MM[1], x - 90.0)
    hu[(away < 2.2) & (np.abs(z - 40.0) < 14.0)] = 600.0
    ball(hu, (40.0, 55.0, 20.0), 2.2, 900.0)
    assert kinds(hu) == [Kind.CALCINOSIS, Kind.CALCINOSIS]


@pytest.mark.parametrize(("muscle_mm", "kind"), [(34.0, Kind.UNCERTAIN), (16.0, Kind.CALCINOSIS)])
def test_what_the_edge_of_the_scan_cuts_is_doubtful_unless_in_fat_under_the_skin(muscle_mm: float, kind: Kind) -> None:
    hu = limb()
    _, y, x = coordinates()
    r = np.hypot(y - MIDDLE_MM[1], x - MIDDLE_MM[2])
    hu[(r > 13) & (r < 39)] = -100.0
    hu[(r > 13) & (r < muscle_mm)] = 55.0
    ball(hu, (-1.0, 55.0, 82.0), 4.0, 700.0)
    assert kinds(hu) == [kind]


def faint_sheet() -> np.ndarray:
    """A limb with a faint thin sheet between muscle and fat."""
    hu = limb()
    z, y, x = coordinates()
    r = np.hypot(y - MIDDLE_MM[1], x - MIDDLE_MM[2]) * (1.0 + 0.002 * (z - MIDDLE_MM[0]))
    turned = np.abs(np.arctan2(y - MIDDLE_MM[1], x - MIDDLE_MM[2])) < 0.25
    hu[(np.abs(r - 30.0) < 1.0) & turned & (np.abs(z - 40.0) < 6.0)] = 330.0
    return hu


def test_a_faint_sheet_on_the_fascia_is_calcinosis_because_no_tissue_near_is_as_bright(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scan = series(faint_sheet(), noise_hu=18.0)
    monkeypatch.setattr(artefact, "CLEAR_SIGMAS", np.inf)
    assert [candidate.kind for candidate in segment(scan).candidates] == [Kind.CALCINOSIS]
    monkeypatch.setattr(significance, "BEYOND_SIGMAS", np.inf)
    assert [candidate.kind for candidate in segment(scan).candidates] != [Kind.CALCINOSIS]


def test_a_folded_sheet_is_no_bone_although_its_folds_hold_soft_tissue() -> None:
    hu = limb()
    z, y, x = coordinates()
    wave = 78.0 + 3.2 * np.sign(np.sin((y - 45.0) * 2 * np.pi / 20.0))
    crest = np.abs(((y - 45.0) % 10.0) - 5.0) > 4.1
    folded = (np.abs(x - wave) < 1.0) | (crest & (np.abs(x - 78.0) < 4.2))
    hu[folded & (np.abs(y - 55.0) < 16.0) & (np.abs(z - 40.0) < 12.0)] = 900.0
    assert kinds(hu) == [Kind.CALCINOSIS]


def bone_like(hu: np.ndarray, centre_mm: tuple[float, float, float]) -> None:
    """A small body with a dense shell around a fainter core, in place."""
    ball(hu, centre_mm, 7.0, 900.0)
    ball(hu, centre_mm, 4.5, 300.0)


def test_a_small_body_built_as_bone_is_bone_only_where_it_meets_another_bone() -> None:
    hu = limb(bone=False)
    bone_like(hu, (40.0, 55.0, 40.0))
    assert kinds(hu) == [Kind.CALCINOSIS]
    bone_like(hu, (40.0, 55.0, 60.0))
    assert kinds(hu) == []


def test_a_flat_body_within_a_vessel_is_no_phlebolith() -> None:
    hu = limb_with_vessel()
    z, y, x = coordinates()
    hu[(np.abs(z - 40.0) < 2.5) & (np.abs(x - 90.0) < 3.5) & (np.abs(y - 55.0) < 0.8)] = 700.0
    assert Kind.PHYSIOLOGICAL not in kinds(hu)


@pytest.mark.parametrize(("agent", "kind"), [("iopromide", Kind.CONTRAST), (None, Kind.CALCINOSIS)])
def test_what_runs_through_an_arm_is_an_injected_vein_where_contrast_was_given(
    monkeypatch: pytest.MonkeyPatch, agent: str | None, kind: Kind
) -> None:
    hu = limb()
    z, y, x = coordinates()
    hu[np.hypot(y - 55.0, x - 82.0 + 0.05 * (z - 40.0)) < 2.5 + 0.01 * z] = 900.0
    scan = series(hu)
    monkeypatch.setattr(contrast, "ARM", frozenset(Region))
    scan = replace(scan, acquisition=replace(scan.acquisition, contrast_agent=agent))
    assert [candidate.kind for candidate in segment(scan).candidates] == [kind]


@pytest.mark.parametrize(("half_mm", "kind"), [(1.0, Kind.CALCINOSIS), (5.0, Kind.UNCERTAIN)])
def test_a_large_faint_piece_is_doubtful_unless_it_is_a_thin_sheet(half_mm: float, kind: Kind) -> None:
    hu = limb()
    z, y, x = coordinates()
    peak = 240.0 if half_mm < 2 else 135.0
    hu[(np.abs(x - 78.0) < half_mm) & (np.abs(y - 55.0) < 9.0) & (np.abs(z - 40.0) < 9.0)] = peak
    assert kinds(hu) == [kind]
