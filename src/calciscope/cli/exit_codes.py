"""The one place where an error becomes an exit code and a sentence on standard error."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
import zlib
from collections.abc import Callable
from types import FrameType

from calciscope.terms.errors import Broken, CalciscopeError, Refused

INTERRUPTED = 130  # 128 + SIGINT, what shells expect of a command stopped by Ctrl-C
TERMINATED = 143  # 128 + SIGTERM

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_PERMISSION = {errno.EACCES, errno.EPERM, errno.EROFS}


class Stopped(SystemExit):
    """SIGTERM, raised as an exception so that half-written folders are cleared away on the way out.

    A SystemExit, because a web server takes every other one, raised while it reads from a browser, for that browser's fault.
    """


def guarded(work: Callable[[], int], *, command: str, debug: bool) -> int:
    """Run ``work``; whatever it raises becomes one sentence on standard error and an exit code."""
    _raise_on_sigterm()
    try:
        code = work()
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our standard output has enough; the output folder is whole
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt, Stopped) as error:  # noqa: BLE001 - the program's border: nothing passes unnamed
        code, sentence = answer(error)
        if debug:
            traceback.print_exc()
        _say(f"calciscope {command}: {sentence}")
        return code


def answer(error: BaseException) -> tuple[int, str]:
    """Exit code and sentence for an error; what is not one of ours gets a reference to report."""
    if isinstance(error, Broken):
        return Broken.exit_code, f"{_one_line(error)} {_please_report(error)}"
    if isinstance(error, CalciscopeError):
        return error.exit_code, _one_line(error)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "stopped on request; nothing was written."
    if isinstance(error, Stopped):
        return TERMINATED, "stopped by the system; nothing was written."
    if isinstance(error, MemoryError):
        return Refused.exit_code, (
            "The computer has too little free memory for this scan; close other programs or use a machine with more."
        )
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return Refused.exit_code, "The disk is full, so nothing was written; free some space or choose another --out."
    if isinstance(error, OSError) and error.errno in _NO_PERMISSION:
        where = f" {error.filename}" if isinstance(error.filename, str) else ""
        return Refused.exit_code, f"No permission to read or write{where}; choose another place or ask its owner."
    return Broken.exit_code, f"Calciscope itself failed ({type(error).__name__}). {_please_report(error)}"


def reference(error: BaseException) -> str:
    """Eight hex digits that name where in the code the error arose: the same fault gives the same reference."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "calciscope" in frame.filename]
    sites = [f"{frame.filename.rpartition('calciscope')[2]}:{frame.name}" for frame in ours[-3:]]
    site = "|".join([type(error).__name__, *sites])
    return f"CS-{zlib.crc32(site.encode()):08x}"


def _please_report(error: BaseException) -> str:
    return f"Please report reference {reference(error)}; --debug shows the details."


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _say(sentence: str) -> None:
    try:
        print(sentence, file=sys.stderr, flush=True)
    except OSError:  # standard error is closed: the exit code has to do
        return


def _raise_on_sigterm() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    try:
        signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread (a test, a worker): the default stays
        return
