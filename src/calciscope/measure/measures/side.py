"""Side of the patient's body on which a deposit's mass centre lies; midline within 15 mm of the trunk's middle plane."""

from __future__ import annotations

from calciscope.measure.subject import Subject

COLUMNS = ("side",)


def compute(subject: Subject) -> dict[str, object]:
    """A ``terms.deposits.Side``."""
    return {"side": subject.scene.atlas.side_at(subject.scene.coarse, subject.centre_lps_mm)}
