"""Advice for one patient's picture, or the vocabulary that a picture is written in, as JSON text."""

from __future__ import annotations

import sys
from pathlib import Path

from calciscope import __version__
from calciscope.advise import INSTRUMENT, advise, classification_answers, differences
from calciscope.flows.changed_advice import difference_document
from calciscope.instruments import classifications_waiting, instrument, score
from calciscope.knowledge import knowledge, load_knowledge
from calciscope.read.picture_json import read_picture
from calciscope.share.advice_json import advice_document
from calciscope.share.score_json import json_text
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.errors import Refused, WrongUsage
from calciscope.terms.picture import (
    INDICATIONS,
    ROUTES,
    ActivityState,
    DepositForm,
    DepositState,
    DiseaseType,
    Sex,
)

LARGEST_BYTES = 5_000_000  # a picture is a few kB; more is some other file
STANDARD_INPUT = "-"


def advise_picture(picture: str) -> str:
    """Advice for the picture in a file (`-` is standard input). Raises WrongUsage, Refused."""
    known, held = knowledge(), read_picture(_read(picture))
    classified = score(instrument(INSTRUMENT), classification_answers(held, known))
    named = [(one.id, one.title, one.slot) for one in classifications_waiting()]
    return json_text(advice_document(advise(held, known), classified, waiting=named, version=__version__))


def compare_knowledge(picture: str, other: Path) -> str:
    """What advice on the picture would differ from that of another version of the knowledge, as JSON text.

    Raises WrongUsage where ``other`` is no folder, Refused for a picture or a knowledge base that does not hold together.
    """
    if not other.is_dir():
        raise WrongUsage(f"The folder of another knowledge {other} is not there.")
    held, earlier, known = read_picture(_read(picture)), load_knowledge(other), knowledge()
    found = differences(advise(held, earlier), advise(held, known))
    return json_text(
        {
            "schema": "calciscope.advice_difference",
            "schema_version": 1,
            "before": earlier.version,
            "after": known.version,
            "as_of": held.as_of.isoformat(),
            "differences": [difference_document(one) for one in found],
        }
    )


def vocabulary_as_json() -> str:
    """Every closed vocabulary of a picture, with the title of each word."""
    known = knowledge()
    words = known.vocabulary
    therapies = {one.id: one.title for one in known.therapies.values()}
    further = {one.id: one.title for one in words.comedications.values()}
    return json_text(
        {
            "schema": "calciscope.vocabulary",
            "schema_version": 1,
            "knowledge_version": known.version,
            "therapies": therapies,
            "medications": dict(sorted((therapies | further).items())),
            "conditions": words.conditions,
            "allergies": words.allergies,
            "antibodies": words.antibodies,
            "labs": {
                one.id: {
                    "title": one.title,
                    "aliases": list(one.aliases),
                    "loinc": list(one.loincs),
                    "unit": one.unit,
                    "units": sorted(one.factors),
                }
                for one in words.analytes.values()
            },
            "diagnosis_types": [*DiseaseType],
            "activity": [*ActivityState, "unknown"],
            "sex": [*Sex],
            "sites": [*Region],
            "sides": [*Side],
            "layers": [*Layer],
            "forms": [*DepositForm],
            "states": [*DepositState],
            "routes": list(ROUTES),
            "indications": list(INDICATIONS),
        }
    )


def _read(picture: str) -> bytes:
    if picture == STANDARD_INPUT:
        given = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    else:
        path = Path(picture)
        if not path.is_file():
            raise WrongUsage(f"PICTURE {picture} is {'no file' if path.exists() else 'not there'}.")
        with path.open("rb") as file:
            given = file.read(LARGEST_BYTES + 1)
    if len(given) > LARGEST_BYTES:
        raise Refused("The picture is larger than 5 MB; this is some other file.")
    return given
