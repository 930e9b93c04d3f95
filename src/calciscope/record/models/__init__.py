"""Tables of the record, one file a noun. Django wants all of them loaded with this module, so the folder is walked."""

from __future__ import annotations

import importlib
import pkgutil

for _found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_found.name}")
