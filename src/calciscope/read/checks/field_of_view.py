"""Whether the image or the scanner's field cuts the body: where skin is cut off, depth and layer are not evaluable.

Warns when more than 1 % of the outline is cut; voids depth and layer for the whole scan only when more than half is.
"""

from __future__ import annotations

import numpy as np

from calciscope.read.outline import cut_edge, edge_of, outline
from calciscope.terms.checks import Check, Voids
from calciscope.terms.series import Series

# A body that only touches the border (judgement), and one of which so much skin is cut that depth means little.
TOUCHES = 0.01
MOSTLY_CUT = 0.5


def check(series: Series) -> Check:
    """Warns when more than 1 % of the outline is cut; voids depth and layer when half of it is."""
    view = outline(series.volume)
    whole = int(np.count_nonzero(edge_of(view.body)))
    if whole == 0:
        return Check(id="field_of_view", passed=False, message="No body was found in the sampled slices.")
    part = np.count_nonzero(cut_edge(view)) / whole
    if part <= TOUCHES:
        return Check(id="field_of_view", passed=True, message="The whole outline of the body is in view.")
    message = f"The image cuts {part:.0%} of the body's outline; there, depth and layer are not evaluable."
    return Check(
        id="field_of_view", passed=False, message=message, voids=(Voids.DEPTH, Voids.LAYER) if part > MOSTLY_CUT else ()
    )
