"""A file of references, whichever of the three formats it is in."""

from __future__ import annotations

from calciscope.read.references import nbib, pubmed_xml, ris
from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

LARGEST_BYTES = 50_000_000
MOST_REFERENCES = 20_000


def read_references(given: bytes) -> tuple[Reference, ...]:
    """All references of a file, in its order. Raises Refused, with the line where there is one, for anything else."""
    if len(given) > LARGEST_BYTES:
        raise Refused("The file is larger than 50 MB; export the list in parts.")
    text = _decoded(given)
    if pubmed_xml.looks_like(text):
        found = tuple(pubmed_xml.references(given))
    elif nbib.looks_like(text):
        found = tuple(nbib.references(text))
    elif ris.looks_like(text):
        found = tuple(ris.references(text))
    else:
        raise Refused("This is no list of references in RIS, NBIB or PubMed XML; export it in one of these formats.")
    if len(found) > MOST_REFERENCES:
        raise Refused(f"The file holds more than {MOST_REFERENCES:,} references; export the list in parts.")
    return found


def _decoded(given: bytes) -> str:
    try:
        return given.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("The file is not UTF-8 text; export the list again with that encoding.") from error
