"""Body region of a deposit's mass centre, told from the image and, as a hint, from the header; unknown when not sure."""

from __future__ import annotations

from calciscope.measure.subject import Subject

COLUMNS = ("region",)


def compute(subject: Subject) -> dict[str, object]:
    """A ``terms.deposits.Region``."""
    return {"region": subject.scene.atlas.region_at(subject.scene.coarse, subject.centre_lps_mm)}
