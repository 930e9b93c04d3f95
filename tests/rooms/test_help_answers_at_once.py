"""`calciscope --help` loads no heavy library, because commands import what they need only when they run."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

from calciscope.cli import commands
from tests.rooms.source import PACKAGE

pytestmark = pytest.mark.room

HEAVY = {
    "numpy", "scipy", "numba", "pydicom", "matplotlib", "nibabel", "SimpleITK", "reportlab", "cc3d", "edt", "skimage",
    "pkg_resources", "typst", "PIL", "rich", "asyncio", "multiprocessing",
}  # fmt: skip
MODULES_CAP = 150  # a bare Python start is about 60; argparse and its own imports add some 40

COMMANDS = sorted(info.name for info in pkgutil.iter_modules(commands.__path__))


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_loads_nothing_heavy() -> None:
    code = "import sys\nfrom calciscope.cli.main import build_parser\nbuild_parser().format_help()\nprint(*sys.modules)"
    loaded = run_python(code).split()
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()
    assert len(loaded) <= MODULES_CAP, sorted(loaded)


def test_commands_listed_are_the_modules_of_the_folder() -> None:
    files = sorted(path.stem for path in (PACKAGE / "cli" / "commands").glob("*.py") if path.stem != "__init__")
    help_text = run_python("from calciscope.cli.main import build_parser; print(build_parser().format_help())")
    assert files == COMMANDS
    listed = [line.split()[0] for line in help_text.splitlines() if line.startswith("    ") and line.strip()]
    assert [name.replace("_", "-") for name in COMMANDS] == [name for name in listed if name.replace("-", "_") in files]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_an_example(command: str) -> None:
    name = command.replace("_", "-")
    code = f"from calciscope.cli.main import main\nmain([{name!r}, '--help'])"
    assert f"calciscope {name} " in run_python(code).partition("example")[2]
