"""The record as it runs: `calciscope serve --demo` in a folder and on a database of its own, filled, and a browser without a script."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HOST = "127.0.0.1"
START_S = 120.0
DOCTOR = "doctor@demo.example"
SERVED = "Calciscope is served"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        return int(tried.getsockname()[1])


def environment(home: Path, url: str) -> dict[str, str]:
    """What the commands of one clinic run with."""
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | {"CALCISCOPE_HOME": str(home), "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}


def manage(home: Path, url: str, *words: str) -> str:
    """Run `calciscope manage --demo`; raises when it fails."""
    command = [sys.executable, "-m", "calciscope.cli.main", "manage", "--demo", *words]
    done = subprocess.run(command, env=environment(home, url), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"manage {' '.join(words)} ended with {done.returncode}: {done.stderr[-1500:]}")
    return done.stdout


def fill(home: Path, url: str, *, patients: int, seed: int) -> float:
    """Tables, people, and so many invented patients; seconds that the patients took."""
    manage(home, url, "migrate", "--verbosity", "0")
    manage(home, url, "demonstration_people")
    started = time.perf_counter()
    manage(home, url, "load_demonstration", "--doctor", DOCTOR, "--patients", str(patients), "--seed", str(seed))
    return time.perf_counter() - started


@dataclass(slots=True, kw_only=True)
class Served:
    """A running server, which can be killed and started again at the same address."""

    home: Path
    url: str
    port: int = field(default_factory=free_port)
    password: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Id of the running process."""
        if self.process is None:
            raise RuntimeError("The record is not served.")
        return self.process.pid

    def start(self) -> None:
        """Start, and wait until it says that it serves."""
        command = [sys.executable, "-m", "calciscope.cli.main", "serve", "--demo", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=environment(self.home, self.url), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if SERVED in line:
                break
        found = re.search(rf"{re.escape(DOCTOR)} +(\S+)", said)
        if SERVED not in said or not found:
            raise RuntimeError(f"The record is not served: {said[-500:]}")
        self.password = found[1]
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("The record does not answer.")

    def kill(self) -> None:
        """What a sudden end does (SIGKILL)."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=30)


@contextmanager
def served(home: Path, url: str) -> Iterator[Served]:
    """A server that is gone afterwards."""
    running = Served(home=home, url=url)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


@dataclass(slots=True, kw_only=True)
class Browser:
    """Cookies and one connection that is kept open; no redirect is followed."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    line: http.client.HTTPConnection | None = None
    timeout_s: float = 60.0

    def get(self, path: str) -> Answer:
        """GET."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """POST as a form of ours, with the token that the last page carried."""
        return self._ask("POST", path, urlencode(fields))

    def log_in(self, password: str, who: str = DOCTOR) -> None:
        """As one of the people of the demonstration."""
        path = "/accounts/login/"
        token = hidden(self.get(path).text)["csrfmiddlewaretoken"]
        answer = self.post(path, {"csrfmiddlewaretoken": token, "login": who, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"Log-in was answered with {answer.status}.")

    def close(self) -> None:
        """Let the connection go."""
        if self.line is not None:
            self.line.close()
        self.line = None

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        self.line = self.line or http.client.HTTPConnection(HOST, self.port, timeout=self.timeout_s)
        heads = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.line.request(method, path, body=body, headers=heads)
            answer = self.line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(status=answer.status, text=text, location=answer.headers.get("Location", ""))


def hidden(page: str) -> dict[str, str]:
    """Hidden fields of a page, the last of each name."""
    from html import unescape

    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}
