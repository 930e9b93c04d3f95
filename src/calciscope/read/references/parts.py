"""What the three formats share: identifiers, years and texts in one spelling, and a refusal of what is too much."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

LONGEST_TEXT = 1_000  # signs; no title is longer, and a file made to be too long ends here
LONGEST_ABSTRACT = 20_000
MOST_AUTHORS = 500
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
PMID = re.compile(r"\d{1,9}")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
OF_PUBMED = re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})|ncbi\.nlm\.nih\.gov/pubmed/(\d{1,9})")


def lines(text: str) -> list[str]:
    """Lines as reference managers end them; other signs that end a line may stand within a text."""
    return re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))


def text(said: str, longest: int = LONGEST_TEXT) -> str:
    """On one line, without signs that do not print, and no longer than ``longest``."""
    plain = " ".join(said.split())
    return "".join(sign for sign in plain if sign.isprintable())[:longest].strip()


def doi(said: str) -> str:
    """The DOI in a text, in lower case and without what ends the sentence; empty where there is none."""
    found = DOI.search(said)
    return found[0].rstrip(".,;)]").lower() if found else ""


def pmid(said: str) -> str:
    """The PubMed number that a text is; empty where it is something else."""
    stripped = said.strip()
    return stripped.lstrip("0") if PMID.fullmatch(stripped) else ""


def pmid_of_address(said: str) -> str:
    """The PubMed number in an address of PubMed."""
    found = OF_PUBMED.search(said)
    return (found[1] or found[2]) if found else ""


def year(said: str) -> int | None:
    """The first year in a text."""
    found = YEAR.search(said)
    return int(found[0]) if found else None


def reference(fields: Mapping[str, Sequence[str]], *, where: str) -> Reference:
    """From title, author, journal, year, pmid, doi and abstract, each with the texts found. Raises Refused without a title."""
    title = text(_first(fields, "title"))
    if not title:
        raise Refused(f"{where} has no title; export the list again, with titles.")
    abstract = text(" ".join(fields.get("abstract", ())), LONGEST_ABSTRACT)
    return Reference(
        title=title.rstrip("."),
        authors=tuple(text(one) for one in fields.get("author", ())[:MOST_AUTHORS] if text(one)),
        journal=text(_first(fields, "journal")),
        year=next((when for one in fields.get("year", ()) if (when := year(one))), None),
        pmid=next((found for one in fields.get("pmid", ()) if (found := pmid(one))), ""),
        doi=next((found for one in fields.get("doi", ()) if (found := doi(one))), ""),
        about=f"{title} {abstract}",
    )


def _first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return next((one for one in fields.get(name, ()) if one.strip()), "")
