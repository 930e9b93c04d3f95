"""What a password may not be: made of common ones and of words of this place, or in a list of leaked ones.

Any characters are allowed and none is demanded; what counts is that nobody guesses it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

WORDS_OF_THIS_PLACE = (
    "calciscope", "calcinosis", "calcium", "dermatomyositis", "myositis", "rheumatology", "rheumatologist", "dermatology",
    "dermatologist", "radiologist", "paediatrician", "physiotherapist", "surgeon", "nurse", "officer", "administrator",
    "researcher", "doctor", "hospital", "clinic", "patient", "welcome",
)  # fmt: skip
MOST_PARTS = 2  # "password" + "1234", "calciscope" + "2026": what guessing programs try first
SHORTEST_PART = 4
FILLING = re.compile(r"[\W\d_]+")  # digits and signs; letters of every script stay
HASH_CHARACTERS = 40  # of SHA-1, as the published list of leaked passwords has it


@cache
def common() -> frozenset[str]:
    """Django's list of 20,000 common passwords, and words of this place."""
    listed = CommonPasswordValidator().passwords
    return frozenset(word.strip() for word in listed if len(word.strip()) >= SHORTEST_PART) | set(WORDS_OF_THIS_PLACE)


class NotMadeOfCommonParts:
    """Refuses up to two common passwords or words of this place one after the other, however they are filled with digits and signs.

    So each of the 20,000 stands for all that is made of it: doubled, with a year, with an exclamation mark.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for such a password."""
        plain = password.lower()
        bare = FILLING.sub("", plain)
        if any(splits(text, common(), MOST_PARTS) for text in (plain, bare)):
            raise ValidationError("This is made of common passwords or of words of this place; take other words.")

    def get_help_text(self) -> str:
        """For the page of a new password."""
        return "Not made of common passwords or of words such as clinic, nurse or Calciscope."


def splits(text: str, words: Set[str], most: int) -> bool:
    """Whether a text is nothing but at most ``most`` of the words, one after the other."""
    if text in words:
        return True
    cuts = range(SHORTEST_PART, len(text) - SHORTEST_PART + 1)
    return most > 1 and any(text[:cut] in words and splits(text[cut:], words, most - 1) for cut in cuts)


class NotLeaked:
    """Refuses what stands in a list of leaked passwords: a text file of SHA-1 hashes in order, as it is published (HASH:COUNT)."""

    def __init__(self, file: str = "") -> None:
        """``file`` empty: no list is at hand, nothing is refused."""
        self._file = Path(file) if file else None

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a leaked password."""
        if self._file is not None and stands_in(self._file, hashlib.sha1(password.encode()).hexdigest().upper()):
            raise ValidationError("This password has leaked elsewhere and is tried by thieves; take another.")

    def get_help_text(self) -> str:
        """For the page of a new password."""
        return "Not one that has leaked elsewhere." if self._file else ""


def stands_in(file: Path, wanted: str) -> bool:
    """Whether a line of a file in order begins with ``wanted``: halved until found, so that 40 GB are as fast as 40 kB."""
    with file.open("rb") as lines:
        low, high = 0, file.stat().st_size
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline()
            line = lines.readline()[:HASH_CHARACTERS].decode("ascii", "replace").upper()
            if line == wanted:
                return True
            if line and line < wanted:
                low = middle + 1
            else:
                high = middle
    return False
