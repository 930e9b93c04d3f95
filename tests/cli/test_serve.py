"""`calciscope serve`: starts on an empty folder, prints a log-in that works, serves on this computer alone."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode

import pytest

from calciscope.cli.main import main

STARTS_WITHIN_S = 120


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_wrong_ports_and_hosts_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--demo", "--port", "70000"]) == 2
    assert main(["serve", "--demo", "--host", "0.0.0.0"]) == 2
    assert "this computer only" in capsys.readouterr().err


def test_other_computers_are_answered_by_name_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CALCISCOPE_HOSTS", raising=False)
    assert main(["serve", "--host", "0.0.0.0"]) == 2
    assert "CALCISCOPE_HOSTS" in capsys.readouterr().err


def test_a_taken_port_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--demo", "--port", str(taken.getsockname()[1])]) == 2
    assert "in use" in capsys.readouterr().err


@pytest.mark.slow
def test_the_demonstration_opens(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {"CALCISCOPE_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "calciscope.cli.main", "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as served:
        try:
            said = printed_until_served(served)
            found = re.search(r"doctor@demo\.example +(\S+)", said)
            assert found, said
            page = logged_in(port, found[1])
            assert "Patients in your care" in page
            assert "synthetic" in page
        finally:
            served.terminate()


@pytest.mark.slow
def test_an_empty_record_says_how_to_begin(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {"CALCISCOPE_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "CALCISCOPE_HOSTS"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "calciscope.cli.main", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as served:
        try:
            assert "set_up_site" in printed_until_served(served)
            opener = urllib.request.build_opener()
            page = answer_of(opener, f"http://127.0.0.1:{port}/")
            assert "Log in" in page
            assert "synthetic" not in page
        finally:
            served.terminate()


def printed_until_served(served: subprocess.Popen[str]) -> str:
    assert served.stdout
    said, until = "", time.monotonic() + STARTS_WITHIN_S
    while "is served on" not in said and time.monotonic() < until:
        line = served.stdout.readline()
        assert line, said
        said += line
    return said


def logged_in(port: int, password: str) -> str:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{port}/accounts/login/"
    page = answer_of(opener, address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "login": "doctor@demo.example", "password": password}
    with opener.open(urllib.request.Request(address, urlencode(sent).encode(), {"Referer": address})) as answer:
        return str(answer.read().decode())


def answer_of(opener: urllib.request.OpenerDirector, address: str) -> str:
    for _ in range(50):
        try:
            with opener.open(address) as answer:
                return str(answer.read().decode())
        except URLError:
            time.sleep(0.2)
    pytest.fail("nothing answered")


def test_heads_of_a_proxy_are_believed_from_the_proxy_alone() -> None:
    """Who sends X-Forwarded heads directly is not believed, and the last address that the proxy added is the one that counts."""
    from waitress.proxy_headers import proxy_headers_middleware

    from calciscope.cli.commands import serve

    def asked(peer: str) -> tuple[str, str]:
        seen: dict[str, str] = {}

        def application(environ, start_response):
            seen.update(environ)
            start_response("200 OK", [])
            return [b""]

        served = proxy_headers_middleware(
            application,
            trusted_proxy="10.0.0.1",
            clear_untrusted=serve.PROXY["clear_untrusted_proxy_headers"],
            trusted_proxy_count=serve.PROXY["trusted_proxy_count"],
            trusted_proxy_headers=serve.PROXY["trusted_proxy_headers"],
        )
        heads = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.7"}
        environ = {
            "REMOTE_ADDR": peer,
            "REMOTE_HOST": peer,
            "wsgi.url_scheme": "http",
            "SERVER_NAME": "x",
            "SERVER_PORT": "80",
        }
        served(environ | heads, lambda *_: None)
        return seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]

    assert asked("10.0.0.1") == ("192.0.2.7", "https")
    assert asked("203.0.113.9") == ("203.0.113.9", "http")
