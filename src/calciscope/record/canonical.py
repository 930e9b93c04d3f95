"""One spelling for a value, whatever database it has passed through: what hashes are taken over."""

from __future__ import annotations

import hashlib
import json
from typing import Any

EXACT_INTEGERS = 2**53  # beyond it, a number that passed through a float is not the integer it was


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, and whole numbers spelled as integers."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 over the canonical spelling, as hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        whole = float(value).is_integer() and abs(value) < EXACT_INTEGERS
        return int(value) if whole else float(value)
    return str(value)
