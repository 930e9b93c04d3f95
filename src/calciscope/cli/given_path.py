"""A path as given on the command line: an empty one, as an unset variable of a script leaves it, is no path."""

from __future__ import annotations

import argparse
from pathlib import Path


def given_path(text: str) -> Path:
    """The path; never "the folder one happens to be in" for an empty text."""
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a path, got an empty one")
    return Path(text)
