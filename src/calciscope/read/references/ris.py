"""RIS: a tag of two signs, two spaces, a hyphen and the text; TY begins a reference and ER ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from calciscope.read.references.parts import lines, pmid_of_address, reference
from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

TAG = re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$")
NAMES = {
    "TI": "title", "T1": "title", "CT": "title", "AU": "author", "A1": "author", "JO": "journal", "JF": "journal", "T2": "journal",
    "JA": "journal", "PY": "year", "Y1": "year", "DA": "year", "DO": "doi", "AB": "abstract", "N2": "abstract",
}  # fmt: skip
ADDRESSES = ("UR", "L1", "L2", "LK")
OF_PUBMED = ("pubmed", "medline")


def looks_like(text: str) -> bool:
    """Whether the first line that says something begins a reference of this format."""
    return text.lstrip("\ufeff\r\n\t ").startswith("TY  -")


def references(text: str) -> Iterator[Reference]:
    """Raises Refused, with the line, where a reference does not begin or end."""
    held: dict[str, list[str]] | None = None
    began, tag = 0, ""
    for number, line in enumerate(lines(text), start=1):
        found = TAG.match(line.rstrip())
        if found is None:
            if held is not None and tag and line.strip():
                held[tag][-1] += f" {line.strip()}"  # what some programs break over lines
            continue
        tag, said = found[1], found[2] or ""
        if tag == "TY":
            if held is not None:
                raise Refused(f"Line {number}: a reference begins before the one of line {began} has ended (ER).")
            held, began = {}, number
        elif held is None:
            raise Refused(f"Line {number}: {tag} stands outside a reference; each begins with TY.")
        elif tag == "ER":
            yield _of(held, began)
            held, tag = None, ""
            continue
        held.setdefault(tag, []).append(said)
    if held is not None:
        raise Refused(f"The reference that begins in line {began} does not end (ER); the file may be cut off.")


def _of(held: dict[str, list[str]], began: int) -> Reference:
    fields: dict[str, list[str]] = {}
    for tag, said in held.items():
        if tag in NAMES:
            fields.setdefault(NAMES[tag], []).extend(said)
    addresses = [one for tag in ADDRESSES for one in held.get(tag, ())]
    fields.setdefault("doi", []).extend(one for one in addresses if "doi.org/" in one)
    numbers = [found for one in addresses if (found := pmid_of_address(one))]
    if any(word in one.lower() for one in held.get("DB", ()) for word in OF_PUBMED):
        numbers += held.get("AN", [])
    return reference(fields | {"pmid": numbers}, where=f"The reference that begins in line {began}")
