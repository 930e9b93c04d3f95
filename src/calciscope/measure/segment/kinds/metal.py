"""Metal: beyond any mineral where the scale allows it, else by its streaks. Dense mineral is not metal."""

from __future__ import annotations

import numpy as np

from calciscope.measure.segment.bars import along_its_length
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind
from calciscope.terms.tissue import Tissue

ORDER = 30
MINERAL_TOP_HU = 5500.0
"""Solid hydroxyapatite (enamel, 2500 mg/ml at 2 HU per mg/ml at 80 kV, imaging.md 1.5) stays below this, HU."""
SUSPECT_HU = 2400.0
"""Peak from which metal is considered, HU: a small clip blurred below the top of a 12-bit scale (judgement)."""
DARK_HU = -220.0
"""Soft tissue is never this low away from gas: a dark streak, HU."""
DARK_SHARE, BRIGHT_SHARE = 0.04, 0.10
"""Shares of soft tissue near metal that streaks make dark, or bright beyond lean tissue (judgement)."""
REACH_MM = 12.0
BAR_LONG, BAR_LONG_MM = 3.0, 15.0
"""Length of a nail, screw, wire or plate over its width, and least length, mm (judgement)."""
BAR_BENT, BAR_VARIES = 0.04, 0.2
"""A bar of metal is straight, or bowed as a nail, to this share of its length, and of one cross-section; mineral as long is
neither (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Metal by CT number beyond mineral, or by dark and bright streaks beside a very dense core."""
    peak = view.piece.peak_hu
    if peak < SUSPECT_HU:
        return None
    if peak > MINERAL_TOP_HU:
        return Finding(kind=Kind.METAL, confidence=0.95, reason="Denser than any mineral.")
    dark, bright = _streaks(view)
    if dark > DARK_SHARE or (dark > DARK_SHARE / 3 and bright > BRIGHT_SHARE):
        return Finding(kind=Kind.METAL, confidence=0.8, reason="Very dense, with dark and bright streaks beside it.")
    if _is_bar(view):
        return Finding(kind=Kind.METAL, confidence=0.8, reason="Very dense, straight and of one cross-section: a bar.")
    return None


def _is_bar(view: View) -> bool:
    """Whether it is as straight and even as a made thing."""
    bar = along_its_length(view.core & (view.hu > 0.5 * view.piece.peak_hu), view.hu, view.spacing_mm)
    if bar is None or bar.length_mm < max(BAR_LONG_MM, BAR_LONG * bar.width_mm):
        return False
    return bar.bent_mm <= BAR_BENT * bar.length_mm and bar.width_varies <= BAR_VARIES


def _streaks(view: View) -> tuple[float, float]:
    """Shares of dark and of bright voxels in the same slices near the candidate, its blurred edge left out."""
    planes = view.core.any(axis=(1, 2))
    beside = view.near(REACH_MM) & ~view.near(3.0)
    beside[~planes] = False
    inside = beside & (view.tissue != int(Tissue.OUTSIDE)) & (view.tissue != int(Tissue.BONE))
    if inside.sum() < 30:
        return 0.0, 0.0
    values = view.hu[inside]
    return float(np.mean(values < DARK_HU)), float(np.mean(values > 180))
