"""How coloured an ultrasound image is: flow is drawn in colours, whose brightness is no echo."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calciscope.read.header import Pixels

COLOURED = (
    40  # of 255 between the strongest and the weakest of red, green and blue: more than a tinted grey (judgement)
)
CHROMA = 20  # of 128 that blue or red differ from grey: about the same in YBR
LEAST_FLOW = 0.002  # of the calibrated region: less is a mark or a logo


def colourfulness(stored: NDArray[Any], pixels: Pixels, *, decoded: bool) -> NDArray[np.bool_] | None:
    """Whether each pixel is coloured, [row, column]; None where the picture is grey or its colours were not read."""
    if stored.ndim != 3:
        return None
    if pixels.photometric == "YBR_FULL" and not decoded:
        chroma = np.abs(stored[:, :, 1:].astype(np.int16) - 128)
        return np.asarray(chroma.max(axis=2) > CHROMA)
    return np.asarray(np.ptp(stored[:, :, :3].astype(np.int16), axis=2) > COLOURED)


def share_of_flow(coloured: NDArray[np.bool_] | None, covered: NDArray[np.bool_] | None) -> float:
    """The coloured share of the calibrated regions, or of the picture where it has none."""
    if coloured is None:
        return 0.0
    return float(coloured[covered].mean() if covered is not None else coloured.mean())
