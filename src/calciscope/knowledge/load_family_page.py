"""Words of the page on two scans for the family: `family_page/plain.toml`, and `child.toml` for children under 12."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from calciscope.terms.errors import Broken

FOLDER = Path(__file__).parent / "family_page"
CHILD_BELOW_YEARS = 12
"""From this age on the plain version is offered first (judgement: the age at which it can be read alone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyWords:
    """One version. ``texts`` hold names in braces that the record fills in."""

    title: str
    headings: Mapping[str, str]
    texts: Mapping[str, str]
    reviewed_by: str

    def say(self, name: str, **told: object) -> str:
        """A text with what it tells. Raises Broken where it asks for something else."""
        text = self.texts[name]
        wanted = {field for _, field, _, _ in Formatter().parse(text) if field}
        if wanted - set(told):
            raise Broken(f"The text {name} of the family page asks for {', '.join(sorted(wanted - set(told)))}.")
        return text.format_map(told)


@cache
def family_words(version: str) -> FamilyWords:
    """`plain` or `child`."""
    held = tomllib.loads((FOLDER / f"{version}.toml").read_text(encoding="utf-8"))
    return FamilyWords(
        title=held["title"], headings=held["headings"], texts=held["texts"], reviewed_by=held["reviewed_by"]
    )


def versions() -> tuple[str, ...]:
    """All that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
