"""`calciscope serve`: the patient's record as a web application on this computer or a clinic's server."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from calciscope.cli.given_path import given_path

SUMMARY = "Serve the patient's record as a web application."
EXAMPLE = "calciscope serve --demo"

SETTINGS = "calciscope.web.settings"
HOST, PORT = "127.0.0.1", 8000
HERE = frozenset({HOST, "localhost", "::1"})
THREADS = 8  # judgement: a clinic has a few requests a second, each some 30 ms; SQLite has one writer at a time anyway
LARGEST_BODY_BYTES = 210_000_000  # a scan that a browser without scripts sends in one piece; larger ones come in parts
RESTART_S, STOPS_WITHIN_S = 2.0, 10.0  # judgement: a worker that dies at once does not keep a core busy by dying
NICE = 10
PARENT = "CALCISCOPE_SERVED_BY"  # process number of the server that started this worker
PROXY: dict[str, Any] = {
    "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
    "trusted_proxy_count": 1,
    "clear_untrusted_proxy_headers": True,
}
"""What is believed of a proxy: that the line to it was encrypted, and the one address that it added."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "--demo", action="store_true", help="the demonstration: synthetic patients only, log-in printed"
    )
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"port to listen on (default {PORT})")
    parser.add_argument("--host", default=HOST, metavar="NAME", help=f"address to listen on (default {HOST})")
    parser.add_argument(
        "--scans", type=given_path, nargs="+", metavar="DIR",
        help="with --demo: folders that `calciscope measure` made of phantoms, shown as scans of one invented patient",
    )  # fmt: skip
    parser.add_argument(
        "--worker",
        action="store_true",
        help="only measure the scans that wait, without serving (more servers, one record)",
    )


def run(args: argparse.Namespace) -> int:
    """Bring the database up to date, then serve until stopped, with a worker beside that measures scans."""
    from calciscope.record.unreachable import told_of_the_database
    from calciscope.terms.errors import WrongUsage

    os.environ["DJANGO_SETTINGS_MODULE"] = f"{SETTINGS}.{'demo' if args.demo else 'production'}"
    if args.worker:
        return _work(jobs=args.jobs)
    if not 1 <= args.port <= 65535:
        raise WrongUsage(f"--port takes a number from 1 to 65535, not {args.port}.")
    if args.scans and not args.demo:
        raise WrongUsage(
            "--scans belongs to the demonstration; in a clinic's record scans are sent at the patient's page."
        )
    if args.demo and args.host not in HERE:
        raise WrongUsage("The demonstration is served on this computer only; leave --host away.")
    if args.host not in HERE and not os.environ.get("CALCISCOPE_HOSTS"):
        raise WrongUsage(
            "To answer other computers, name the clinic's hosts in CALCISCOPE_HOSTS, behind a proxy with TLS."
        )
    if _taken(args.host, args.port):
        raise WrongUsage(f"Port {args.port} is in use; choose another with --port.")
    with told_of_the_database():
        _prepare()
    if args.demo:
        _people(quiet=args.quiet)
        _scans(args.scans or (), quiet=args.quiet)
    elif not args.quiet and _empty():
        print("Nobody can log in yet: calciscope manage set_up_site --help", flush=True)
    if not args.quiet:
        print(f"Calciscope is served on http://{args.host}:{args.port}  (Ctrl-C stops it)", flush=True)
    with _worker_beside(demo=args.demo, jobs=args.jobs):
        _serve(args.host, args.port)
    return 0


def _work(*, jobs: int) -> int:
    """Be the worker, until stopped or until the server that started it is gone."""
    import time

    import django

    django.setup()
    from calciscope.flows.scan_worker import run_worker

    parent = os.environ.get(PARENT, "")

    def enough(wait_s: float) -> bool:
        time.sleep(wait_s)
        return bool(parent) and str(os.getppid()) != parent

    run_worker(until=enough, jobs=jobs)
    return 0


@contextmanager
def _worker_beside(*, demo: bool, jobs: int) -> Iterator[None]:
    """Keep a worker process running: it measures at low priority, and is started anew when it is killed."""
    words = [sys.executable, "-m", "calciscope.cli.main", "serve", "--worker", "--quiet"]
    words += ["--demo"] if demo else []
    words += ["--jobs", str(jobs)] if jobs else []
    environment = os.environ | {PARENT: str(os.getpid())}
    over = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not over.is_set():
            with subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL) as worker:
                running[:] = [worker]
                _step_back(worker.pid)
                worker.wait()
            over.wait(RESTART_S)

    thread = threading.Thread(target=keep, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        for worker in running:
            worker.terminate()
        thread.join(STOPS_WITHIN_S)


def _step_back(worker: int) -> None:
    """Pages come first, measuring after them."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, worker, NICE)


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return True
    return False


def _prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    _keep_knowledge()


def _keep_knowledge() -> None:
    """The version that is worked with from now on is kept; one that does not hold together is not served."""
    from datetime import date

    from django.conf import settings

    from calciscope.flows.kept_knowledge import keep_knowledge, kept_below

    keep_knowledge(kept_below(Path(settings.MEDIA_ROOT)), on=date.today())


def _people(*, quiet: bool) -> None:
    import io

    from django.core.management import call_command

    said = io.StringIO()
    call_command("demonstration_people", stdout=said, stderr=io.StringIO())
    if not quiet:
        print("Demonstration, synthetic patients only. Log in as\n" + said.getvalue(), end="", flush=True)


def _scans(folders: Sequence[Path], *, quiet: bool) -> None:
    from calciscope.flows.demonstration_scans import load_scans

    new = load_scans(folders) if folders else 0
    if new and not quiet:
        print(f"{new} measured scans of a phantom are in the record of the invented patient DEMO-1-00006.", flush=True)


def _empty() -> bool:
    from django.contrib.auth import get_user_model

    return not get_user_model().objects.exists()


def _serve(host: str, port: int) -> None:
    from django.core.wsgi import get_wsgi_application
    from waitress import serve

    serve(
        get_wsgi_application(),
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_BODY_BYTES,
        trusted_proxy=os.environ.get("CALCISCOPE_PROXY", HOST),
        **PROXY,
    )
