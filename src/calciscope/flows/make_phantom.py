"""Make a phantom and write it as one whole folder: a CT series and the truth about it."""

from __future__ import annotations

import json
from pathlib import Path

from calciscope.phantom import PhantomSpec, make_phantom, write
from calciscope.share.whole_folder import whole_folder
from calciscope.terms.progress import Progress, silent


def make_phantom_folder(spec: PhantomSpec, out: Path, *, overwrite: bool, progress: Progress = silent) -> str:
    """Write the phantom of ``spec`` into ``out``; returns the text of truth.json."""
    with whole_folder(out, overwrite=overwrite, is_ours=is_phantom) as folder:
        phantom = make_phantom(spec, progress)
        write(phantom, folder)
        return (folder / "truth.json").read_text(encoding="utf-8")


def is_phantom(folder: Path) -> bool:
    """Whether ``folder`` is an earlier output of `phantom`."""
    try:
        truth = json.loads((folder / "truth.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(truth, dict) and "schema_version" in truth and "deposits" in truth
