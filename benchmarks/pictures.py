"""Pictures of places in a scan for review by eye; they go to a folder given, never into the project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HALF_MM = 32.0


def crop_picture(
    path: Path,
    hu: NDArray[np.int16],
    spacing_mm: Sequence[float],
    centre: Sequence[float],
    title: str,
    outlines: dict[str, NDArray[np.bool_]],
) -> None:
    """Axial, coronal and sagittal crops around a voxel, with full-grid masks outlined (colour -> mask)."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    middle = [round(float(c)) for c in centre]
    reach = [int(HALF_MM / s) for s in spacing_mm]
    box = [slice(max(0, m - r), min(n, m + r + 1)) for m, r, n in zip(middle, reach, hu.shape, strict=True)]
    figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.8))
    for axis, panel in enumerate(panels):
        cut = tuple(middle[axis] if i == axis else box[i] for i in range(3))
        plane = hu[cut]
        rest = [spacing_mm[i] for i in range(3) if i != axis]
        flip = slice(None, None, -1) if axis else slice(None)
        panel.imshow(plane[flip], cmap="gray", vmin=-200, vmax=500, aspect=rest[0] / rest[1], interpolation="nearest")
        for colour, mask in outlines.items():
            shown = mask[cut][flip].astype(float)
            if shown.any() and not shown.all() and min(shown.shape) > 1:
                panel.contour(shown, levels=[0.5], colors=colour, linewidths=0.8)
        panel.axis("off")
    figure.suptitle(title, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90, bbox_inches="tight")
    plt.close(figure)
