"""What every measure must obey, run on all that the folder holds."""

from __future__ import annotations

import ast
import sys
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest

from calciscope.measure.measures import describe, measures
from calciscope.measure.subject import Subject
from calciscope.terms.deposits import Deposit

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "calciscope" / "measure" / "measures"
sys.path.insert(0, str(ROOT / "tests" / "unit" / "measure" / "measures"))

from digital_limb import Limb, ball  # noqa: E402

LIMB = Limb(deposit=ball(80.0, 3.0, 2.0, 7.0), noise_hu=12.0)


@pytest.fixture(scope="module")
def subject() -> Subject:
    return LIMB.subject()


def test_every_file_of_the_folder_is_a_measure() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert set(measures()) == files
    assert list(measures()) == sorted(files)


@pytest.mark.parametrize("name", measures())
def test_has_a_docstring_and_unique_columns(name: str) -> None:
    module = measures()[name]
    assert module.__doc__
    others = {column for other, measure in measures().items() if other != name for column in measure.COLUMNS}
    assert module.COLUMNS
    assert not set(module.COLUMNS) & others


@pytest.mark.parametrize("name", measures())
def test_columns_are_fields_of_a_deposit(name: str) -> None:
    assert set(measures()[name].COLUMNS) <= set(Deposit.__dataclass_fields__)


@pytest.mark.parametrize("name", measures())
def test_fills_exactly_its_columns_with_plain_values(name: str, subject: Subject) -> None:
    values = measures()[name].compute(subject)
    assert tuple(values) == measures()[name].COLUMNS
    for value in values.values():
        parts = value if isinstance(value, tuple) else (value,)
        assert all(part is None or type(part) in (float, int) or isinstance(part, StrEnum) for part in parts)
        assert all(np.isfinite(part) for part in parts if type(part) is float)


@pytest.mark.parametrize("name", measures())
def test_leaves_its_input_alone(name: str) -> None:
    subject = LIMB.subject()
    arrays = [
        subject.neighbourhood.hu, subject.neighbourhood.labels, subject.neighbourhood.tissue,
        subject.quantity.contrast_hu, subject.quantity.support, subject.scene.volume.hu, subject.scene.surface_mm,
    ]  # fmt: skip
    before = [array.copy() for array in arrays]
    measures()[name].compute(subject)
    assert all(np.array_equal(a, b) for a, b in zip(before, arrays, strict=True))


def test_the_same_input_gives_the_same_values(subject: Subject) -> None:
    first = describe(subject.scene, subject.neighbourhood, subject.quantity)
    assert first == describe(subject.scene, subject.neighbourhood, subject.quantity)
    assert first == LIMB.describe()


def test_every_measure_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "measures.md").read_text()
    for name, measure in measures().items():
        assert all(f"`{column}`" in page for column in measure.COLUMNS), name


@pytest.mark.parametrize("name", measures())
def test_no_measure_imports_another_rooms_code(name: str) -> None:
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [module for module in modules if module.startswith("calciscope.")]
    assert all(module.startswith(("calciscope.measure.", "calciscope.terms.")) for module in ours)
