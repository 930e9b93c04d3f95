"""What the speed benchmark rests on: a valid series of any length, and honest time and memory of a process."""

from __future__ import annotations

import sys

import numpy as np
import pydicom

from benchmarks.limb_series import deposits, write
from benchmarks.whole_process import timed


def test_a_series_is_written_as_readable_slices_in_order(tmp_path):
    write(tmp_path / "limb", slices=4, seed=1, size=96)
    slices = [pydicom.dcmread(path) for path in sorted((tmp_path / "limb").glob("*.dcm"))]
    assert [float(image.ImagePositionPatient[2]) for image in slices] == [0.0, 1.0, 2.0, 3.0]
    assert len({image.SOPInstanceUID for image in slices}) == 4
    assert slices[0].pixel_array.shape == (96, 96)


def test_the_number_of_deposits_per_slice_does_not_depend_on_the_length():
    assert [round(len(deposits(slices, 1)) / slices * 600) for slices in (150, 600, 1500)] == [48, 50, 50]


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name, slices=2, seed=3, size=64)
    first, second = ((tmp_path / name / "00001.dcm").read_bytes() for name in ("one", "two"))
    assert first == second


def test_memory_and_time_of_a_process_are_seen():
    run = timed([sys.executable, "-c", "import time; x = b'x' * 120_000_000; time.sleep(0.6)"])
    assert run.exit_code == 0
    assert run.wall_s >= 0.6
    assert 110 < run.peak_mb < 400


def test_memory_of_child_processes_counts(tmp_path):
    inner = 'import time; x = b"x" * 90_000_000; time.sleep(1.0)'
    run = timed([sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{inner}'])"])
    assert run.peak_mb > 90


def test_a_failing_command_is_told_with_what_it_said():
    run = timed([sys.executable, "-c", "raise SystemExit('no such scan')"])
    assert run.exit_code == 1 and "no such scan" in run.said


def test_noise_has_the_stated_standard_deviation(tmp_path):
    write(tmp_path / "limb", slices=1, seed=2, size=256)
    image = pydicom.dcmread(tmp_path / "limb" / "00000.dcm")
    corner = image.pixel_array[:20, :20].astype(float)
    assert 12 < np.std(corner[corner > -1023]) < 22
