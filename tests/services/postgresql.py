"""A PostgreSQL server of one's own for the length of a test: in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

OWNER = "postgres"  # the server refuses to run as root, so that root runs it as the user of Debian's package
MISSING = (
    "No PostgreSQL server programs here (Debian: apt-get install postgresql), so this is not tested on PostgreSQL."
)
START_S = 60


class Server:
    """A running server."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgresql://{OWNER}@/postgres?host={quote(str(self.folder), safe='')}"

    def control(self, *words: str) -> None:
        """Run pg_ctl."""
        _run([self.programs / "pg_ctl", "-D", self.folder / "data", "-w", "-t", str(START_S), *words])

    def start(self) -> None:
        """Start and wait until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=60"
        self.control("-o", options, "-l", str(self.folder / "log"), "start")

    def kill(self) -> None:
        """What a power cut does: every process of the server ends at once."""
        self.control("stop", "-m", "immediate")


def programs() -> Path | None:
    """The folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server; it and its folder are gone afterwards."""
    where = programs()
    assert where is not None, MISSING
    folder = Path(tempfile.mkdtemp(prefix="calciscope-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    server = Server(folder, where)
    try:
        _run([where / "initdb", "-D", folder / "data", "-U", OWNER, "--auth=trust", "-E", "UTF8", "--no-locale"])
        server.start()
        yield server
        server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[object]) -> None:
    words = [str(word) for word in command]
    as_owner = ["runuser", "-u", OWNER, "--", *words] if os.geteuid() == 0 else words
    done = subprocess.run(
        as_owner, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/tmp"
    )
    assert done.returncode == 0, done.stderr
