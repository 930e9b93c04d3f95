"""A letter as blocks: one content for the page that is looked at first and for the document that is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a text is set; it is never told by colour alone."""

    PLAIN = "plain"
    LEAD = "lead"  # the sentence on top
    QUIET = "quiet"
    WARNING = "warning"
    QUOTE = "quote"  # somebody's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; line feeds in it are kept."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Labels with what is said of each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a row of headings; ``widths`` are shares of the line, one a column. The title is not set where it says nothing new."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture; ``suffix`` is png or svg, ``alt`` says in words what it shows."""

    content: bytes
    suffix: str
    alt: str
    caption: str
    width_mm: float


Simple = Paragraph | Bullets | Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two things side by side where there is room; the left one is read first."""

    left: tuple[Simple | Picture, ...]
    right: tuple[Simple | Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What must not be overlooked, in a frame of its own."""

    title: str
    blocks: tuple[Simple | Beside, ...]
    tone: Tone = Tone.PLAIN


Block = Heading | Paragraph | Bullets | Pairs | Table | Picture | Box | Beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Who writes to whom, about whom. The footer of every page names the patient and the day."""

    title: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    day: str
    subject: tuple[tuple[str, str], ...]
    footer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole letter; ``draft`` says why it bears DRAFT across every page, empty where it does not."""

    kind: str
    head: Head
    draft: str
    blocks: Sequence[Block]
    large: bool = False  # set in larger type, for readers who are no professionals
