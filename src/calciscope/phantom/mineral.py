"""How bright mineral is: HU per mg hydroxyapatite/ml by tube voltage and body thickness.

The table is the phantom's own copy of the spectral model (measured with spekpy spectra and xraylib cross-sections
behind 8, 20 and 32 cm of water); nothing of ``calciscope.measure`` is used, so that the truth stays independent.
"""

from __future__ import annotations

import numpy as np

WATER_CM = np.array([8.0, 20.0, 32.0])
KVP = np.array([70.0, 80.0, 100.0, 120.0, 135.0, 140.0])
HU_PER_MG_ML = np.array(
    [
        [2.31, 2.09, 1.96],
        [2.01, 1.82, 1.69],
        [1.67, 1.50, 1.39],
        [1.47, 1.31, 1.21],
        [1.37, 1.21, 1.11],
        [1.34, 1.19, 1.08],
    ]
)  # measured, rows by kVp
THICKNESS_RANGE_CM = (1.0, 50.0)


def hu_per_mg_ml(kvp: float, water_cm: float) -> float:
    """HU that 1 mg/ml of hydroxyapatite adds, behind ``water_cm`` of water; linear between and beyond the nodes."""
    by_thickness = np.array([_extended(kvp, KVP, column) for column in HU_PER_MG_ML.T])
    return _extended(float(np.clip(water_cm, *THICKNESS_RANGE_CM)), WATER_CM, by_thickness)


def _extended(x: float, nodes: np.ndarray, values: np.ndarray) -> float:
    """Piecewise linear interpolation that goes on along the first and the last piece."""
    last = int(np.clip(np.searchsorted(nodes, x) - 1, 0, len(nodes) - 2))
    share = (x - nodes[last]) / (nodes[last + 1] - nodes[last])
    return float(values[last] + share * (values[last + 1] - values[last]))
