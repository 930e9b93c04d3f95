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
        raise Unreadable(f"{what}: no permission to read it") from error
    except _kinds() as error:
        raise Unreadable(what) from error


def _kinds() -> tuple[type[Exception], ...]:
    """All kinds of error the parsers raise; those of libraries not loaded yet cannot have been raised."""
    kinds: list[type[Exception]] = list(FOREIGN)
    for module, names in OWN_KINDS.items():
        if module in sys.modules:
            kinds += [getattr(sys.modules[module], name) for name in names]
    return tuple(kinds)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the parsers' warnings and log lines from the user; settings are put back afterwards."""
    import gdcm
    from pydicom import config

    loggers = [logging.getLogger(name) for name in ("pydicom", "nibabel", "pylibjpeg", "openjpeg")]
    levels = [logger.level for logger in loggers]
    mode = config.settings.reading_validation_mode
    gdcm.Trace.WarningOff()
    gdcm.Trace.ErrorOff()
    gdcm.Trace.DebugOff()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        config.settings.reading_validation_mode = config.IGNORE
        try:
            yield
        finally:
            config.settings.reading_validation_mode = mode
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
