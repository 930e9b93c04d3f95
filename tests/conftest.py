"""What every test can ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("NUMBA_NUM_THREADS", "2")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real scans for development; not part of the project, so that tests on them skip where they are absent."""
    named = os.environ.get("CALCISCOPE_SHARED_DATA")
    folders = [Path(named)] if named else [ROOT.parent / "shared" / "data"]
    for folder in folders:
        if (folder / "README.md").is_file():
            return folder
    pytest.skip("The real scans are not here (set CALCISCOPE_SHARED_DATA to their folder).")
