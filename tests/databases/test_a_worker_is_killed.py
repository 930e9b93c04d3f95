"""kill -9 of the worker in the midst of measuring: the next one takes the scan up again, and nothing is there twice or in part."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from tests.cli.conftest import SPACING_MM, legs_with_two_balls
from tests.conftest import ROOT
from tests.services.postgresql import MISSING, postgresql, programs

pytestmark = pytest.mark.slow

ENDS_WITHIN_S = 240


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request, tmp_path) -> Iterator[dict[str, str]]:
    """A home and an empty database of its own."""
    base = os.environ | {
        "CALCISCOPE_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "calciscope.web.settings.production",
    }
    base.pop("DATABASE_URL", None)
    if request.param == "sqlite":
        yield base
    elif programs() is None:
        pytest.skip(MISSING)
    else:
        with postgresql() as server:
            yield base | {"DATABASE_URL": server.url}


def clinic(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "tests.databases.scans", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def look(environment: dict[str, str]) -> dict[str, Any]:
    return json.loads(clinic(environment, "look"))


def worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "calciscope.cli.main", "serve", "--worker"], env=environment)


def until(environment: dict[str, str], *states: str) -> dict[str, Any]:
    end = time.monotonic() + ENDS_WITHIN_S
    told = look(environment)
    while told["state"] not in states and time.monotonic() < end:
        told = look(environment)
    assert told["state"] in states, told
    return told


def saved_scan(place: Path, *, seed: int = 0) -> Path:
    """Two legs with two balls; another seed is another scan of them."""
    hu = legs_with_two_balls()
    if seed:
        hu = np.rint(hu + np.random.default_rng(seed).normal(0, 5, hu.shape) * (hu > -500)).astype(np.int16)
    affine = np.diag([-SPACING_MM[2], -SPACING_MM[1], SPACING_MM[0], 1.0])
    nibabel.save(nibabel.Nifti1Image(hu.transpose(2, 1, 0), affine), place)
    return place


def test_a_comparison_that_was_broken_off_is_made_by_the_next_worker_and_there_once(
    environment, tmp_path: Path
) -> None:
    scans = [saved_scan(tmp_path / f"legs_{n}.nii.gz", seed=n) for n in range(2)]
    clinic(environment, "prepare", *map(str, scans))
    first = worker(environment)
    clinic(environment, "await")
    first.send_signal(signal.SIGKILL)
    first.wait()
    told = look(environment)
    assert (told["measurements"], told["comparisons"], told["compared"]) == (2, [], False), "killed in the midst"
    second = worker(environment)
    end = time.monotonic() + ENDS_WITHIN_S
    try:
        while not (told := look(environment))["compared"] and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        second.terminate()
        second.wait()
    assert (told["compared"], told["state"], told["comparisons"]) == (True, "measured", ["compared"])
    assert (told["measurements"], told["studies"], told["whole"]) == (2, 2, True)
    results = sorted((tmp_path / "home" / "files" / "scans").glob("*/*"))
    assert len(results) == 3, "two measurements and one comparison, nothing half-written"
    assert sum((result / "tracking.json").is_file() for result in results) == 1


def test_the_next_worker_measures_it_and_all_is_there_once(environment, tmp_path: Path) -> None:
    scan = saved_scan(tmp_path / "legs.nii.gz")
    clinic(environment, "prepare", str(scan))
    first = worker(environment)
    until(environment, "measuring", "measured")
    first.send_signal(signal.SIGKILL)
    first.wait()
    told = look(environment)
    assert (told["state"], told["attempts"], told["measurements"]) == ("measuring", 1, 0), "killed in the midst"
    second = worker(environment)
    try:
        told = until(environment, "measured", "failed", "refused")
    finally:
        second.terminate()
        second.wait()
    assert (told["state"], told["attempts"], told["message"]) == ("measured", 2, "")
    assert (told["measurements"], told["studies"], told["deposits"], told["whole"]) == (1, 1, [2], True)
    files = tmp_path / "home" / "files"
    (result,) = (files / "scans").glob("*/*")
    assert {path.name for path in result.iterdir()} >= {"measurement.json", "report.pdf", "overview.png"}
    assert not list((files / "incoming").iterdir())
    assert not list((files / "scans").glob("*/.*")), "nothing half-written is left"


def test_a_worker_that_is_stopped_on_request_hands_the_scan_back(environment, tmp_path: Path) -> None:
    scan = saved_scan(tmp_path / "legs.nii.gz")
    clinic(environment, "prepare", str(scan))
    first = worker(environment)
    until(environment, "measuring", "measured")
    first.terminate()
    first.wait()
    told = look(environment)
    assert told["measurements"] == (told["state"] == "measured")
    assert told["state"] in ("waiting", "measured")
    assert told["attempts"] == (told["state"] == "measured"), "being stopped is no attempt"
