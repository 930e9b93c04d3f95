"""Where a body on bone ends and the bone begins: the bone's free surface around the body, carried on beneath it.

A ball rolled inside bone and body together bulges into the neck between them, and what closes pores fills the groove around
it; both give a slice of the body to the bone. A quadric through the surface beyond the groove shows where the bone goes on.
"""

from __future__ import annotations

import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.solid import Bool, Solid

AROUND_MM = (2.5, 8.0)
"""Distances from the body at which the bone's surface is free of the groove, and still of the same bend, mm (judgement)."""
LEAST_PLACES = 24
"""Places of the surface from which a quadric is drawn (judgement)."""
OFF_MM, ROUNDS = 1.5, 3
"""Places farther than this from the quadric are other surfaces, mm; how often they are left out (judgement)."""
DEEPEST_MM = 3.5
"""No more than this is given back, mm: more is a process of bone (judgement)."""
LIKE = 0.45
"""Share of the body's density from which a voxel above the bone's surface is the body's own."""
FOOTPRINT = 95.0
"""Percentile of a body's distance from its own axis that is its radius."""
INWARD = 0.35
"""Centres of a mask's outermost voxels lie so far, in voxels, within its surface (mean over planes at any angle)."""

Float = NDArray[np.float64]


def down_to_bone(solid: Solid, bone: Bool, body: Bool) -> Bool:
    """``body`` with what lies between it and the surface of ``bone``; all on the working grid of ``solid``."""
    box = _around(body, solid)
    own, rest = body[box], bone[box] & ~body[box]
    if not own.any() or not rest.any():
        return body
    away = edt.edt(~own, anisotropy=solid.spacing_mm)
    rim = rest & ~ndimage.binary_erosion(bone[box], border_value=1)
    places = np.argwhere(rim & (away > AROUND_MM[0]) & (away <= AROUND_MM[1])) * np.array(solid.spacing_mm)
    if len(places) < LEAST_PLACES:
        return body
    wanted = np.argwhere(
        solid.filled[box] & ~own & (away <= DEEPEST_MM) & (solid.hu[box] > LIKE * np.median(solid.hu[box][own]))
    )
    if not len(wanted):
        return body
    mm = np.array(solid.spacing_mm)
    height_mm, beside = _height_and_beside(places, np.argwhere(own) * mm, wanted * mm)
    out = body.copy()
    out[box][tuple(wanted[(height_mm > INWARD * float(mm.mean())) & ~beside].T)] = True
    return out


def _around(body: Bool, solid: Solid) -> tuple[slice, ...]:
    """The body's box with room for the surface around it."""
    reach = [int(np.ceil(AROUND_MM[1] / mm)) + 1 for mm in solid.spacing_mm]
    found = ndimage.find_objects(body.view(np.uint8))
    box = found[0] if found else (slice(0, 0),) * body.ndim
    return tuple(slice(max(0, s.start - r), s.stop + r) for s, r in zip(box, reach, strict=True))


def _height_and_beside(places: Float, own: Float, asked: Float) -> tuple[Float, Bool]:
    """Height (mm) of points above the quadric through surface places, up being where the body lies, and whether they lie
    beside the body, not beneath it."""
    centre = places.mean(axis=0)
    axes = np.linalg.svd(places - centre, full_matrices=False)[2]
    if (own.mean(axis=0) - centre) @ axes[2] < 0:
        axes[2] = -axes[2]
    local = (places - centre) @ axes.T
    kept = np.ones(len(local), dtype=np.bool_)
    for _ in range(ROUNDS):
        shape = np.linalg.lstsq(_terms(local[kept]), local[kept, 2], rcond=None)[0]
        off = np.abs(local[:, 2] - _terms(local) @ shape)
        if (off <= OFF_MM).sum() < LEAST_PLACES:
            break
        kept = off <= OFF_MM
    points, body = (asked - centre) @ axes.T, (own - centre) @ axes.T
    middle = body[:, :2].mean(axis=0)
    widest = np.percentile(np.linalg.norm(body[:, :2] - middle, axis=1), FOOTPRINT)
    beside = np.linalg.norm(points[:, :2] - middle, axis=1) > widest
    return points[:, 2] - _terms(points) @ shape, np.asarray(beside)


def _terms(local: Float) -> Float:
    """Terms of a quadric over the first two coordinates."""
    u, v = local[:, 0], local[:, 1]
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=1)
