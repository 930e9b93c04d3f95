"""Twenty who write one fact at once lose nothing; what was answered survives kill -9, and nothing is there in part."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import ROOT
from tests.databases.clinic import GROUP
from tests.services.postgresql import MISSING, Server, postgresql, programs

pytestmark = pytest.mark.slow

RACE_S = 6  # enough for hundreds of conflicts
WRITERS = 20
WRITE_S = 2.5


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Iterator[tuple[str, Server | None]]:
    """DATABASE_URL of an empty database, and its server if it has one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/record.sqlite3", None
    elif programs() is None:
        pytest.skip(MISSING)
    else:
        with postgresql() as server:
            yield server.url, server


def start(url: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.databases.clinic", *words]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(url: str, *words: str) -> str:
    process = start(url, *words)
    said, complaint = process.communicate(timeout=120)
    assert process.returncode == 0, complaint[-3000:]
    return said


def test_twenty_writers_on_one_fact_lose_nothing(database) -> None:
    url, _ = database
    run(url, "prepare")
    told = json.loads(run(url, "race", str(RACE_S), str(WRITERS)))
    assert told["failures"] == []
    assert told["lost"] == []
    assert told["versions_in_a_row"] and told["whole"]
    assert told["saved"] > 5 and told["conflicts"] > 5  # on a busy machine; some tens to hundreds of each otherwise
    assert told["conflicts_with_both_texts"] == told["conflicts"]


def answered_before(url: str, end: Callable[[subprocess.Popen[str]], None]) -> set[str]:
    """Start a writer, end it suddenly while it writes; the groups whose saving was answered."""
    process = start(url, "write")
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(WRITE_S)
    end(process)
    said = first + process.stdout.read()  # communicate() would pass by what readline() has taken into its buffer
    process.wait(timeout=60)
    return {f"group {line}" for line in said.split("\n")[:-1]}


def check_nothing_is_lost_or_partial(url: str, answered: set[str]) -> None:
    told = json.loads(run(url, "verify"))
    assert len(answered) > 5
    assert answered <= set(told["texts"])
    assert len(told["texts"]) <= len(answered) + 1  # the one that was saved but not yet answered
    assert told["sizes"] == [GROUP]
    assert told["whole"]
    assert told["healthy"] == "ok"


def test_a_writer_killed_in_mid_write_leaves_whole_groups(database) -> None:
    url, _ = database
    run(url, "prepare")
    answered = answered_before(url, lambda process: process.send_signal(signal.SIGKILL))
    check_nothing_is_lost_or_partial(url, answered)


def test_a_server_killed_in_mid_write_comes_back_whole(database) -> None:
    url, server = database
    if server is None:
        pytest.skip("SQLite has no server to kill.")
    run(url, "prepare")
    answered = answered_before(url, lambda _process: server.kill())
    server.start()
    check_nothing_is_lost_or_partial(url, answered)
