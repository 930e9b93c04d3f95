"""A letter as PDF/UA-1: the same blocks as on the screen, set by letter.typ. The same letter gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calciscope.share.typeset import put_parts, typeset
from calciscope.terms.errors import Refused
from calciscope.terms.letter import Beside, Block, Box, Bullets, Heading, Letter, Pairs, Paragraph, Picture, Table

NAME = "letter.pdf"
USUAL_PT = 10.0
LARGE_PT = (11.0, 10.5, 10.0, 9.5)
"""For families: the largest at which the letter fits one page; it runs over where even the last is too large (least size: judgement)."""
PAGE = re.compile(rb"/Type\s*/Page\b")
LACKING = re.compile(r"the text `\"(.+?)\"` could not be displayed")


def letter_pdf(letter: Letter) -> bytes:
    """The document. Raises Refused where a text holds a character that the locked fonts lack."""
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder)
        put_parts(parts, __package__, ("letter.typ", "blocks.typ"))
        for size_pt in LARGE_PT if letter.large else (USUAL_PT,):
            told = content(letter, parts) | {"size": size_pt}
            (parts / "content.json").write_text(json.dumps(told), encoding="utf-8")
            pdf = _typeset(parts)
            if pages(pdf) == 1:
                break
        return pdf


def pages(pdf: bytes) -> int:
    """How many pages a document of ours has."""
    return len(PAGE.findall(pdf))


def _typeset(parts: Path) -> bytes:
    import typst

    try:
        return typeset(parts, NAME)
    except typst.TypstError as error:
        lacking = LACKING.search(str(error))
        if lacking is None:
            raise
        raise Refused(
            f"The letter holds {lacking[1]!r}, which its fonts cannot show; write it in Latin, Greek, Cyrillic, Hebrew or Arabic."
        ) from None


def content(letter: Letter, parts: Path | None = None) -> dict[str, Any]:
    """Plain values for the template; with ``parts``, pictures are written there."""
    head = letter.head
    return {
        "title": head.title,
        "sender": list(head.sender),
        "recipient": list(head.recipient),
        "day": head.day,
        "subject": [list(pair) for pair in head.subject],
        "footer": head.footer,
        "draft": letter.draft,
        "large": letter.large,
        "blocks": [_block(one, parts) for one in letter.blocks],
    }


def digest(letter: Letter) -> str:
    """Of all that the letter says: what was looked at is what is issued."""
    told = json.dumps(content(letter), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _block(block: Block, parts: Path | None) -> Mapping[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "text": block.text}
        case Paragraph():
            return {"is": "paragraph", "lines": block.text.split("\n"), "tone": block.tone.value}
        case Bullets():
            return {"is": "bullets", "items": list(block.items)}
        case Pairs():
            return {"is": "pairs", "rows": [list(row) for row in block.rows]}
        case Table():
            cells = [[cell.split("\n") for cell in row] for row in block.rows]
            return {
                "is": "table",
                "title": block.title,
                "columns": list(block.columns),
                "rows": cells,
                "widths": list(block.widths),
            }
        case Picture():
            return _picture(block, parts)
        case Beside():
            left, right = ([_block(one, parts) for one in side] for side in (block.left, block.right))
            return {"is": "beside", "left": left, "right": right}
        case Box():
            held = [_block(one, parts) for one in block.blocks]
            return {"is": "box", "title": block.title, "blocks": held, "tone": block.tone.value}


def _picture(block: Picture, parts: Path | None) -> Mapping[str, Any]:
    name = f"{hashlib.sha256(block.content).hexdigest()}.{block.suffix}"
    if parts is not None:
        (parts / name).write_bytes(block.content)
    return {"is": "picture", "file": name, "alt": block.alt, "caption": block.caption, "width": block.width_mm}
