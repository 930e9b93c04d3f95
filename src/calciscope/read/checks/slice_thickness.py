"""Whether slices are thin enough to tell layers apart.

Warns above 3 mm; voids the layer above 5 mm.
"""

from __future__ import annotations

from calciscope.terms.checks import Check, Voids
from calciscope.terms.series import Series

# The interface calls layers unknown above 3 mm where it matters; vendors write 3 mm as up to 3.05.
THIN_ENOUGH_MM = 3.05
# Twice the depth of the skin layer (2.5 mm): skin, fat and fascia run into each other in one slice (judgement).
TOO_THICK_FOR_LAYERS_MM = 5.05


def check(series: Series) -> Check:
    """Warns above 3 mm; voids the layer above 5 mm."""
    spacing = series.volume.grid.spacing_mm[0]
    thickness = max(series.acquisition.slice_thickness_mm or 0.0, spacing)
    if thickness <= THIN_ENOUGH_MM:
        return Check(id="slice_thickness", passed=True, message=f"Slices are {thickness:.3g} mm thick.")
    if thickness <= TOO_THICK_FOR_LAYERS_MM:
        message = f"Slices are {thickness:.3g} mm thick; small deposits may be missed and layers are less certain."
        return Check(id="slice_thickness", passed=False, message=message)
    message = f"Slices are {thickness:.3g} mm thick; small deposits may be missed and layers cannot be told apart."
    return Check(id="slice_thickness", passed=False, message=message, voids=(Voids.LAYER,))
