"""The closed vocabularies are the promised words (docs/reference/outputs.md): scripts of users compare against them."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

from calciscope import terms
from calciscope.terms.deposits import Kind, Layer, Region, Shape, Side

PROMISED = {
    Kind: "calcinosis vascular bone metal contrast physiological artefact outside_body uncertain",
    Layer: "cutaneous fascial intramuscular periosteal subcutaneous visceral unknown",
    Shape: "punctate nodule mass linear sheet reticular",
    Region: "head face neck shoulder upper_arm elbow forearm wrist hand finger chest back abdomen pelvis groin buttock "
    "hip thigh knee lower_leg ankle foot toe unknown",
    Side: "left right midline unknown",
}


@pytest.mark.parametrize("vocabulary", PROMISED, ids=lambda vocabulary: vocabulary.__name__)
def test_words_are_the_promised_ones(vocabulary: type[Kind]) -> None:
    assert {word.value for word in vocabulary} == set(PROMISED[vocabulary].split())


def test_every_dataclass_of_the_terms_is_frozen_and_built_by_name() -> None:
    loose = []
    for info in pkgutil.iter_modules(terms.__path__):
        module = importlib.import_module(f"calciscope.terms.{info.name}")
        for name, value in vars(module).items():
            if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__:
                frozen = value.__dataclass_params__.frozen  # type: ignore[attr-defined]
                if not frozen or not all(field.kw_only for field in dataclasses.fields(value)):
                    loose.append(f"{info.name}.{name}")
    assert loose == []
