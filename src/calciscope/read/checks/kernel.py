"""Whether the reconstruction kernel is suited for reading HU.

Warns when it is a sharp one (bone, lung), or when its name is unknown or not recorded.
"""

from __future__ import annotations

from calciscope.read.kernels import Sharpness, sharpness
from calciscope.terms.checks import Check
from calciscope.terms.series import Series


def check(series: Series) -> Check:
    """Warns about sharp kernels, and when the kernel is unknown."""
    name = series.acquisition.kernel
    kind = sharpness(name)
    if kind is Sharpness.SHARP:
        message = f"The kernel ({name}) is sharp; it overshoots at edges and is noisy. A soft kernel measures better."
        return Check(id="kernel", passed=False, message=message)
    if kind is Sharpness.UNKNOWN:
        said = f"The kernel ({name}) is not one this program knows" if name else "The kernel is not recorded"
        return Check(id="kernel", passed=False, message=f"{said}; whether it is soft enough could not be checked.")
    return Check(id="kernel", passed=True, message=f"The kernel ({name}) is a soft or standard one.")
