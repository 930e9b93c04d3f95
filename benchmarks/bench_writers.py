"""Twenty browsers write the same thing of one patient for a minute while web server and database are killed: what is lost."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.report import Cell, Goal, Options, Report, Table
from benchmarks.served_record import Served
from benchmarks.writers import Found, race, web_ends
from tests.services.postgresql import Server, postgresql, programs

WRITERS = 20
RACE_S, QUICK_RACE_S = 60.0, 20.0
Disasters = Sequence[Callable[[Served], None]]


def run(options: Options) -> Report:
    """SQLite: the web server is killed twice; PostgreSQL: the web server once, the database once."""
    seconds = QUICK_RACE_S if options.quick else RACE_S
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="calciscope-bench-") as place:
        url = f"sqlite:///{place}/record.sqlite3"
        found["SQLite"] = _race(Path(place) / "sqlite", url, seconds, [web_ends, web_ends])
        if programs() is not None:
            with postgresql() as server:
                disasters = [web_ends, _ends(server)]
                found["PostgreSQL"] = _race(Path(place) / "postgresql", server.url, seconds, disasters)
    return _report(seconds, found)


def _race(home: Path, url: str, seconds: float, disasters: Disasters) -> Found:
    home.mkdir()
    return race(home, url, writers=WRITERS, seconds=seconds, disasters=disasters)


def _ends(server: Server) -> Callable[[Served], None]:
    """A power cut of the database, which comes back."""

    def end(_: Served) -> None:
        server.kill()
        server.start()

    return end


def _report(seconds: float, found: dict[str, Found]) -> Report:
    return Report(
        id="writers",
        title="Twenty who write at once, and sudden ends",
        conditions=(
            f"{WRITERS} logged-in browsers over HTTP on one patient for {seconds:.0f} s: two open visits, the others all save "
            "the reason of the same visit, as fast as they are answered",
            "kill -9 of the web server (SQLite: twice, PostgreSQL: once), immediate stop of the database (PostgreSQL: once), "
            "each started again while the browsers go on",
            "afterwards every version that the database holds is compared with what each browser was told",
        ),
        goals=tuple(goal for engine, one in found.items() for goal in _goals(engine, one)),
        tables=(
            Table(caption="What the browsers saw", columns=COLUMNS, rows=tuple(_row(*one) for one in found.items())),
        ),
        notes=("The same race, shorter, is a test: tests/databases/test_many_browsers_and_sudden_ends.py.",),
    )


COLUMNS = (
    "database", "saved", "visits opened", "conflicts shown", "with both texts", "no answer came", "turned away meanwhile",
    "not explained", "surprises", "slowest answer s", "median answer s",
)  # fmt: skip


def _row(engine: str, found: Found) -> tuple[Cell, ...]:
    tally = found.tally
    return (
        engine,
        len(tally.saved),
        len(tally.opened),
        tally.conflicts,
        tally.both_texts,
        len(tally.unanswered),
        tally.outages,
        len(found.unexplained),
        len(tally.surprises),
        round(max(tally.answered_s), 1),
        round(statistics.median(tally.answered_s), 2),
    )


def _goals(engine: str, found: Found) -> list[Goal]:
    tally = found.tally
    lost = len(found.lost) + len(found.lost_visits)
    hidden = tally.conflicts - tally.both_texts
    sound = found.in_a_row and found.whole and found.healthy and not found.unexplained and not tally.surprises
    return [
        Goal(what=f"{engine}: saved and lost", ours=lost, target="0", met=lost == 0),
        Goal(what=f"{engine}: conflicts not shown with both texts", ours=hidden, target="0", met=hidden == 0),
        Goal(
            what=f"{engine}: visits there in part",
            ours=found.partial_visits,
            target="0",
            met=found.partial_visits == 0,
        ),
        Goal(
            what=f"{engine}: versions in a row, digests and audit chain as written, database sound",
            ours="yes" if sound else "no",
            target="yes",
            met=sound,
        ),
    ]
