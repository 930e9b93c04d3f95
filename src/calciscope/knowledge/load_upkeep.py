"""What keeps the knowledge current: how often each kind of file is checked, and references that wait to be looked at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from calciscope.knowledge.model import CheckInterval, LookedAt, Source, WaitingReference
from calciscope.knowledge.toml_table import KnowledgeRefused, Table, top_table
from calciscope.terms.scores import Verification

INTERVALS = "check_intervals.toml"
KINDS = ("stop", "rule", "therapy", "experimental_therapy", "open_trial", "closed_trial")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEEN_ON = re.compile(r"(?:(?P<month>[A-Z][a-z]{2}) )?(?P<year>(?:19|20)\d{2})")
PMID = re.compile(r"PMID[ :]*(\d{1,9})")
DOI = re.compile(r"10\.\d{4,9}/[^\s;,]+")


def check_intervals(texts: dict[str, str]) -> dict[str, CheckInterval]:
    """The interval of each kind; none may lack."""
    if INTERVALS not in texts:
        raise KnowledgeRefused(f"The knowledge file vocabulary/{INTERVALS}, line 1: the file is not there.")
    top = top_table(texts[INTERVALS], f"vocabulary/{INTERVALS}")
    if lacking := sorted(set(KINDS) - set(top.names())):
        top.refuse(f"it lacks the kind {lacking[0]}")
    if unknown := sorted(set(top.names()) - set(KINDS)):
        top.refuse(f"there is no kind {unknown[0]!r}; there are {', '.join(KINDS)}", unknown[0])
    return {kind: _interval(kind, top.table(kind)) for kind in KINDS}


def waiting_reference(table: Table, reference_id: str, therapies: Collection[str]) -> WaitingReference:
    """A reference that waits, or that was set aside with a reason."""
    found = WaitingReference(
        id=reference_id,
        cite=table.text("cite"),
        pmid=table.text("pmid", ""),
        doi=table.text("doi", "").lower(),
        year=table.count("year"),
        found_on=table.day("found_on"),
        suggests=table.texts("suggests", therapies),
        state=table.word("state", LookedAt),
        why=table.text("why", ""),
    )
    if (found.state is LookedAt.SET_ASIDE) != bool(found.why):
        table.refuse("a reference that was set aside says why, and only such a one does", "why")
    table.done()
    return found


def known_identifiers(sources: Iterable[Source]) -> dict[str, str]:
    """PubMed numbers and DOIs (lower case) of the evidence -> which file holds them."""
    held: dict[str, str] = {}
    for one in sources:
        for found in (*PMID.findall(one.identifiers), *(doi.lower() for doi in DOI.findall(one.identifiers))):
            held.setdefault(found, f"evidence/{one.id}")
    return held


def seen_on(text: str) -> date | None:
    """The first day of "Nov 2026" or "2026"; None for anything else."""
    found = SEEN_ON.fullmatch(text)
    if found is None or (found["month"] and found["month"].lower() not in MONTHS):
        return None
    return date(int(found["year"]), MONTHS.index(found["month"].lower()) + 1 if found["month"] else 1, 1)


def _interval(kind: str, table: Table) -> CheckInterval:
    months = table.count("months")
    if not months:
        table.refuse("months must be there, from 1", "months")
    found = CheckInterval(
        kind=kind,
        title=table.text("title"),
        months=months,
        because=table.text("because"),
        source=table.text("source"),
        verification=table.word("verification", Verification),
    )
    table.done()
    return found
