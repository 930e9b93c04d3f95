"""The pages of the documentation, and the examples in them that are marked to be run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.rooms.source import ROOT, tracked

RUN_MARK = "<!-- run -->"
_BLOCK = re.compile(rf"^{re.escape(RUN_MARK)}\n+```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


TEXTS_FOR_PATIENTS = "src/calciscope/knowledge/patient_info/"  # data with a head in TOML; tests/unit/knowledge reads them


def pages() -> list[Path]:
    """Every Markdown page of the project, sorted."""
    named = (name for name in tracked() if name.endswith(".md") and not name.startswith(TEXTS_FOR_PATIENTS))
    return sorted(ROOT / name for name in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A marked block: ``console`` (lines with `$ ` are run, the rest is what they print) or ``python`` (run whole)."""

    language: str
    text: str

    def steps(self) -> list[tuple[str, str]]:
        """(command, expected output) of a console block."""
        steps: list[tuple[str, str]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], ""))
            elif steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
                steps[-1] = (steps[-1][0] + "\n" + line, "")
            elif steps:
                steps[-1] = (steps[-1][0], steps[-1][1] + line + "\n")
        return steps


def examples(page: Path) -> list[Example]:
    """Marked examples of a page, in order."""
    return [Example(language=found[1], text=found[2]) for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))]
