"""Typed values out of a raw header; a value that is not what its tag promises is Unreadable, a missing one is None."""

from __future__ import annotations

import math
import struct
from datetime import date, datetime

from calciscope.read.elements import RawHeader
from calciscope.read.foreign import Unreadable
from calciscope.read.tags import BINARY_FD, BINARY_UL, BINARY_US

FORMATS = {tag: "H" for tag in BINARY_US} | {tag: "L" for tag in BINARY_UL} | {tag: "d" for tag in BINARY_FD}


def text(header: RawHeader, tag: int) -> str | None:
    """The element as text without padding; None when absent or empty."""
    value = header.values.get(tag)
    if value is None:
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace") if not value.isascii() else value.decode("ascii")
    elif isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue":
        value = "\\".join(str(part) for part in value)
    return str(value).strip(" \0\t\r\n") or None


def texts(header: RawHeader, tag: int) -> tuple[str, ...]:
    """The element's backslash-separated parts."""
    whole = text(header, tag)
    return tuple(part.strip() for part in whole.split("\\")) if whole else ()


def numbers(header: RawHeader, tag: int, count: int | None = None) -> tuple[float, ...] | None:
    """The element's finite numbers; None when absent, Unreadable when not numbers or not ``count`` of them."""
    value = header.values.get(tag)
    if value is None or value == b"":
        return None
    found = _binary(header, tag, value) if isinstance(value, bytes) and tag in FORMATS else _decimal(header, tag)
    if found is None:
        return None
    if not all(math.isfinite(number) for number in found) or (count is not None and len(found) != count):
        raise Unreadable("its header holds a value that is not a number")
    return found


def _binary(header: RawHeader, tag: int, value: bytes) -> tuple[float, ...]:
    kind = ("<" if header.little else ">") + FORMATS[tag]
    if len(value) % struct.calcsize(kind):
        raise Unreadable("its header holds a value of the wrong length")
    return tuple(float(number) for (number,) in struct.iter_unpack(kind, value))


def _decimal(header: RawHeader, tag: int) -> tuple[float, ...] | None:
    parts = texts(header, tag)
    try:
        return tuple(float(part) for part in parts) or None
    except ValueError as error:
        raise Unreadable("its header holds a value that is not a number") from error


def number(header: RawHeader, tag: int) -> float | None:
    """The element's first number."""
    found = numbers(header, tag)
    return found[0] if found else None


def optional_number(header: RawHeader, tag: int) -> float | None:
    """The element's first number; None also when it is unreadable, for what no measurement hangs on."""
    try:
        return number(header, tag)
    except Unreadable:
        return None


def integer(header: RawHeader, tag: int, default: int | None = None) -> int:
    """The element's first number as an integer; the default, or Unreadable, when absent."""
    found = number(header, tag)
    if found is None:
        if default is None:
            raise Unreadable("its header lacks a value every image has")
        return default
    return int(found)


def day(header: RawHeader, *tags: int) -> date | None:
    """The first of the elements that holds a date."""
    for tag in tags:
        value = (text(header, tag) or "").replace(".", "").replace("-", "")[:8]
        try:
            return datetime.strptime(value, "%Y%m%d").date()
        except ValueError:
            continue
    return None
