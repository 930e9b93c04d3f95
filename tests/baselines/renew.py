"""`python -m tests.baselines.renew`: measure the fixed phantoms, write their files, print what the changelog has to name.

Where the changelog's version is not released yet and names the baseline already, its fingerprint is put in place.
"""

from __future__ import annotations

import re

from tests.baselines.published import FOLDER, PHANTOMS, fingerprint, numbers, text_of

CHANGELOG = FOLDER.parents[1] / "CHANGELOG.md"


def main() -> None:
    """Write every file anew."""
    for name in PHANTOMS:
        text = text_of(name, numbers(name))
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
        named = f"baseline {name} {fingerprint(text)}"
        print(named)
        CHANGELOG.write_text(renamed(CHANGELOG.read_text(encoding="utf-8"), name, named), encoding="utf-8")


def renamed(changelog: str, name: str, named: str) -> str:
    """The changelog with the fingerprint put in place, in the part of a version that is not released."""
    begin = changelog.find("(not released)")
    end = changelog.find("\n## ", begin)
    if begin < 0:
        return changelog
    part = changelog[begin:] if end < 0 else changelog[begin:end]
    return changelog.replace(part, re.sub(rf"baseline {name} [0-9a-f]{{8}}", named, part))


if __name__ == "__main__":
    main()
