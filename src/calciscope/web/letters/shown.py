"""Blocks of a letter as a page shows them: each with the template that draws it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from calciscope.terms.letter import Beside, Block, Box, Letter, Picture

MEDIA = {"png": "image/png", "svg": "image/svg+xml"}


def shown(letter: Letter) -> list[Mapping[str, Any]]:
    """Every block, in the order of the letter."""
    return [_block(one) for one in letter.blocks]


def _block(block: Block) -> Mapping[str, Any]:
    said: dict[str, Any] = {"is": type(block).__name__.lower(), "block": block}
    if isinstance(block, Beside):
        said |= {"left": [_block(one) for one in block.left], "right": [_block(one) for one in block.right]}
    if isinstance(block, Box):
        said["blocks"] = [_block(one) for one in block.blocks]
    if isinstance(block, Picture):
        said["source"] = f"data:{MEDIA[block.suffix]};base64,{base64.b64encode(block.content).decode()}"
    return said
