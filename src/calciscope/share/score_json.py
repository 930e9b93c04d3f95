"""The document of a score, for people and scripts: its outputs at the top, then all that is needed to judge them."""

from __future__ import annotations

import json

from calciscope.terms.scores import Score

SCHEMA = "calciscope.score"
SCHEMA_VERSION = 1
RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."


def score_document(score: Score, *, version: str | None) -> dict[str, object]:
    """The document as plain values; ``version`` is that of the program."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "research_use": RESEARCH_USE,
        "software": {"name": "calciscope", "version": version},
        "instrument": score.instrument,
        "title": score.title,
        **score.outputs,
        "missing": list(score.missing),
        "parts": score.parts,
        "readings": [
            {"of": one.of, "says": one.says, "source": one.source, "verification": str(one.verification)}
            for one in score.readings
        ],
        "notes": list(score.notes),
        "cautions": list(score.cautions),
        "source": score.source,
        "verification": str(score.verification),
        "verification_of": {name: str(mark) for name, mark in score.verification_of.items()},
        "rights": score.rights,
        "answers": score.answers,
    }


def json_text(held: object) -> str:
    """Readable JSON; the same values give the same bytes."""
    return json.dumps(held, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
