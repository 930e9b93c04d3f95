"""The recipe names every number that took part."""

from __future__ import annotations

from calciscope.measure.constants import named_constants
from calciscope.measure.quantify import separate
from calciscope.share.measurement_json import plain


def test_a_threshold_stands_in_the_recipe_with_its_value() -> None:
    assert named_constants()["quantify.separate.SHELL_MM"] == separate.SHELL_MM


def test_every_one_can_be_written_as_json_numbers() -> None:
    def numbers(value: object) -> bool:
        return all(map(numbers, value)) if isinstance(value, list) else isinstance(value, int | float)

    assert len(named_constants()) > 100
    assert all(numbers(plain(value)) for value in named_constants().values())
