"""The tables, one a file, found by walking the folder."""

from __future__ import annotations

import importlib
import pkgutil

from calciscope.share.sdtm.table import Table


def tables() -> tuple[Table, ...]:
    """TU, TR, RS and RELREC, by file name."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").TABLE for name in names)
