"""Where the forty balls of a drawn limb lie; what reads it needs no record."""

from __future__ import annotations

import numpy as np


def forty_balls() -> dict[tuple[float, float, float], float]:
    """Centre (LPS mm) -> radius, mm."""
    balls: dict[tuple[float, float, float], float] = {}
    for level in range(7):
        for spoke in range(6):
            angle, away = np.radians(60 * spoke + 25 * level), 17.0 if (spoke + level) % 2 else 29.0
            centre = (float(away * np.cos(angle)), float(away * np.sin(angle)), -57.0 + 19.0 * level)
            balls[centre] = 2.2 + 0.35 * ((5 * level + spoke) % 7)
    chosen = dict(list(balls.items())[:40])
    (x, y, z), size = list(chosen.items())[7]
    chosen[(x, y, z + 1.75 * size)] = size  # a twin of the eighth
    return chosen
