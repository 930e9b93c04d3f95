"""Vessels filled with contrast medium outside the trunk's cavity, told by their even course, for headers often keep it silent."""

from __future__ import annotations

from calciscope.measure.segment.bars import across
from calciscope.measure.segment.tubes import Course, goes_on_beyond
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind

ORDER = 55
FILLED_HU = (130.0, 800.0)
"""Middle of a vessel filled with contrast medium, HU (memory: arteries 200-500, at 80 kV to 700; veins from 120)."""
FILLED_MM = 18.0
"""Widest vessel outside the trunk's cavity, mm, blurred edge included (judgement)."""
FILLED_LONG, FILLED_LONG_MM = 4.0, 30.0
"""Length of a filled vessel over its width, and least length, mm: bodies of mineral of one cross-section are shorter
(judgement)."""
OBLONG = 1.7
"""Length over width of a vessel's section, cut obliquely or beside a branch (judgement)."""
WIDTH_VARIES, INNER_VARIES = 0.35, 0.2
"""A vessel hardly narrows within a scan, and is filled evenly; its own noise comes on top (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Contrast when it is a tube of one width and one density, and no calcified vessel."""
    if not _is_filled(view):
        return None
    return Finding(
        kind=Kind.CONTRAST,
        confidence=0.6,
        reason="Long, round and even from end to end, as a vessel filled with contrast medium is.",
    )


def _is_filled(view: View) -> bool:
    """Whether it is a tube of one width and one density that does not end within the scan: blood flows on, a line of mineral ends."""
    planes = view.piece.box[0]
    if planes.start > 0 and planes.stop < view.scan.labels.shape[0] and not goes_on_beyond(view, Course()):
        return False
    if (planes.stop - planes.start) * view.spacing_mm[0] < FILLED_LONG_MM or view.piece.mean_hu > FILLED_HU[1]:
        return False
    bar = across(0, view.core, view.hu, view.spacing_mm)
    if bar is None or not FILLED_HU[0] <= bar.inner_hu <= FILLED_HU[1] or bar.width_mm > FILLED_MM:
        return False
    noise = 2.0 * view.coarse_at_centre(view.scan.field.noise_hu) / bar.inner_hu
    return bool(
        bar.length_mm >= FILLED_LONG * bar.width_mm
        and bar.oblong <= OBLONG
        and bar.width_varies <= WIDTH_VARIES
        and bar.inner_varies <= INNER_VARIES + noise
    )
