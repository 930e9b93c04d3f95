"""One error tree with three answers: each has its exit code, and every one of ours is caught as such."""

from __future__ import annotations

import pytest

from calciscope.terms import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.WrongUsage, 2),
        (errors.Refused, 3),
        (errors.NotAllowed, 4),
        (errors.Broken, 5),
        (errors.CalciscopeError, 5),
    ],
)
def test_exit_codes_are_the_promised_ones(error: type[errors.CalciscopeError], code: int) -> None:
    assert error.exit_code == code
    assert issubclass(error, errors.CalciscopeError)
