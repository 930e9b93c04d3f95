"""The peer scripts are frozen: a change would silently move every published ratio."""

from __future__ import annotations

import hashlib
from pathlib import Path

import benchmarks.peers

FROZEN = {"threshold_ct.py": "d69f64d927e9a363fd2be5906b10970cf617d837b2f2fedf6a3579cab1f24e2a"}


def test_peer_scripts_are_the_ones_the_published_ratios_were_measured_against():
    folder = Path(benchmarks.peers.__file__).parent
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*_ct.py")}
    assert sums == FROZEN
