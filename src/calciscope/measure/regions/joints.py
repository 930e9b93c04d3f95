"""How far a joint's region reaches: knee and elbow end where the limb beside them begins, though bone stays wide beyond."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from calciscope.measure.regions.parts import Body
from calciscope.terms.deposits import Region

# Joint: region below, region above, half-length as a share of the limb's width there, and that of a limb cut by the image, mm
# (judgement: an adult's knee about 110 mm wide is called knee 45 mm to either side of the joint).
REACH: dict[Region, tuple[Region, Region, float, float]] = {
    Region.KNEE: (Region.LOWER_LEG, Region.THIGH, 0.42, 45.0),
    Region.ELBOW: (Region.FOREARM, Region.UPPER_ARM, 0.42, 38.0),
}


def bounded(body: Body, regions: list[Region]) -> list[Region]:
    """Regions with every run of knee or elbow cut to its reach around the joint, where bone fills most of the limb."""
    result = list(regions)
    for joint, (below, above, share, cut_mm) in REACH.items():
        for run in _runs(body, regions, joint):
            bone = np.array([body.parts[k].bone_mm2 / body.parts[k].whole_mm2 for k in run]) ** 2
            z = np.array([body.parts[k].z_mm for k in run])
            if bone.sum() == 0:
                continue
            centre = float((z * bone).sum() / bone.sum())
            whole = [min(body.parts[k].width_mm, body.parts[k].depth_mm) for k in run if not body.parts[k].cut]
            reach = share * float(np.median(whole)) if whole else cut_mm
            raised = _raised(body, regions, run, above)
            for k in run:
                if abs(body.parts[k].z_mm - centre) > reach:
                    result[k] = above if (body.parts[k].z_mm > centre) != raised else below
    return result


def _runs(body: Body, regions: list[Region], joint: Region) -> list[list[int]]:
    """Linked parts of one joint."""
    links = [(a, b) for a, b, _ in body.links if regions[a] is joint and regions[b] is joint]
    count = len(body.parts)
    low, high = (np.array([pair[k] for pair in links], dtype=int) for k in (0, 1))
    number = connected_components(coo_array((np.ones(len(links)), (low, high)), shape=(count, count)), directed=False)[
        1
    ]
    runs: dict[int, list[int]] = {}
    for k in range(count):
        if regions[k] is joint:
            runs.setdefault(int(number[k]), []).append(k)
    return list(runs.values())


def _raised(body: Body, regions: list[Region], run: list[int], above: Region) -> bool:
    """Whether the limb's nearer end lies below the joint, as in a raised arm."""
    inside = set(run)
    return any(a not in inside and b in inside and regions[a] is above for a, b, _ in body.links)
