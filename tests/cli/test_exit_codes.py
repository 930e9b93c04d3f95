"""Every error ends as one sentence and the promised exit code."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from waitress import wasyncore

from calciscope.cli.exit_codes import Stopped, guarded, reference
from calciscope.terms.errors import Broken, NotAllowed, Refused, WrongUsage

CASES = [
    (WrongUsage("SCAN is not there."), 2, "SCAN is not there."),
    (Refused("No CT in the folder."), 3, "No CT in the folder."),
    (NotAllowed("You may not."), 4, "You may not."),
    (Broken("The model is missing."), 5, "The model is missing. Please report reference CS-"),
    (ZeroDivisionError("division by zero"), 5, "Please report reference CS-"),
    (OSError(errno.ENOSPC, "No space left on device"), 3, "disk is full"),
    (
        PermissionError(errno.EACCES, "Permission denied", "/scans/a.dcm"),
        3,
        "No permission to read or write /scans/a.dcm",
    ),
    (OSError(errno.EROFS, "Read-only file system"), 3, "No permission"),
    (MemoryError(), 3, "too little free memory"),
    (KeyboardInterrupt(), 130, "stopped on request"),
    (Stopped(), 143, "stopped by the system"),
]


def raising(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(("error", "code", "words"), CASES, ids=lambda value: type(value).__name__)
def test_error_becomes_code_and_one_sentence(error, code, words, capsys) -> None:
    assert guarded(lambda: raising(error), command="measure", debug=False) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_sentence_over_several_lines_becomes_one(capsys) -> None:
    guarded(lambda: raising(Refused("Two\n  lines.")), command="measure", debug=False)
    assert capsys.readouterr().err == "calciscope measure: Two lines.\n"


def test_debug_adds_the_traceback(capsys) -> None:
    guarded(lambda: raising(Refused("No CT.")), command="measure", debug=True)
    assert "Traceback" in capsys.readouterr().err


def test_success_says_nothing_of_itself(capsys) -> None:
    assert guarded(lambda: 0, command="measure", debug=False) == 0
    assert capsys.readouterr().err == ""


def test_reference_names_the_place_not_the_values() -> None:
    def fault(text: str) -> str:
        try:
            raise ValueError(text)
        except ValueError as error:
            return reference(error)

    assert fault("one") == fault("two")
    assert fault("one").startswith("CS-")


WORKS_FOR_LONG = """
    import signal, sys, time
    from pathlib import Path
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
    from calciscope.cli.exit_codes import guarded
    from calciscope.share.whole_folder import whole_folder

    def work():
        with whole_folder(Path(sys.argv[1]), overwrite=False, is_ours=lambda folder: False) as folder:
            (folder / "half").write_text("x")
            print("begun", flush=True)
            time.sleep(60)
        return 0

    sys.exit(guarded(work, command="measure", debug=False))
"""


def stopped_midway(place: Path, how: int) -> subprocess.Popen[str]:
    running = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKS_FOR_LONG), str(place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    os.kill(running.pid, how)
    running.wait(timeout=20)
    return running


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_midway_leaves_nothing(tmp_path: Path, how: int, code: int) -> None:
    ended = stopped_midway(tmp_path / "out", how)
    assert ended.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert ended.stderr is not None
    assert ended.stderr.read().count("\n") == 1


def test_killed_midway_leaves_nothing_in_the_place_and_the_next_run_clears_up(tmp_path: Path) -> None:
    stopped_midway(tmp_path / "out", signal.SIGKILL)
    assert [path.name.startswith(".out.writing-") for path in tmp_path.iterdir()] == [True]
    time.sleep(0.1)
    stopped_midway(tmp_path / "out", signal.SIGTERM)
    assert list(tmp_path.iterdir()) == []


def test_reader_of_standard_output_that_leaves_early_is_no_error() -> None:
    code = (
        "import sys; from calciscope.cli.exit_codes import guarded\n"
        "def work():\n    print('x' * 1_000_000)\n    return 0\n"
        "sys.exit(guarded(work, command='measure', debug=False))"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.read(10)
    running.stdout.close()
    assert running.wait(timeout=20) == 0
    assert running.stderr.read() == ""


def test_what_ends_the_program_is_not_taken_for_a_browsers_fault() -> None:
    """SIGTERM while the web server reads from a browser ends the server all the same."""

    class Browser:
        def handle_read_event(self) -> None:
            raise Stopped

        def handle_error(self) -> None:
            """What the web server does with a fault."""

    with pytest.raises(Stopped):
        wasyncore.read(Browser())
