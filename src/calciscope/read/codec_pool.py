"""Keeps the processes that decode compressed slices, one a thread; a slice that kills or stalls one is unreadable."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from threading import Timer
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calciscope.read.foreign import Unreadable

# Codecs need 0.1 s for 512 x 512 pixels (measured, JPEG 2000); sixty times that is a hang.
SECONDS_A_FRAME = 6.0
SECONDS_A_MEGAPIXEL = 10.0
# Loading the codecs takes half a second on an idle machine.
SECONDS_TO_START = 30.0
KINDS = {kind: np.dtype(kind) for kind in "bBhHiIlL"}


class Worker:
    """One process."""

    def __init__(self) -> None:
        """Start it; it inherits where to find this package, and nothing it prints is seen."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "calciscope.read.codec_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self.ready = False

    def decode(self, request: dict[str, Any], frame: bytes) -> NDArray[Any] | None:
        """The frame's stored values, None when it cannot be decoded; BrokenPipeError when the process is gone."""
        pixels = request["rows"] * request["columns"] * request["samples"]
        if not self.ready:
            with self._at_most(SECONDS_TO_START):
                self._await_ready()
        with self._at_most(SECONDS_A_FRAME + SECONDS_A_MEGAPIXEL * pixels / 1e6):
            return self._ask(request, frame, pixels)

    @contextmanager
    def _at_most(self, seconds: float) -> Iterator[None]:
        """Kill the process when the work inside takes longer; reading from it then ends."""
        timer = Timer(seconds, self.process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _await_ready(self) -> None:
        if self.process.stdout is None or self.process.stdout.read(1) != b"R":
            raise BrokenPipeError
        self.ready = True

    def _ask(self, request: dict[str, Any], frame: bytes, pixels: int) -> NDArray[Any] | None:
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        if pipe_in is None or pipe_out is None:
            raise BrokenPipeError
        pipe_in.write(json.dumps(request | {"size": len(frame)}).encode() + b"\n")
        pipe_in.write(frame)
        pipe_in.flush()
        kind = pipe_out.read(1).decode("ascii", "replace")
        if kind == "!":
            return None
        if kind not in KINDS:
            raise BrokenPipeError
        data = pipe_out.read(pixels * KINDS[kind].itemsize)
        if len(data) < pixels * KINDS[kind].itemsize:
            raise BrokenPipeError
        return np.frombuffer(data, KINDS[kind])

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


_idle: LifoQueue[Worker] = LifoQueue()


def decode_apart(request: dict[str, Any], frame: bytes) -> NDArray[Any]:
    """Decode in another process; Unreadable when that fails, crashes or takes too long."""
    try:
        worker = _idle.get_nowait()
    except Empty:
        worker = Worker()
    try:
        stored = worker.decode(request, frame)
    except OSError as error:
        worker.stop()
        raise Unreadable("its compressed pixels are damaged") from error
    _idle.put(worker)
    if stored is None:
        raise Unreadable("its compressed pixels are damaged")
    return stored


@atexit.register
def stop_all() -> None:
    """End the idle processes."""
    while True:
        try:
            _idle.get_nowait().stop()
        except Empty:
            return
