"""Many browsers on one patient, over HTTP, while web server and database are killed: nothing is lost, nothing is there in part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.served_record import Served
from benchmarks.writers import race, web_ends
from tests.services.postgresql import MISSING, Server, postgresql, programs

pytestmark = pytest.mark.slow

WRITERS = 8
RACE_S = 20.0  # long enough for both sudden ends and what follows them on a busy machine


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Iterator[tuple[str, Server | None]]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/record.sqlite3", None
    elif programs() is None:
        pytest.skip(MISSING)
    else:
        with postgresql() as server:
            yield server.url, server


def test_nothing_is_lost_when_web_server_and_database_end_suddenly(database, tmp_path) -> None:
    url, server = database

    def database_ends(_: Served) -> None:
        assert server is not None
        server.kill()
        server.start()

    home = tmp_path / "home"
    home.mkdir()
    disasters = [web_ends] if server is None else [web_ends, database_ends]
    found = race(home, url, writers=WRITERS, seconds=RACE_S, disasters=disasters)
    tally = found.tally
    assert tally.surprises == []
    assert found.lost == () and found.lost_visits == () and found.unexplained == ()
    assert found.partial_visits == 0
    assert found.in_a_row and found.whole and found.healthy
    assert len(tally.saved) > 5 and len(tally.opened) > 1 and tally.conflicts > 5
    assert tally.both_texts == tally.conflicts
    assert tally.unanswered or tally.outages, "the sudden end came while somebody wrote"
