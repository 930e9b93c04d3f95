"""Many who write the same thing of one patient at once over HTTP, while the server and the database are killed under them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from benchmarks.served_record import Browser, Served, environment, hidden, manage

PAUSE_S = 0.3  # before a writer tries again after the line broke
OPENERS = 2  # of the writers, this many open visits instead
OUTAGE = frozenset({500, 502, 503})  # while the database is away; nothing was said to be saved
BROKEN = (OSError, http.client.HTTPException)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the writers saw, all of them together."""

    saved: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    conflicts: int = 0
    both_texts: int = 0
    unanswered: set[str] = field(default_factory=set)  # sent, and the line broke: may be there or not
    outages: int = 0
    surprises: list[str] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)  # from sending a form to its answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The end of a run: what was answered, and what the database holds."""

    tally: Tally
    lost: tuple[str, ...]
    unexplained: tuple[str, ...]
    lost_visits: tuple[str, ...]
    partial_visits: int
    in_a_row: bool
    whole: bool
    healthy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where they write."""

    patient: str
    visit: str
    port: int
    ends: float

    @property
    def reason(self) -> str:
        """The part that all of them fill in."""
        return f"/patients/{self.patient}/visits/{self.visit}/part/reason/"


def clinic(served: Served, *words: str) -> dict[str, object]:
    """Run a task of `benchmarks.writers_clinic` on the same database."""
    command = [sys.executable, "-m", "benchmarks.writers_clinic", *words]
    root = Path(__file__).parents[1]
    settings = environment(served.home, served.url)
    done = subprocess.run(command, cwd=root, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    return json.loads(done.stdout)


def race(
    home: Path, url: str, *, writers: int, seconds: float, disasters: Sequence[Callable[[Served], None]] = ()
) -> Found:
    """Let them write for so long, the disasters evenly in between; then look at what is there."""
    manage(home, url, "migrate", "--verbosity", "0")
    manage(home, url, "demonstration_people")
    served = Served(home=home, url=url)
    try:
        told = clinic(served, "people", str(writers))
        served.start()
        emails = [str(email) for email in told["emails"]]  # type: ignore[attr-defined]
        browsers = [Browser(port=served.port) for _ in emails]
        for browser, email in zip(browsers, emails, strict=True):
            browser.log_in(served.password, email)
        ends = time.monotonic() + seconds
        place = Place(patient=str(told["patient"]), visit=str(told["visit"]), port=served.port, ends=ends)
        tally = Tally()
        threads = [
            threading.Thread(target=_open_visits if number < OPENERS else _write, args=(browser, place, tally, number))
            for number, browser in enumerate(browsers)
        ]
        for thread in threads:
            thread.start()
        for disaster in disasters:
            time.sleep(seconds / (len(disasters) + 1))
            disaster(served)
        for thread in threads:
            thread.join()
    finally:
        served.stop()
    return _found(served, place, tally)


def web_ends(served: Served) -> None:
    """kill -9 of the web server; somebody starts it again."""
    served.kill()
    served.start()


def _write(browser: Browser, place: Place, tally: Tally, number: int) -> None:
    turn, page = 0, ""
    while time.monotonic() < place.ends:
        text = f"writer {number} turn {turn}"
        try:
            page = page or _text(browser.get(place.reason))
            if not page:
                tally.outages += 1
                time.sleep(PAUSE_S)
                continue
            fields = {"visit_details-held_on": "02 Nov 2026", "visit_details-kind": "planned"}
            sent = time.monotonic()
            answer = browser.post(place.reason, hidden(page) | fields | {"visit_details-reason": text})
            tally.answered_s.append(time.monotonic() - sent)
        except BROKEN:
            tally.unanswered.add(text)
            turn, page = turn + 1, ""
            time.sleep(PAUSE_S)
            continue
        if answer.status == 302 and "/accounts/" not in answer.location:
            tally.saved.append(text)
            turn, page = turn + 1, ""
        elif answer.status == 409:
            tally.conflicts += 1
            tally.both_texts += _shows_both(answer.text, text)
            page = answer.text
        elif answer.status in OUTAGE:
            tally.outages += 1
            tally.unanswered.add(text)
            turn, page = turn + 1, ""
            time.sleep(PAUSE_S)
        else:
            tally.surprises.append(f"{answer.status} {answer.location}")
            return
    browser.close()


def _text(answer: object) -> str:
    """The page, or nothing where there is none to be had now."""
    return answer.text if answer.status == 200 else ""  # type: ignore[attr-defined]


def _shows_both(page: str, mine: str) -> bool:
    """Whether the page of a conflict holds the other's text and one's own side by side, and one's own in the form as well."""
    both, _, form = unescape(page).partition("both texts")[2].partition("</section>")
    mine_there = f'class="mine">{mine}<' in both
    return mine_there and 'class="theirs">' in both and both.count('class="theirs">') >= 1 and mine in form


def _open_visits(browser: Browser, place: Place, tally: Tally, number: int) -> None:
    address = f"/patients/{place.patient}/visits/new/"
    while time.monotonic() < place.ends:
        try:
            page = _text(browser.get(address))
            fields = {"held_on": "02 Nov 2026", "kind": "urgent", "reason": f"opener {number}"}
            answer = browser.post(address, hidden(page) | fields) if page else None
        except BROKEN:
            time.sleep(PAUSE_S)
            continue
        if answer is None or answer.status in OUTAGE:
            tally.outages += 1
            time.sleep(PAUSE_S)
        elif answer.status == 302 and "/visits/" in answer.location:
            tally.opened.append(answer.location.split("/visits/")[1].split("/")[0])
            time.sleep(PAUSE_S)
        else:
            tally.surprises.append(f"{answer.status} {answer.location}")
            return


def _found(served: Served, place: Place, tally: Tally) -> Found:
    told = clinic(served, "check", place.visit)
    texts = list(told["texts"])  # type: ignore[call-overload]
    visits = set(told["visits"])  # type: ignore[call-overload]
    explained = {*tally.saved, *tally.unanswered, ""}
    return Found(
        tally=tally,
        lost=tuple(sorted(set(tally.saved) - set(texts))),
        unexplained=tuple(sorted(set(texts) - explained)),
        lost_visits=tuple(sorted(set(tally.opened) - visits)),
        partial_visits=int(told["partial_visits"]),  # type: ignore[call-overload]
        in_a_row=bool(told["in_a_row"]),
        whole=bool(told["whole"]),
        healthy=bool(told["healthy"]),
    )
