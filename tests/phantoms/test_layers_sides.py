"""Measured layers and sides are the phantom's, in a leg, an arm and a trunk: at least 95 of 100 deposits."""

from __future__ import annotations

import pytest

from benchmarks.phantom_reading import Read, read
from calciscope.phantom.spec import Body, PhantomSpec
from calciscope.terms.deposits import Kind, Layer

SPECS = (
    PhantomSpec(kind=Body.LEG, seed=3, slices=80, rows=224, columns=224),
    PhantomSpec(kind=Body.ARM, seed=4, slices=80, rows=160, columns=160),
    PhantomSpec(kind=Body.TRUNK, seed=6, slices=40, rows=256, columns=256, spacing_mm=1.5, slice_mm=2.0),
)
LEAST_SHARE = 0.95  # what the product promises


@pytest.fixture(scope="module")
def found() -> list[Read]:
    """True deposits of calcinosis of which something was found, with what was read of them."""
    reads = [one for spec in SPECS for one in read(spec).reads]
    return [one for one in reads if one.truth["kind"] == Kind.CALCINOSIS.value and one.match.deposits]


@pytest.mark.parametrize("name", ["layer", "side"])
def test_layers_and_sides_are_told_rightly(found: list[Read], name: str) -> None:
    wrong = [
        (one.truth["id"], one.truth[name], str(getattr(one.match.largest(), name)))
        for one in found
        if not one.same(name)
    ]
    assert len(wrong) <= (1 - LEAST_SHARE) * len(found), wrong


def test_the_phantoms_put_it_to_the_test(found: list[Read]) -> None:
    assert len(found) >= 50
    assert len({one.truth["side"] for one in found}) >= 2
    layers = [one.truth["layer"] for one in found]
    for layer in (Layer.SUBCUTANEOUS, Layer.INTRAMUSCULAR, Layer.FASCIAL, Layer.CUTANEOUS):
        assert layer.value in layers
