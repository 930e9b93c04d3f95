"""Dates as lists hold them: in words, ISO, with dots or slashes, or Excel's serial number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from calciscope.record.fields import first_day
from calciscope.record.patient_list.sheet import Sheet
from calciscope.record.written_days import named_day

EXCEL_EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2100)  # other numbers of four figures are Excel's serial numbers
EXCEL_SERIALS = range(367, 80_000)  # 1901 to 2119: smaller numbers are years or codes


class DateOrder(StrEnum):
    """How dates with dots or slashes are meant."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


def date_order(sheet: Sheet, columns: list[str]) -> tuple[DateOrder, bool]:
    """How the dates of these columns are meant, and whether any of them tells."""
    firsts, seconds = [0], [0]
    for column in columns:
        place = sheet.columns.index(column)
        for row in sheet.rows:
            found = re.match(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}", row[place])
            if found:
                firsts.append(int(found[1]))
                seconds.append(int(found[2]))
    if max(seconds) > 12 >= max(firsts):
        return DateOrder.MONTH_FIRST, True
    return DateOrder.DAY_FIRST, len(firsts) == 1 or max(firsts) > 12


def spelled_day(text: str, order: DateOrder) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD from what lists hold; None where there is no such day."""
    named = named_day(text)
    if named is not None and not (len(named) == 4 and int(named) not in YEARS):
        return named if first_day(named) else None
    if re.fullmatch(r"\d{3,5}(\.0+)?", text):
        serial = int(text.partition(".")[0])
        return (EXCEL_EPOCH + timedelta(days=serial)).isoformat() if serial in EXCEL_SERIALS else None
    numbers = [int(part) for part in re.findall(r"\d+", text.partition(" ")[0].partition("T")[0])]
    if len(numbers) != 3 or not re.match(r"[\d./-]+([ T].*)?$", text):
        return None
    year, month, day = _in_order(numbers, text, order)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _in_order(numbers: list[int], text: str, order: DateOrder) -> tuple[int, int, int]:
    """(year, month, day); years of two digits are refused by being year 0 to 99, which nobody was born in."""
    first, second, third = numbers
    if re.match(r"\d{4}", text):
        return first, second, third
    year = third if third > 99 else 0
    return (year, second, first) if order is DateOrder.DAY_FIRST else (year, first, second)
