"""Links lead somewhere, every page can be reached, dates read the same everywhere, wording stays plain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import PACKAGE
from tests.docs.pages import pages
from tests.rooms.source import ROOT, modules

PAGES = pages()
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
ISO_DATE = re.compile(r"(?<![\w./-])(19|20)\d\d-[01]\d-[0-3]\d(?![\w-])")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
OTHER_DATE = re.compile(rf"\b({MONTHS}) \d{{1,2}}(st|nd|rd|th)?,? (19|20)\d\d|\b\d{{1,2}}/\d{{1,2}}/(19|20)\d\d")
# Words that sell or soothe instead of saying something.
FORBIDDEN = [
    "simply",
    "seamless",
    "blazing",
    "revolutionary",
    "state-of-the-art",
    "cutting-edge",
    "just works",
    "please note",
    "leverage",
]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """A page without its code blocks and inline code."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    titles = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> list[tuple[str, Path, str]]:
    """(as written, file, anchor) of every link inside the project."""
    found = []
    for written in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", written):
            place, _, anchor = written.partition("#")
            found.append((written, (page.parent / place).resolve() if place else page, anchor))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    dead = [written for written, file, _ in links(page) if not file.exists()]
    lost = [
        written
        for written, file, anchor in links(page)
        if anchor and file.suffix == ".md" and file.exists() and anchor not in anchors(file)
    ]
    assert dead + lost == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached and page.suffix == ".md" and page.is_file():
            reached.add(page)
            ahead += [file for _, file, _ in links(page)]
    wanted = {page for page in PAGES if "docs" in page.relative_to(ROOT).parts[:1] or page.parent == ROOT}
    assert sorted(str(page.relative_to(ROOT)) for page in wanted - reached) == []


def test_pages_named_in_the_source_are_there() -> None:
    named = re.compile(r"\bdocs/[\w/.-]+\.md\b")
    lost = {
        f"{module.place}: {name}"
        for module in modules()
        for name in named.findall(module.text)
        if not (ROOT / name).is_file()
    }
    assert lost == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_dates_read_like_07_mar_2026(page: Path) -> None:
    text = prose(page)
    assert [found[0] for found in ISO_DATE.finditer(text)] + [found[0] for found in OTHER_DATE.finditer(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_wording_stays_plain(page: Path) -> None:
    text = prose(page).lower()
    assert [word for word in FORBIDDEN if re.search(rf"\b{word}\b", text)] == []


def test_decisions_are_numbered_without_gaps_and_have_their_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [page.name[:4] for page in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    for page in decisions:
        text = page.read_text(encoding="utf-8")
        assert [
            part for part in ("## Context", "## Decision", "## Consequences", "## Check") if part not in text
        ] == [], page.name


def test_checks_named_by_decisions_are_there() -> None:
    named = re.compile(r"`((?:tests|benchmarks)/[\w/.-]+)`")
    lost = {
        f"{page.name}: {name}"
        for page in (ROOT / "docs" / "decisions").glob("*.md")
        for name in named.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    }
    assert lost == set()


def test_changelog_names_the_current_version() -> None:
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert re.search(
        rf"^## {re.escape(version[1])}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_sentences_for_users_give_no_vague_order() -> None:
    """A message says what would help, not "try again", "invalid input", "an error occurred"."""
    vague = re.compile(
        r"an error (has )?occurred|invalid (input|value|file)|something went wrong|try again|unexpected error", re.I
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if vague.search(line)
    ]
    assert found == []
