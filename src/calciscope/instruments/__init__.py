"""Measures of the patient, as data: one folder an instrument, with definition.toml, examples.toml, and score.py only where
sums do not do. One more instrument is one more folder; nothing lists them.

The folder's name with hyphens is the id. Published values carry a source and how they were verified; a value that nobody
could check is left out, and the instrument is then a slot that says what is missing. Protected wording stays outside:
items have neutral names.
"""

from __future__ import annotations

from calciscope.instruments.blank import blank_answers
from calciscope.instruments.catalogue import classifications_waiting, instrument, instruments
from calciscope.instruments.listing import listed
from calciscope.instruments.run import score

__all__ = ["classifications_waiting", "blank_answers", "instrument", "instruments", "listed", "score"]
