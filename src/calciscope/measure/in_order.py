"""One call for each of many things, on as many threads as compiled loops may use; results come in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numba
from threadpoolctl import threadpool_limits

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def in_order(make: Callable[[Thing], Made], things: Sequence[Thing]) -> Iterator[Made]:
    """``make`` of every thing, in order. Each call may read what the others read, and must change nothing they see.

    Threads, not processes: the scan is held once, and the compiled loops in which the time goes run side by side. What
    one call gives can not depend on another, so neither the number of threads nor their timing can change a result.
    Linear algebra inside a call keeps to that call's thread: the systems are small, and more threads only wait.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        yield from _mapped(make, things)


def _mapped(make: Callable[[Thing], Made], things: Sequence[Thing]) -> Iterator[Made]:
    """The calls side by side, results in order."""
    threads = min(numba.get_num_threads(), len(things))
    if threads < 2:
        yield from map(make, things)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(make, things)
