"""Options for one patient: a pure function from what is known of them on one day, and from knowledge, to advice.

Unknown is never normal: a rule whose facts are not known asks for them instead of staying silent.
"""

from __future__ import annotations

from calciscope.advise.alerts import Alert, Alerts, alerts
from calciscope.advise.change import Change, Edit, change, differences_by
from calciscope.advise.classification import INSTRUMENT, classification_answers
from calciscope.advise.contradictions import CONTRADICTORY
from calciscope.advise.difference import Difference, differences
from calciscope.advise.run import advise

__all__ = [
    "CONTRADICTORY",
    "INSTRUMENT",
    "Alert",
    "Alerts",
    "Change",
    "Difference",
    "Edit",
    "advise",
    "alerts",
    "change",
    "classification_answers",
    "differences",
    "differences_by",
]
