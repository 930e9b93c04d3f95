"""Which software made an output: ours and the parts that shape its numbers and files."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PARTS_THAT_MATTER = (
    "connected-components-3d",
    "edt",
    "fastremap",
    "isal",
    "numba",
    "numpy",
    "pillow",
    "pydicom",
    "pylibjpeg",
    "python-gdcm",
    "scipy",
    "SimpleITK",
    "typst",
)


def software() -> dict[str, object]:
    """Name and version of Calciscope, of Python, and of the packages that shape the result."""
    parts = {name: found for name in PARTS_THAT_MATTER if (found := _version(name)) is not None}
    ours = {"name": "calciscope", "version": _version("calciscope"), "python": platform.python_version()}
    return {**ours, "parts": parts}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
