"""Left or right of every part, from where it lies in the patient (LPS: x grows to the left), never from rows and columns."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from calciscope.measure.regions.likelihood import ARM, LEG, TRUNK
from calciscope.measure.regions.parts import Body, Part
from calciscope.terms.deposits import Region, Side

# This close to the body's middle plane there is no side (design of the product: about 15 mm).
MIDLINE_MM = 15.0
# Of the levels that tell a limb's side, this share must agree.
AGREE = 0.8
# A lone limb this far from the scanner's axis lies on that side of a patient who lies in the middle of the table (judgement).
OFF_AXIS_MM = 45.0
# A fibula must lie this far sideways of the tibia, as a share of their distance, to tell outer from inner.
FIBULA_SIDEWAYS = 0.3
# An area with no bone must be this large to count as the other limb.
LEAST_OTHER_MM2 = 300.0

Regions = list[Region]


def middles(body: Body, regions: Regions) -> dict[int, float]:
    """x (mm) of the body's middle plane at each level that has an uncut trunk: between its bones, else its outline."""
    found: dict[int, float] = {}
    for part, region in sorted(zip(body.parts, regions, strict=True), key=lambda pair: pair[0].area_mm2):
        if region in TRUNK and not part.cut:
            found[part.level] = part.x_mm
    return found


def sides(body: Body, regions: Regions, named: Side | None) -> list[Side]:
    """The side of every limb part; ``UNKNOWN`` for trunk parts, whose points have sides of their own."""
    limb = limbs(body, regions)
    votes: dict[int, list[float]] = defaultdict(list)
    for level in sorted({part.level for part in body.parts}):
        _vote(body, regions, limb, level, votes)
    sided = {number: _side(body, regions, limb, number, votes.get(number, []), named) for number in set(limb) - {-1}}
    return [sided.get(number, Side.UNKNOWN) for number in limb]


def limbs(body: Body, regions: Regions) -> list[int]:
    """Number of the limb each part belongs to, -1 for trunk."""
    family = [_family(region) for region in regions]
    links = [(a, b) for a, b, _ in body.links if family[a] == family[b] != ""]
    low, high = (np.array([pair[k] for pair in links], dtype=int) for k in (0, 1))
    count = len(body.parts)
    number = connected_components(coo_array((np.ones(len(links)), (low, high)), shape=(count, count)), directed=False)[
        1
    ]
    return [int(n) if name else -1 for n, name in zip(number, family, strict=True)]


def _family(region: Region) -> str:
    return "leg" if region in LEG else "arm" if region in ARM else ""


def _vote(body: Body, regions: Regions, limb: list[int], level: int, votes: dict[int, list[float]]) -> None:
    """Each limb of a level votes by its x against the trunk's middle, else against the other limb of its kind."""
    here = [k for k, part in enumerate(body.parts) if part.level == level]
    trunk = [body.parts[k] for k in here if regions[k] in TRUNK and not body.parts[k].cut]
    for k in (k for k in here if limb[k] >= 0):
        if trunk:
            middle: float | None = max(trunk, key=lambda part: part.area_mm2).x_mm
        else:
            middle = _between(body, regions, limb, here, k)
        if middle is not None and abs(body.parts[k].x_mm - middle) > MIDLINE_MM:
            votes[limb[k]].append(float(np.sign(body.parts[k].x_mm - middle)))


def _between(body: Body, regions: Regions, limb: list[int], here: list[int], k: int) -> float | None:
    """The x half way to the largest other limb of the same kind in this level."""
    same = [j for j in here if limb[j] not in (limb[k], -1) and _family(regions[j]) == _family(regions[k])]
    same = [j for j in same if body.parts[j].bones or body.parts[j].area_mm2 >= LEAST_OTHER_MM2]
    if not same:
        return None
    other = max(same, key=lambda j: body.parts[j].area_mm2)
    return (body.parts[k].x_mm + body.parts[other].x_mm) / 2


def _side(body: Body, regions: Regions, limb: list[int], number: int, votes: list[float], named: Side | None) -> Side:
    """Other limbs first, then the header, then the fibula, then the place on the table."""
    mine = [k for k, n in enumerate(limb) if n == number]
    parts = [body.parts[k] for k in mine]
    if votes and abs(sum(votes)) / len(votes) >= 2 * AGREE - 1:
        return _of(sum(votes))
    if named is not None:
        return named
    outward = [v for k in mine if regions[k] is Region.LOWER_LEG and (v := _fibula(body.parts[k])) != 0.0]
    if outward and abs(sum(outward)) / len(outward) >= 2 * AGREE - 1:
        return _of(sum(outward))
    x_mm = float(np.average([part.x_mm for part in parts], weights=[part.area_mm2 for part in parts]))
    return _of(x_mm) if abs(x_mm) >= OFF_AXIS_MM else Side.UNKNOWN


def _fibula(part: Part) -> float:
    """+1 when the fibula lies to the left of the tibia, -1 to the right, 0 when it does not tell."""
    if len(part.bones) != 2:
        return 0.0
    tibia, fibula = part.bones
    across = fibula.x_mm - tibia.x_mm
    apart = float(np.hypot(across, fibula.y_mm - tibia.y_mm))
    return float(np.sign(across)) if apart > 0 and abs(across) >= FIBULA_SIDEWAYS * apart else 0.0


def _of(left: float) -> Side:
    return Side.LEFT if left > 0 else Side.RIGHT
