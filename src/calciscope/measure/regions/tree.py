"""Chance of every region for every part of the body, given all parts (belief propagation on a tree of linked parts)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.special import logsumexp, softmax

from calciscope.terms.geometry import Float64

Link = tuple[int, int, float]


def chances(evidence: Float64, links: tuple[Link, ...], passage: Float64) -> Float64:
    """(parts, regions) chances that add up to one for each part.

    ``evidence``: (parts, regions) log-likelihoods; ``links``: lower part, upper part, overlap; where links close a ring (an arm
    that touches the trunk twice) the weakest is left out; ``passage``: log chance [below, above].
    """
    count = len(evidence)
    kept, above = _spanning(links, count)
    order, parent = _orders(kept, count)
    toward = np.zeros_like(evidence)  # what a part's children say of it
    message = np.zeros_like(evidence)  # what a part says to its parent
    for node in reversed(order):
        if parent[node] >= 0:
            step = passage if (node, parent[node]) in above else passage.T
            message[node] = _normed(logsumexp((evidence[node] + toward[node])[:, None] + step, axis=0))
            toward[parent[node]] += message[node]
    belief = evidence + toward
    for node in order:
        if parent[node] >= 0:
            step = passage.T if (node, parent[node]) in above else passage
            rest = belief[parent[node]] - message[node]
            belief[node] += _normed(logsumexp(rest[:, None] + step, axis=0))
    return np.asarray(softmax(belief, axis=1))


def _normed(message: Float64) -> Float64:
    return np.asarray(message - message.max())


def _spanning(links: tuple[Link, ...], count: int) -> tuple[coo_array, set[tuple[int, int]]]:
    if not links:
        return coo_array((count, count)), set()
    low, high, overlap = (np.array(column) for column in zip(*links, strict=True))
    # Spanning tree of largest overlap: smallest of a falling, positive cost.
    cost = 1.0 + overlap.max() - overlap
    tree = minimum_spanning_tree(coo_array((cost, (low, high)), shape=(count, count)).tocsr())
    return tree, {(int(a), int(b)) for a, b, _ in links}


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
