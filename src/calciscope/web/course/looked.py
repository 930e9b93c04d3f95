"""What every line of the course is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calciscope.record.scans.chain import Chain
from calciscope.web.design.course import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A patient's whole course, the scans that are looked at (None: none is measured), and whether the patient is a child."""

    course: Course
    chain: Chain | None
    today: date
    child: bool
