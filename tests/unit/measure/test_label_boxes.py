"""Boxes of labels are those of a plain search through the whole grid."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from calciscope.measure.label_boxes import label_boxes


def test_boxes_are_those_of_a_plain_search() -> None:
    random = np.random.default_rng(3)
    labels = np.zeros((30, 24, 40), np.uint16)
    for label in (1, 2, 5, 9, 300):
        first = random.integers(0, np.array(labels.shape) - 6)
        labels[tuple(slice(f, f + int(n)) for f, n in zip(first, random.integers(1, 6, 3), strict=True))] = label
    plain = {number: box for number, box in enumerate(ndimage.find_objects(labels), start=1) if box is not None}
    assert label_boxes(labels) == plain and len(plain) >= 4


def test_a_scan_without_labels_has_no_boxes() -> None:
    assert label_boxes(np.zeros((4, 5, 6), np.uint16)) == {}
    assert label_boxes(np.zeros((0, 5, 6), np.uint16)) == {}
