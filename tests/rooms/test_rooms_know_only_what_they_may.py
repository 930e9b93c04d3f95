"""Import contracts hold, cover every room, and would catch a breach (docs/decisions/0003-rooms-and-contracts.md)."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rooms.source import PACKAGE, ROOT, Module, modules, rooms, tracked

pytestmark = pytest.mark.room

KNOWN_ROOMS = {
    "web", "cli", "cohort", "flows", "read", "measure", "instruments", "record", "advise", "share", "phantom",
    "knowledge", "terms",
}  # fmt: skip


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of pyproject.toml on the package below ``source``."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    command += ["--no-cache", "--config", str(ROOT / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(source)}
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)


def test_contracts_hold() -> None:
    linted = lint_imports(ROOT / "src")
    assert linted.returncode == 0, linted.stdout[-3000:]


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("share", "import calciscope.read"),
        ("terms", "import calciscope.measure"),
        ("measure", "import calciscope.share"),
        ("measure", "import pathlib"),
        ("measure", "import nibabel"),
        ("flows", "import calciscope.cli"),
        ("flows", "import django.db"),
        ("record", "import calciscope.measure"),
        ("record", "import calciscope.web"),
        ("share", "import calciscope.record"),
    ],
)
def test_a_breach_is_caught(room: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "calciscope", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "calciscope" / room / "breach.py").write_text(f'"""A planted breach."""\n\n{line}\n')
    linted = lint_imports(tmp_path)
    assert linted.returncode == 1, linted.stdout[-3000:] + linted.stderr[-3000:]
    assert "BROKEN" in linted.stdout


def test_every_room_is_one_of_the_architecture() -> None:
    assert set(rooms()) <= KNOWN_ROOMS


def test_terms_import_nothing_of_ours() -> None:
    ours = [
        f"{module.place}:{line} {name}"
        for module in modules()
        for line, name in module.imported()
        if module.room == "terms" and name.startswith("calciscope") and not name.startswith("calciscope.terms")
    ]
    assert ours == []


def test_only_advise_and_web_know_the_knowledge() -> None:
    others = [
        f"{module.place}:{line}"
        for module in modules()
        for line, name in module.imported()
        if name.startswith("calciscope.knowledge")
        and module.room not in {"knowledge", "advise", "web", "flows", "cli", "cohort"}
    ]
    assert others == []


def declared(*lists: str) -> set[str]:
    """Distribution names, normalised, of the runtime list and the named extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for name in lists:
        wanted += project["optional-dependencies"][name]
    return {re.split(r"[<>=!~ ;\[]", item, maxsplit=1)[0].lower().replace("_", "-") for item in wanted}


DISTRIBUTION_OF = {
    "cc3d": "connected-components-3d",
    "gdcm": "python-gdcm",
    "openjpeg": "pylibjpeg-openjpeg",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "mpl_toolkits": "matplotlib",
    "jpeg_ls": "pyjpegls",
    "allauth": "django-allauth",
    "axe_playwright_python": "axe-playwright-python",
    "django_htmx": "django-htmx",
    "font_source_sans_pro": "font-source-sans-pro",
}
PLUGINS = {
    "pylibjpeg", "pylibjpeg-openjpeg", "pyjpegls", "python-gdcm",  # pydicom finds these decoders itself
    "psycopg", "argon2-cffi",  # Django finds its database driver and its password hasher itself
}  # fmt: skip
DATA = {"font-source-sans-pro"}  # files that are read, not code
PROMISED = {"simpleitk", "nibabel"}  # make install promises them to users' own scripts


def imported_distributions() -> dict[str, str]:
    """Distribution -> a place that imports it, over the package."""
    return {
        name: module.place for module in modules() for _, imported in module.imported() for name in foreign(imported)
    }


def named_in_settings() -> set[str]:
    """Distributions that Django loads by the dotted names in its settings."""
    text = (PACKAGE / "web" / "settings" / "foundation.py").read_text(encoding="utf-8")
    names = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    words = [name for name in names if isinstance(name, str) and re.fullmatch(r"[a-z_]+(\.\w+)*", name)]
    return {found for name in words for found in foreign(name)}


OURS = {"calciscope", "tests", "benchmarks", "docs"} | {
    Path(name).stem for name in tracked() if name.startswith("tests/")
}


def foreign(imported: str) -> list[str]:
    """The distribution of an imported name, unless it is ours or Python's own."""
    top = imported.partition(".")[0]
    ours = top in OURS or top in sys.stdlib_module_names
    return [] if ours else [DISTRIBUTION_OF.get(top, top).lower()]


def test_every_library_that_is_imported_is_declared() -> None:
    known = declared()
    assert {name: where for name, where in imported_distributions().items() if name not in known} == {}


def test_every_library_that_tests_and_benchmarks_import_is_declared() -> None:
    known = declared("dev", "bench")
    missing = {}
    for name in tracked():
        if name.startswith(("tests/", "benchmarks/", "docs/")) and name.endswith(".py"):
            tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
            module = Module(path=ROOT / name, text="", tree=tree)
            missing |= {
                found: name for _, imported in module.imported() for found in foreign(imported) if found not in known
            }
    assert missing == {}


def test_every_library_that_is_declared_is_used() -> None:
    assert declared() - set(imported_distributions()) - named_in_settings() - PLUGINS - DATA - PROMISED == set()
