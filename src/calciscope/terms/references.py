"""A publication as a list of references tells of it, before anybody has read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of a list; a text that the list lacks is empty. ``about`` is title and abstract, to look for words in."""

    title: str
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    pmid: str = ""
    doi: str = ""  # lower case, without an address before it
    about: str = ""

    @property
    def cite(self) -> str:
        """First author, year and journal, then the title."""
        first = self.authors[0] if self.authors else "No author named"
        more = " and others" if len(self.authors) > 1 else ""
        year = f" {self.year}" if self.year else ""
        journal = f", {self.journal}" if self.journal else ""
        return f"{first}{more}{year}{journal}: {self.title}"
