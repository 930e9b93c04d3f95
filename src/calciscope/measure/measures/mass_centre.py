"""Where a deposit's mineral is centred: mean position weighted by contrast above background, DICOM patient axes (LPS)."""

from __future__ import annotations

from calciscope.measure.subject import Subject

COLUMNS = ("x_mm", "y_mm", "z_mm")


def compute(subject: Subject) -> dict[str, object]:
    """Millimetres: x to the patient's left, y to the back, z to the head."""
    x, y, z = (float(mm) for mm in subject.centre_lps_mm)
    return {"x_mm": x, "y_mm": y, "z_mm": z}
