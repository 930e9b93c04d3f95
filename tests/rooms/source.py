"""The product's own source as the checks of this folder see it: tracked files, modules, syntax trees, imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "calciscope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One Python file of the package."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """Path from the project's folder, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """First folder below the package; empty for the package itself."""
        parts = self.path.relative_to(PACKAGE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def imported(self) -> Iterator[tuple[int, str]]:
        """(line, dotted name) of every import, those inside functions too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.lineno, node.module
                if node.module.startswith("calciscope"):
                    yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, sorted by path."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(ROOT).as_posix() in tracked())
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return tuple(Module(path=path, text=text, tree=ast.parse(text)) for path, text in texts.items())


@cache
def tracked() -> frozenset[str]:
    """Files under version control that are there; all files where the project was unpacked without its history."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        hidden = (".venv/", ".git/", ".mypy_cache/", ".ruff_cache/", ".pytest_cache/", ".hypothesis/")
        every = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
        names = [name for name in every if not name.startswith(hidden)]
    return frozenset(name for name in names if (ROOT / name).is_file())


def rooms() -> tuple[str, ...]:
    """Names of the rooms that exist."""
    return tuple(sorted({module.room for module in modules()} - {""}))
