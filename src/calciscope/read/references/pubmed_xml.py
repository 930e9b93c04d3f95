"""PubMed's XML, read as it streams by. Entities of the file's own are refused, and nothing outside the file is ever opened."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from calciscope.read.references.parts import LONGEST_ABSTRACT, reference
from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

ARTICLE = "PubmedArticle"
TEXTS = {
    "MedlineCitation/PMID": "pmid",
    "MedlineCitation/Article/ArticleTitle": "title",
    "MedlineCitation/Article/Journal/ISOAbbreviation": "journal",
    "MedlineCitation/Article/Journal/Title": "journal",
    "MedlineCitation/Article/Journal/JournalIssue/PubDate/Year": "year",
    "MedlineCitation/Article/Journal/JournalIssue/PubDate/MedlineDate": "year",
    "MedlineCitation/Article/Abstract/AbstractText": "abstract",
    "MedlineCitation/Article/ELocationID[doi]": "doi",
    "PubmedData/ArticleIdList/ArticleId[doi]": "doi",
    "MedlineCitation/Article/AuthorList/Author/LastName": "last_name",
    "MedlineCitation/Article/AuthorList/Author/Initials": "initials",
    "MedlineCitation/Article/AuthorList/Author/CollectiveName": "last_name",
}
AUTHOR = "MedlineCitation/Article/AuthorList/Author"
KINDS = {"ELocationID": "EIdType", "ArticleId": "IdType"}
DEEPEST = 40
INLINE = {"i", "b", "u", "sup", "sub"}  # marks within a title or an abstract


def looks_like(text: str) -> bool:
    """Whether it is XML at all."""
    return text.lstrip("\ufeff\r\n\t ").startswith("<")


def references(given: bytes) -> list[Reference]:
    """Raises Refused for what is no XML, holds no articles, or brings entities of its own."""
    reader = _Reader()
    try:
        reader.parser.Parse(given, True)
    except expat.ExpatError as error:
        raise Refused(f"Line {error.lineno}: this is not well-formed XML; export the list again.") from error
    if not reader.seen:
        raise Refused("This XML holds no PubmedArticle; export the list from PubMed, as PubMed XML.")
    return reader.found


class _Reader:
    """Keeps the texts of one article at a time."""

    def __init__(self) -> None:
        self.found: list[Reference] = []
        self.seen = False
        self._path: list[str] = []
        self._held: dict[str, list[str]] | None = None
        self._text: list[str] = []
        self._length = 0
        self._began = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data

    def _refuse(self, *_: object) -> NoReturn:
        raise Refused("The XML brings entities of its own, which no export of PubMed does; it is not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._held is None:
            if name == ARTICLE:
                self.seen, self._held, self._path = True, {}, []
                self._began = self.parser.CurrentLineNumber
            return
        if len(self._path) >= DEEPEST:
            raise Refused(
                f"Line {self.parser.CurrentLineNumber}: elements are nested too deeply for an export of PubMed."
            )
        kind = attributes.get(KINDS.get(name, ""), "")
        self._path.append(f"{name}[{kind}]" if kind else name)
        if name not in INLINE:
            self._text, self._length = [], 0

    def _data(self, said: str) -> None:
        if self._held is not None and self._length <= LONGEST_ABSTRACT:
            self._text.append(said)
            self._length += len(said)

    def _end(self, name: str) -> None:
        if self._held is None:
            return
        if not self._path:
            self.found.append(reference(self._held, where=f"The article that begins in line {self._began}"))
            self._held = None
            return
        place = "/".join(self._path)
        self._path.pop()
        if place in TEXTS:
            self._held.setdefault(TEXTS[place], []).append("".join(self._text))
        elif place == AUTHOR:
            names = [" ".join(self._held.pop(part, [])) for part in ("last_name", "initials")]
            self._held.setdefault("author", []).append(" ".join(names).strip())
        if name not in INLINE:
            self._text, self._length = [], 0
