"""Score a patient's answers on an instrument, list the instruments, or hand out an empty sheet of answers."""

from __future__ import annotations

import sys
from pathlib import Path

from calciscope import __version__
from calciscope.instruments import blank_answers, instrument, instruments, listed, score
from calciscope.read.json_object import json_object
from calciscope.share.score_json import json_text, score_document
from calciscope.terms.errors import Refused, WrongUsage

LARGEST_BYTES = 1_000_000  # a sheet of answers is a few kB; more is some other file
STANDARD_INPUT = "-"
INSTRUMENTS_SCHEMA = "calciscope.instruments"
INSTRUMENTS_SCHEMA_VERSION = 1


def score_answers(instrument_id: str, answers: str, *, also: Path | None = None) -> str:
    """The score of the answers in the file ``answers`` (`-` is standard input), as JSON text.

    Raises WrongUsage for an unknown instrument or a path that is not there, Refused for answers that cannot be used.
    """
    asked = instrument(instrument_id, also)
    return json_text(score_document(score(asked, parsed(_read(answers))), version=__version__))


def empty_sheet(instrument_id: str, *, also: Path | None = None) -> str:
    """All answers of an instrument, each null, as JSON text to be filled in."""
    asked = instrument(instrument_id, also)
    if asked.slot:
        raise Refused(f"{asked.id} has no answers yet: {asked.slot}")
    return json_text(blank_answers(asked))


def instruments_as_json(*, also: Path | None = None) -> str:
    """Every instrument: id, title, what it measures, rights, sources, verification, items, values and outputs."""
    document = {
        "schema": INSTRUMENTS_SCHEMA,
        "schema_version": INSTRUMENTS_SCHEMA_VERSION,
        "instruments": [listed(one) for one in instruments(also).values()],
    }
    return json_text(document)


def instruments_as_text(*, also: Path | None = None) -> str:
    """The same, short and to be read: what cannot be scored yet says so."""
    entries = []
    for one in instruments(also).values():
        marks = ", ".join(f"{output.name} {output.verification}" for output in one.outputs)
        lines = [
            f"{one.id}: {one.title}",
            f"  measures: {one.measures}",
            f"  rights: {one.rights.status} ({one.rights.note})",
            f"  source: {one.source()}",
            f"  not scored yet: {one.slot}" if one.slot else f"  verification: {marks}",
        ]
        entries.append("\n".join(lines))
    return "\n\n".join(entries) + "\n"


def parsed(given: bytes) -> dict[str, object]:
    """A JSON object, decimals exact. Raises Refused: not JSON, not an object, a key twice, a number that is none."""
    return json_object(given, "The sheet of answers", exact=True)


def _read(answers: str) -> bytes:
    if answers == STANDARD_INPUT:
        given = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    else:
        path = Path(answers)
        if not path.is_file():
            raise WrongUsage(
                f"ANSWERS {answers} is not there." if not path.exists() else f"ANSWERS {answers} is no file."
            )
        with path.open("rb") as file:
            given = file.read(LARGEST_BYTES + 1)
    if len(given) > LARGEST_BYTES:
        raise Refused("The answers are larger than 1 MB; this is some other file.")
    return given
