"""The patient's page and the list of patients, over HTTP, on SQLite and PostgreSQL, beside a bare page of the same data."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from benchmarks.report import Cell, Goal, Options, Report, Table
from benchmarks.served_record import HOST, Browser, fill, free_port, manage, served
from tests.services.postgresql import postgresql, programs

PATIENTS, QUICK_PATIENTS = 3_000, 300
VISITS = 12  # pages of patients with the most visits are timed; others are lighter
PAGES, ROUNDS, QUICK_ROUNDS = 40, 5, 3
RATIO_LIMIT, P95_LIMIT_MS = 1.5, 300.0
NS_PER_MS = 1e6
LIST_TURNS = 30
PEER = Path(__file__).parent / "peers" / "record_page.py"
SEED = 3


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, str]]]:
    """(engine, DATABASE_URL) of an empty database each."""
    sqlite = ("SQLite", f"sqlite:///{folder}/record.sqlite3")
    if programs() is None:
        yield [sqlite]
        return
    with postgresql() as server:
        yield [sqlite, ("PostgreSQL", server.url)]


def opened(url: str) -> Engine:
    """The same database for SQLAlchemy, which takes a file's absolute path with one slash more."""
    if url.startswith("sqlite:///"):
        return create_engine("sqlite:////" + unquote(url.removeprefix("sqlite:///")).lstrip("/"))
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def fullest(engine: Engine) -> list[str]:
    """Keys of patients with the most visits, in an order that has nothing to do with their names."""
    asked = "SELECT patient_id, count(*) AS held FROM record_visit GROUP BY patient_id ORDER BY held DESC, patient_id"
    with engine.connect() as line:
        rows = line.execute(text(asked)).all()
    return [str(UUID(str(key))) for key, held in rows if held >= min(VISITS, rows[0][1])][:PAGES]


def counted(engine: Engine) -> tuple[int, int, int, int]:
    """Patients, visits, facts, and single values in those facts."""
    length = "json_each(data)" if engine.dialect.name == "sqlite" else "jsonb_object_keys(data)"
    asked = (
        "SELECT (SELECT count(*) FROM record_patient), (SELECT count(*) FROM record_visit), "
        f"(SELECT count(*) FROM record_entry), (SELECT count(*) FROM record_entry, {length})"
    )
    with engine.connect() as line:
        patients, visits, facts, values = line.execute(text(asked)).one()
    return patients, visits, facts, values


@contextmanager
def peer(engine: Engine) -> Iterator[tuple[Browser, int]]:
    """The bare page, served in a process of its own as ours is; the process's id."""
    port = free_port()
    url = engine.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, str(PEER), url, str(port)]) as process:
        browser = Browser(port=port)
        try:
            for _ in range(200):
                try:
                    browser.get("/")
                    break
                except OSError:
                    time.sleep(0.1)
            yield browser, process.pid
        finally:
            process.terminate()


@dataclass(slots=True, kw_only=True)
class Times:
    """What pages of one side took: from sending to the last byte, and the processor time of the web server alone."""

    wall_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)


def processor_ns(process: int) -> int:
    """Processor time of all threads of a process so far."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads)


def timed_ms(browser: Browser, path: str) -> float:
    """One page from sending to its last byte."""
    started = time.perf_counter()
    answer = browser.get(path)
    took = (time.perf_counter() - started) * 1000
    if answer.status != 200:
        raise RuntimeError(f"{path.split('/')[1]} was answered with {answer.status} by {HOST}:{browser.port}.")
    return took


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not pass."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def pages(sides: Sequence[tuple[Browser, int]], keys: Sequence[str], rounds: int) -> list[Times]:
    """Each page of both sides in turn; the first round warms and does not count."""
    found = [Times() for _ in sides]
    for turn in range(rounds + 1):
        for key in keys:
            for (browser, process), times in zip(sides, found, strict=True):
                before = processor_ns(process)
                took = timed_ms(browser, f"/patients/{key}/")
                if turn:
                    times.wall_ms.append(took)
                    times.processor_ms.append((processor_ns(process) - before) / NS_PER_MS)
    return found


def lists(browser: Browser) -> dict[str, list[float]]:
    """The list's first page, one far in it, and narrowed."""
    asked = {
        "first page": "/patients/",
        "page 20": "/patients/?offset=950",
        "growing deposits": "/patients/?only=growing",
    }
    return {name: [timed_ms(browser, path) for _ in range(LIST_TURNS + 2)][2:] for name, path in asked.items()}


def figures(values: Sequence[float]) -> tuple[Cell, ...]:
    """Median, 95th percentile and slowest, in ms."""
    return round(statistics.median(values), 1), round(p95(values), 1), round(max(values), 1)


def both(times: Times) -> tuple[Cell, ...]:
    """Figures of the clock, and median and 95th percentile of the processor time."""
    return *figures(times.wall_ms), *figures(times.processor_ms)[:2]


def run(options: Options) -> Report:
    """Both engines one after the other, ours and the peer's pages in turn."""
    rounds = options.repeats or (QUICK_ROUNDS if options.quick else ROUNDS)
    size = QUICK_PATIENTS if options.quick else PATIENTS
    goals: list[Goal] = []
    rows: list[tuple[Cell, ...]] = []
    listed: list[tuple[Cell, ...]] = []
    held: list[tuple[Cell, ...]] = []
    with tempfile.TemporaryDirectory(prefix="calciscope-bench-") as place, databases(Path(place)) as found:
        for engine, url in found:
            home = Path(place) / engine
            home.mkdir()
            took = fill(home, url, patients=size, seed=SEED)
            print(f"  {engine}: {size} patients in {took:.0f} s", file=sys.stderr, flush=True)
            database = opened(url)
            held.append((engine, *counted(database), round(took)))
            with served(home, url) as running, peer(database) as other:
                mine = Browser(port=running.port)
                mine.log_in(running.password)
                ours, theirs = pages([(mine, running.pid), other], fullest(database), rounds)
                rows += [(engine, "ours", *both(ours)), (engine, "peer", *both(theirs))]
                goals += _goals(engine, ours, theirs)
                listed += [(engine, name, *figures(times)) for name, times in lists(mine).items()]
            database.dispose()
            if "as written" not in manage(home, url, "verify_record"):
                raise RuntimeError("The loaded record is not as written.")
    return _report(rounds, size, goals, rows, listed, held)


def _goals(engine: str, ours: Times, theirs: Times) -> list[Goal]:
    ratio, mine = p95(ours.wall_ms) / p95(theirs.wall_ms), p95(ours.wall_ms)
    work, their_work = p95(ours.processor_ms), p95(theirs.processor_ms)
    return [
        Goal(
            what=f"patient page on {engine}, p95, ours / peer",
            ours=round(ratio, 2),
            target=f"<= {RATIO_LIMIT}",
            met=ratio <= RATIO_LIMIT,
        ),
        Goal(
            what=f"patient page on {engine}, p95",
            unit="ms",
            ours=round(mine),
            peer=round(p95(theirs.wall_ms)),
            target=f"< {P95_LIMIT_MS:.0f}",
            met=mine < P95_LIMIT_MS,
        ),
        Goal(
            what=f"patient page on {engine}, processor time of the web server, p95",
            unit="ms",
            ours=round(work),
            peer=round(their_work),
            target=f"< {P95_LIMIT_MS:.0f}",
            met=work < P95_LIMIT_MS,
        ),
    ]


def _report(
    rounds: int,
    size: int,
    goals: Sequence[Goal],
    rows: Sequence[tuple[Cell, ...]],
    listed: Sequence[tuple[Cell, ...]],
    held: Sequence[tuple[Cell, ...]],
) -> Report:
    times = ("median ms", "p95 ms", "slowest ms")
    work = ("processor median ms", "processor p95 ms")
    return Report(
        id="record",
        title=f"The record's pages at {size:,} patients",
        conditions=(
            f"over HTTP, one reader, {PAGES} patients with {VISITS} visits, {rounds} rounds each in turn after one that warms",
            "ours: log-in, role, care team, audit line in the hash chain, charts, body map; peer: benchmarks/peers/record_page.py "
            "(FastAPI, SQLAlchemy, one table), without any of these",
            "server and reader share the computer; other work on it is not excluded, so that p95 is an upper limit",
        ),
        goals=tuple(goals),
        tables=(
            Table(caption="Patient page", columns=("engine", "whose", *times, *work), rows=tuple(rows)),
            Table(caption="List of patients (ours)", columns=("engine", "which", *times), rows=tuple(listed)),
            Table(
                caption="What was loaded, with an audit chain and digests that were verified afterwards",
                columns=("engine", "patients", "visits", "facts", "values", "seconds to load"),
                rows=tuple(held),
            ),
        ),
        notes=("The number of queries is a test: tests/web/test_number_of_queries.py.",),
    )
