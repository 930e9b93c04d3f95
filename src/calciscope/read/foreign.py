"""The one border where errors of third-party parsers become ours, and where their chatter is silenced.

pydicom, nibabel, the codecs and zipfile raise many kinds of error on broken bytes. Every call into them runs inside
`parsing`, which turns those kinds into `Unreadable`; nothing else in this room catches foreign errors.
"""

from __future__ import annotations

import logging
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from calciscope.terms.errors import CalciscopeError

# What parsers were seen to raise on mutated files (tests/generative/read). RuntimeError covers NotImplementedError and
# RecursionError, ValueError covers UnicodeError and pydicom's BytesLengthException, LookupError covers KeyError.
FOREIGN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    StopIteration,
    SyntaxError,  # Pillow, of a broken PNG
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
# Errors of their own that are no kind of the above.
OWN_KINDS = {
    "pydicom.errors": ("InvalidDicomError", "BytesLengthException"),
    "isal.igzip_lib": ("IsalError",),
    "nibabel.wrapstruct": ("WrapStructError",),
    "nibabel.spatialimages": ("HeaderDataError", "ImageDataError"),
    "nibabel.filebasedimages": ("ImageFileError",),
}


LOGGERS = ("pydicom", "nibabel", "pylibjpeg", "openjpeg")
SILENT = logging.CRITICAL + 1


class Unreadable(CalciscopeError):
    """One file or one slice cannot be read; the reader leaves it out and says so. Never leaves this room."""


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Run third-party parsing code; its errors come out as Unreadable(what)."""
    try:
        yield
    except CalciscopeError:
        raise
    except PermissionError as error:
        raise Unreadable("no permission to read it") from error
    except _kinds() as error:
        raise Unreadable(what) from error


def _kinds() -> tuple[type[Exception], ...]:
    """All kinds of error the parsers raise; those of libraries not loaded yet cannot have been raised."""
    kinds: list[type[Exception]] = list(FOREIGN)
    for module, names in OWN_KINDS.items():
        if module in sys.modules:
            kinds += [getattr(sys.modules[module], name) for name in names]
    return tuple(kinds)


class _Quiet:
    """How many `quiet` blocks run."""

    running = 0


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the parsers' warnings and log lines from the user; settings are put back afterwards."""
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    mode = _validation_mode()
    _Quiet.running += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in LOGGERS:
            logging.getLogger(name).setLevel(SILENT)
        if mode is not None:
            load_pydicom()
        try:
            yield
        finally:
            _Quiet.running -= 1
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            _put_back(mode)


def load_pydicom() -> ModuleType:
    """pydicom, which most scans need not and which takes a third of a second to load; silent within `quiet`."""
    import pydicom
    from pydicom import config

    if _Quiet.running:
        logging.getLogger("pydicom").setLevel(SILENT)  # loading it sets its level anew
        config.settings.reading_validation_mode = config.IGNORE
    return pydicom


def _validation_mode() -> int | None:
    """How pydicom checks values now; None while it is not loaded."""
    config = sys.modules.get("pydicom.config")
    return None if config is None else config.settings.reading_validation_mode


def _put_back(mode: int | None) -> None:
    """Let pydicom check values as it did before, or as it does of itself."""
    config = sys.modules.get("pydicom.config")
    if config is not None:
        config.settings.reading_validation_mode = config.WARN if mode is None else mode
