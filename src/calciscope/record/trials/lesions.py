"""Which candidates of a subject's scans are one deposit, by what tracking found between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from calciscope.record.scans.followed import followed

Node = tuple[UUID, int]  # a measurement and the number of a candidate on it


def lesions(
    scans: Mapping[UUID, Mapping[str, Any]], order: Iterable[UUID], comparisons: Iterable[Mapping[str, Any]]
) -> dict[Node, int]:
    """Candidate -> number of its deposit, counted from 1 through one subject's scans in their ``order``.

    What was merged or split is one deposit throughout, as it is one family to the tracking.
    """
    roots: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        while roots.setdefault(node, node) != node:
            node = roots[node]
        return node

    for comparison in comparisons:
        before, after = (UUID(str(comparison[name])) for name in ("earlier", "measurement"))
        for family in followed(comparison.get("families", ())):
            nodes = [(before, one) for one in family.baseline_ids] + [(after, one) for one in family.followup_ids]
            for node in nodes[1:]:
                roots[root(node)] = root(nodes[0])
    numbers: dict[Node, int] = {}
    found: dict[Node, int] = {}
    for scan in order:
        for candidate in scans[scan].get("candidates", ()):
            node = (scan, int(candidate["deposit_id"]))
            found[node] = numbers.setdefault(root(node), len(numbers) + 1)
    return found
