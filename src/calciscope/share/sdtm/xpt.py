"""SAS transport files, version 5, as regulators take them. The layout is that of SAS technical note TS-140 (memory; read back by
pyreadstat and pandas when this was written, and by a reader of its own in the tests).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from datetime import datetime

from calciscope.share.sdtm.table import Kind, Row, Table, Value, Variable, cells
from calciscope.terms.errors import Broken

RECORD = 80
NUMBER_BYTES = 8
MOST_CHARACTERS = 200  # of one value, in version 5
MISSING = b"." + bytes(7)
EXCESS, DIGITS_BITS = 64, 56  # of the number format of System/370: base 16, exponent with excess 64
NO_COUNT = "0" * 30


def transport_file(table: Table, rows: Sequence[Row], *, made_at: datetime) -> bytes:
    """A file with one dataset. Text is ASCII; a letter outside it becomes a question mark."""
    widths = [_width(one, rows) for one in table.variables]
    at = made_at.strftime("%d%b%y:%H:%M:%S").upper()
    head = [
        _header("LIBRARY", NO_COUNT),
        _text("SAS", 8) + _text("SAS", 8) + _text("SASLIB", 8) + _text("9.4", 8) + _text("", 32) + _text(at, 16),
        _text(at, RECORD),
        _header("MEMBER", "000000000000000001600000000140"),
        _header("DSCRPTR", NO_COUNT),
        _text("SAS", 8) + _text(table.name, 8) + _text("SASDATA", 8) + _text("9.4", 8) + _text("", 32) + _text(at, 16),
        _text(at, 16) + _text("", 16) + _text(table.label, 40) + _text("", 8),
        _header("NAMESTR", f"000000{len(widths):04d}" + "0" * 20),
    ]
    names = b"".join(_names(table.variables, widths))
    body = b"".join(_row(cells(table, row), table.variables, widths) for row in rows)
    return b"".join(head) + _filled(names) + _header("OBS", NO_COUNT) + _filled(body)


def _names(variables: Iterable[Variable], widths: Sequence[int]) -> Iterable[bytes]:
    place = 0
    for number, (one, width) in enumerate(zip(variables, widths, strict=True), 1):
        kind = 2 if one.kind is Kind.CHARACTER else 1
        yield (
            struct.pack(">hhhh", kind, 0, width, number)
            + _text(one.name, 8)
            + _text(one.label, 40)
            + struct.pack(">8shhh2s8shhi", b" " * 8, 0, 0, 0, b"\0\0", b" " * 8, 0, 0, place)
            + bytes(52)
        )
        place += width


def _row(values: Sequence[Value], variables: Sequence[Variable], widths: Sequence[int]) -> bytes:
    return b"".join(
        _text("" if value is None else str(value), width) if one.kind is Kind.CHARACTER else _number(value)
        for value, one, width in zip(values, variables, widths, strict=True)
    )


def _number(value: Value) -> bytes:
    """Eight bytes of System/370; a missing one is a point."""
    if value is None:
        return MISSING
    number = float(value)
    if number == 0.0:
        return bytes(NUMBER_BYTES)
    fraction, exponent = math.frexp(abs(number))
    sixteens = math.ceil(exponent / 4)
    digits = int(math.ldexp(fraction, exponent - 4 * sixteens + DIGITS_BITS))
    if not 0 <= sixteens + EXCESS < 128:
        raise Broken("A number is too large or too small for a transport file.")
    sign = 128 if number < 0 else 0
    return bytes([sign | (sixteens + EXCESS)]) + digits.to_bytes(7, "big")


def _width(variable: Variable, rows: Iterable[Row]) -> int:
    if variable.kind is Kind.NUMBER:
        return NUMBER_BYTES
    lengths = (len(str(value)) for row in rows if (value := row.get(variable.name)) is not None)
    return min(MOST_CHARACTERS, max([1, *lengths]))


def _header(kind: str, count: str) -> bytes:
    return _text(f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{count}", RECORD)


def _text(words: str, width: int) -> bytes:
    return words.encode("ascii", "replace")[:width].ljust(width)


def _filled(content: bytes) -> bytes:
    return content + b" " * (-len(content) % RECORD)
