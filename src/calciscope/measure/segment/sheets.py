"""Folded sheets of mineral, whose leaves enclose soft tissue as cortex encloses marrow, but not on all sides."""

from __future__ import annotations

import cc3d
import edt
import numpy as np

from calciscope.measure.segment.solid import Solid, core_depth_mm

THIN_MM = 4.5
"""Greatest half thickness of what is dense in a folded sheet, mm, blur and places where leaves touch included; trabecular
bone is dense through and through (measured: folded sheets of 1.8 mm 3.3-4.3, a kneecap 11)."""
OF_THICKNESS = 0.85
"""The same as a share of the half thickness of the filled piece (measured: folded sheets 0.53-0.8)."""
OPEN_CORE = 0.07
"""Share of the filled piece's core that soft tissue outside reaches (measured: folded sheets 0.09-0.46, bones up to 30 ml
at less than 3 mm 0-0.06)."""


def is_folded_sheet(solid: Solid, thickness_mm: float) -> bool:
    """Whether a piece in whole view is thin in itself and its core is open: a bone's marrow is closed in.

    ``thickness_mm``: greatest depth of the filled solid.
    """
    half_mm = float(edt.edt(np.pad(solid.dense, 1), anisotropy=solid.spacing_mm).max())
    if half_mm > min(THIN_MM, OF_THICKNESS * thickness_mm):
        return False
    core = solid.filled & (solid.depth_mm > core_depth_mm(thickness_mm))
    spaces = cc3d.connected_components(np.pad(~solid.dense, 1, constant_values=True), connectivity=6)
    outside = (spaces == spaces[0, 0, 0])[1:-1, 1:-1, 1:-1]
    return bool((core & outside).sum() > OPEN_CORE * max(1, core.sum()))
