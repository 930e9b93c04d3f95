"""The peer scripts are frozen: a change would silently move every published ratio."""

from __future__ import annotations

import hashlib
from pathlib import Path

import benchmarks.peers

FROZEN = {
    "film_threshold.py": "154abea966f668097b9cee1a0a853b1c82728b8e51ebebbcfbab1226c621c3e1",
    "plain_rules.py": "a90b531fe8f0fa20207640f00b06d2d45cbdc3477693f5666dd400eb2ab6369d",
    "record_page.py": "40d7354ba31e5c67526a1e15656987c02768b5ffdc992d76ef2d19b1ba7e2228",
    "threshold_ct.py": "d69f64d927e9a363fd2be5906b10970cf617d837b2f2fedf6a3579cab1f24e2a",
}


def test_peer_scripts_are_the_ones_the_published_ratios_were_measured_against():
    folder = Path(benchmarks.peers.__file__).parent
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("[!_]*.py")}
    assert sums == FROZEN
