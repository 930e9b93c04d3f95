"""Examples marked to be run print what the page says; `...` stands for anything."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import RUN_MARK, Example, examples, pages
from tests.rooms.source import ROOT

WITH_EXAMPLES = [page for page in pages() if examples(page)]


def run(example: Example, folder: Path) -> list[tuple[str, str, str]]:
    """Run one example; (command, expected, printed) of each step whose output is not the page's."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    python = [(f"{sys.executable} - <<'END'\n{example.text}\nEND", "")]
    same = doctest.OutputChecker()
    wrong = []
    for command, expected in python if example.language == "python" else example.steps():
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        printed = done.stdout + done.stderr
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        if example.language == "python":
            if done.returncode != 0:
                wrong.append((command, "runs", printed))
        elif not same.check_output(expected, printed, flags):
            wrong.append((command, expected, printed))
    return wrong


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_of_a_page_run_in_order_in_one_folder(page: Path, tmp_path: Path) -> None:
    assert [step for example in examples(page) for step in run(example, tmp_path)] == []


def test_every_mark_stands_before_a_block() -> None:
    counts = {page.name: (page.read_text(encoding="utf-8").count(RUN_MARK), len(examples(page))) for page in pages()}
    assert {name: count for name, count in counts.items() if count[0] != count[1]} == {}


def test_an_example_that_prints_something_else_is_caught(tmp_path: Path) -> None:
    assert run(Example(language="console", text="$ echo two\none\n"), tmp_path) == [("echo two", "one\n", "two\n")]
    assert run(Example(language="console", text="$ echo two and three\ntwo ...\n"), tmp_path) == []
    assert run(Example(language="python", text="raise SystemExit(1)"), tmp_path) != []
