"""NBIB, the tagged format of PubMed: a tag of up to four signs, a hyphen and the text; further lines are set in by six spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from calciscope.read.references.parts import lines, reference
from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

TAG = re.compile(r"^([A-Z]{2,4}) *- ?(.*)$")
FURTHER = "      "
NAMES = {
    "PMID": "pmid", "TI": "title", "BTI": "title", "FAU": "full_author", "AU": "author", "TA": "journal", "DP": "year",
    "AB": "abstract",
}  # fmt: skip
BY_KIND = re.compile(r"^(.*)\[doi\]\s*$")  # LID and AID name several kinds of identifiers
IDENTIFIERS = ("LID", "AID")


def looks_like(text: str) -> bool:
    """Whether the first line that says something begins a reference of this format."""
    return re.match(r"PMID *-", text.lstrip("\ufeff\r\n\t ")) is not None


def references(text: str) -> Iterator[Reference]:
    """Raises Refused, with the line, for a line that is none of this format."""
    held: dict[str, list[str]] = {}
    began, tag = 0, ""
    for number, line in enumerate(lines(text), start=1):
        if not line.strip():
            continue
        if line.startswith(FURTHER) and tag:
            held[tag][-1] += f" {line.strip()}"
            continue
        found = TAG.match(line)
        if found is None:
            raise Refused(f"Line {number} is no line of an NBIB file; export the list again.")
        tag = found[1]
        if tag == "PMID" and held:
            yield _of(held, began)
            held = {}
        if not held:
            began = number
        held.setdefault(tag, []).append(found[2])
    if held:
        yield _of(held, began)


def _of(held: dict[str, list[str]], began: int) -> Reference:
    fields: dict[str, list[str]] = {NAMES[tag]: said for tag, said in held.items() if tag in NAMES}
    fields["author"] = fields.get("author") or fields.get("full_author", [])
    fields["journal"] = fields.get("journal") or held.get("JT", [])
    named = [found[1] for tag in IDENTIFIERS for one in held.get(tag, ()) if (found := BY_KIND.match(one))]
    return reference(fields | {"doi": named}, where=f"The reference that begins in line {began}")
