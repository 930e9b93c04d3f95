"""What is bright in the body and no deposit: bones, growing centres, sesamoids, costal cartilage, metal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Bone
from calciscope.phantom.anatomy.limb import Limb
from calciscope.phantom.anatomy.solid_parts import Chain
from calciscope.phantom.anatomy.tube import STATION_MM
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid

Float64 = NDArray[np.float64]
PHYSIOLOGICAL = ("fabella", "tibial tuberosity centre", "medial epicondyle centre")  # sesamoids, ossification centres
KIND_OF_ROD = {"rib": Kind.BONE, "costal cartilage": Kind.PHYSIOLOGICAL}


def landmarks(limbs: tuple[Limb, ...], grid: Grid) -> list[dict[str, object]]:
    """Name, kind, side and bounding box (LPS mm) of every bright part that the image shows some of."""
    found = []
    for limb in limbs:
        for part in limb.parts:
            if isinstance(part, Bone):
                kind = Kind.PHYSIOLOGICAL if part.name in PHYSIOLOGICAL else Kind.BONE
                name, points = part.name, _surface(part)
            elif isinstance(part, Chain):
                kind, name = KIND_OF_ROD.get(part.name, Kind.METAL), part.name
                points = np.concatenate([part.points - part.radius_mm, part.points + part.radius_mm])
            else:
                continue
            lps = limb.frame.to_lps(points)
            index = grid.to_index(lps)
            seen = ((index >= 0) & (index <= np.array(grid.shape) - 1)).all(axis=1)
            if seen.any():
                found.append(_row(name, kind, limb, lps[seen]))
    return found


def _surface(bone: Bone) -> Float64:
    """Points (n, 3) of a bone's surface in limb coordinates."""
    outer = bone.outer
    s = outer.start_mm + STATION_MM * np.arange(len(outer.centre))
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    radius = outer.radius[:, :: outer.radius.shape[1] // 16]
    u = outer.centre[:, :1] + radius * np.cos(angles)
    v = outer.centre[:, 1:] + radius * np.sin(angles)
    return np.stack([np.broadcast_to(s[:, None], u.shape), u, v], axis=-1).reshape(-1, 3).astype(np.float64)


def _row(name: str, kind: Kind, limb: Limb, lps: Float64) -> dict[str, object]:
    low, high = lps.min(axis=0), lps.max(axis=0)
    return {
        "name": name,
        "kind": kind.value,
        "side": limb.side.value,
        "bounds_lps_mm": [[round(float(value), 2) for value in corner] for corner in (low, high)],
    }
