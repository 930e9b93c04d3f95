"""Chance of every region for every part of the body, given all parts (belief propagation on a tree of linked parts)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.special import softmax

from calciscope.terms.geometry import Float64

Link = tuple[int, int, float]


def chances(
    evidence: Float64, links: tuple[Link, ...], pairs: tuple[Link, ...], passage: Float64, beside: Float64
) -> Float64:
    """(parts, regions) chances that add up to one for each part.

    ``evidence``: (parts, regions) log-likelihoods; ``links``: lower part, upper part, overlap; where links close a ring (an arm
    that touches the trunk twice) the weakest is left out; ``pairs``: parts side by side in a level, used only where links do not
    connect them; ``passage``: chance [below, above]; ``beside``: chance [one, other] of a pair.
    """
    count = len(evidence)
    steps = {(a, b): passage for a, b, _ in links} | {(b, a): passage.T for a, b, _ in links}
    for a, b, _ in pairs:
        steps.setdefault((a, b), beside)
        steps.setdefault((b, a), beside)
    order, parent = _orders(_spanning(links, pairs, count), count)
    children = np.zeros_like(evidence)  # what a part's children say of it
    message = np.zeros_like(evidence)  # what a part says to its parent
    for node in reversed(order):
        if parent[node] >= 0:
            message[node] = _passed(evidence[node] + children[node], steps[node, parent[node]])
            children[parent[node]] += message[node]
    belief = evidence + children
    for node in order:
        if parent[node] >= 0:
            belief[node] += _passed(belief[parent[node]] - message[node], steps[parent[node], node])
    return np.asarray(softmax(belief, axis=1))


def _passed(belief: Float64, step: Float64) -> Float64:
    """Log of what a belief says across a link, up to a constant; ``step`` holds plain chances, none of them 0."""
    return np.asarray(np.log(np.exp(belief - belief.max()) @ step))


def _spanning(links: tuple[Link, ...], pairs: tuple[Link, ...], count: int) -> coo_array:
    """The tree of largest overlap; pairs only where links leave parts apart."""
    if not links and not pairs:
        return coo_array((count, count))
    low, high, overlap = (np.array(column) for column in zip(*links, *pairs, strict=True))
    cost = 1.0 + overlap.max() - overlap
    cost[len(links) :] += cost.max()
    return minimum_spanning_tree(coo_array((cost, (low, high)), shape=(count, count)).tocsr())


def _orders(tree: coo_array, count: int) -> tuple[list[int], list[int]]:
    """Every part after its parent; -1 where a tree begins."""
    parent = [-1] * count
    order: list[int] = []
    _, group = connected_components(tree, directed=False)
    for root in np.unique(group, return_index=True)[1]:
        nodes, before = breadth_first_order(tree, int(root), directed=False)
        order += [int(node) for node in nodes]
        for node in nodes[1:]:
            parent[int(node)] = int(before[node])
    return order, parent
