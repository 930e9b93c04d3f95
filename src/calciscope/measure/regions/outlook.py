"""What is met first when looking from a cell in eight directions of its level: bone, the skin, or the edge of the image."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.terms.geometry import Bool

FREE, BONE, UNSEEN = 0, 1, 2
"""The skin without bone before it; bone; the body goes on where the image or the scanner's field ends."""
STEPS = ((0, 1), (0, -1), (1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1))
"""(row, column) of each look; rows run to the back, columns to the left."""
EAST, WEST = 0, 1
REAR, FRONT = (2, 3, 4), (5, 6, 7)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _look(mine, bone, cut, dy, dx, out, steps):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """One direction: every cell takes over what its neighbour sees, in the order in which neighbours are done."""
    ny, nx = mine.shape
    for row in range(ny):
        y = ny - 1 - row if dy > 0 else row
        for column in range(nx):
            x = nx - 1 - column if dx > 0 else column
            v, u = y + dy, x + dx
            steps[y, x] = 1
            if v < 0 or v >= ny or u < 0 or u >= nx:
                out[y, x] = 2
            elif not mine[v, u]:
                out[y, x] = 2 if cut[y, x] else 0
            elif bone[v, u]:
                out[y, x] = 1
            else:
                out[y, x] = out[v, u]
                steps[y, x] = steps[v, u] + 1


def outlook(mine: Bool, bone: Bool, cut: Bool) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """uint8 [look, row, column] of FREE, BONE or UNSEEN for the cells of one part of one level, and the cells passed until then.

    ``mine``: cells of the part; ``bone``: those that stop a look; ``cut``: cells beyond which the body goes on unseen.
    """
    seen = np.zeros((len(STEPS), *mine.shape), dtype=np.uint8)
    steps = np.zeros((len(STEPS), *mine.shape), dtype=np.uint16)
    fields = [np.ascontiguousarray(field) for field in (mine, bone, cut)]
    for number, (dy, dx) in enumerate(STEPS):
        _look(*fields, dy, dx, seen[number], steps[number])
    return seen, steps
