"""Generated reference pages say what the product does now; `make docs` writes them anew."""

from __future__ import annotations

import pytest

from docs.generate import DOCS, GENERATED, pages

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_current(name: str) -> None:
    written = DOCS / name
    assert written.is_file(), f"docs/{name} is missing: make docs"
    assert written.read_text(encoding="utf-8") == PAGES[name], f"docs/{name} is out of date: make docs"


def test_every_page_that_calls_itself_generated_is() -> None:
    written = sorted(DOCS.rglob("*.md"))
    marked = {page.relative_to(DOCS).as_posix() for page in written if GENERATED in page.read_text(encoding="utf-8")}
    assert marked == set(PAGES)
