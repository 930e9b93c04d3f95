"""Many calls on several threads give what one after the other gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numba
import pytest

from calciscope.measure.in_order import in_order


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = numba.get_num_threads()
    numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
    yield
    numba.set_num_threads(before)


def test_results_keep_the_order_though_the_first_call_ends_last(two_threads: None) -> None:
    if numba.get_num_threads() < 2:
        pytest.skip("one core only")
    second_done = threading.Event()

    def made(number: int) -> int:
        if number == 0:
            assert second_done.wait(10)
        if number == 1:
            second_done.set()
        return number * number

    assert list(in_order(made, range(6))) == [0, 1, 4, 9, 16, 25]


def test_one_core_means_no_threads(two_threads: None) -> None:
    numba.set_num_threads(1)
    assert set(in_order(lambda _: threading.current_thread(), range(4))) == {threading.current_thread()}


def test_nothing_gives_nothing_and_an_error_is_passed_on(two_threads: None) -> None:
    assert list(in_order(str, [])) == []
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 // number, [1, 2, 0]))
