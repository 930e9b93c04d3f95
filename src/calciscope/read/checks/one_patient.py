"""Whether all CT slices of the input are one patient's.

Warns when another patient's lie beside them: the one that is measured was chosen by its series, not by whom it is of.
"""

from __future__ import annotations

from calciscope.read.dicom_series import ANOTHER_PATIENT
from calciscope.terms.checks import Check
from calciscope.terms.series import Series


def check(series: Series) -> Check:
    """Warns with the number of slices that are another patient's."""
    others = sum(left.count for left in series.source.left_out if left.why == ANOTHER_PATIENT)
    if not others:
        return Check(id="one_patient", passed=True, message="All CT slices found are one patient's.")
    message = (
        f"The input also holds {others} CT slices of another patient, which were left out; make sure that the intended "
        "patient's scan was measured."
    )
    return Check(id="one_patient", passed=False, message=message)
