"""The smallest real change: wider for more mass, thicker slices, more deposits and other settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calciscope.measure.track.limit import error_model
from calciscope.measure.track.limit_table import LIMIT_CLASSES
from calciscope.terms.tracking import ScanFacts
from tests.unit.measure.track.toy import FACTS

MASSES_MG = (3.0, 10.0, 100.0, 1000.0)


def facts(**changes: object) -> ScanFacts:
    return replace(FACTS, **changes)  # type: ignore[arg-type]


def test_limits_rise_with_mass_and_fall_in_per_cent() -> None:
    model = error_model(FACTS, FACTS)
    limits = [model.single_mg(mass) for mass in MASSES_MG]
    assert limits == sorted(limits)
    shares = [limit / mass for limit, mass in zip(limits, MASSES_MG, strict=True)]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("mass_mg", MASSES_MG)
def test_thicker_slices_never_tell_more(mass_mg: float) -> None:
    limits = [
        error_model(facts(slice_thickness_mm=t), facts(slice_thickness_mm=t)).single_mg(mass_mg)
        for t in (1.0, 2.0, 3.0, 5.0)
    ]
    assert all(b >= a - 0.05 * a for a, b in zip(limits, limits[1:], strict=False)), limits
    assert [one.up_to_mm for one in LIMIT_CLASSES] == sorted(one.up_to_mm for one in LIMIT_CLASSES)


def test_thickness_not_recorded_is_the_thickest_class() -> None:
    assert error_model(facts(slice_thickness_mm=None), FACTS).limits is LIMIT_CLASSES[-1]


def test_more_families_widen_the_limit_of_each() -> None:
    model = error_model(FACTS, FACTS)
    limits = [model.limit_mg(100.0, families) for families in (1, 10, 40, 200)]
    assert limits == sorted(limits) and limits[0] == pytest.approx(model.single_mg(100.0))


def test_what_may_be_missed_is_neither_new_nor_resolved() -> None:
    model = error_model(FACTS, FACTS)
    light = 0.9 * model.limits.found_from_mg
    assert model.presence_limit_mg(light, 1) > light


@pytest.mark.parametrize("change", [{"kvp": 80.0}, {"kernel": "SHARP"}, {"slice_thickness_mm": 3.0}, {"kvp": None}])
def test_another_setting_widens_and_is_named(change: dict[str, object]) -> None:
    plain, changed = error_model(FACTS, FACTS), error_model(FACTS, facts(**change))
    assert changed.single_mg(300.0) > plain.single_mg(300.0)
    assert len(changed.widened_by) == 1 and plain.widened_by == ()


def test_burden_is_surer_than_its_parts_and_not_surer_than_what_they_share() -> None:
    model = error_model(FACTS, FACTS)
    masses = [100.0] * 25
    burden = model.burden_limit_mg(masses)
    assert burden < sum(model.single_mg(mass) for mass in masses)
    assert burden > 1.9 * model.limits.shared_sd * sum(masses)


def test_a_net_makes_the_burden_less_sure() -> None:
    model = error_model(FACTS, FACTS)
    masses = [100.0] * 4
    assert model.burden_limit_mg(masses, [100.0]) > model.burden_limit_mg(masses)
