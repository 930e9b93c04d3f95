"""Allergies as recorded, however they are spelled: those that rules ask for, and drugs or classes of drugs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from calciscope.knowledge.model import Vocabulary


def known_allergies(
    written: Iterable[str], vocabulary: Vocabulary, classes: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], tuple[str, ...]]:
    """(ids of allergies, drugs and classes; what none of them is, as it was written)."""
    names = {_key(name): name for name in classes}
    names |= {_key(one.title): one.id for one in vocabulary.comedications.values()}
    names |= {_key(title): one for one, title in vocabulary.allergies.items()}
    names |= {_key(one): one for one in vocabulary.allergies}
    found = {one: names.get(_key(one)) for one in sorted(set(written))}
    return frozenset(one for one in found.values() if one), tuple(text for text, one in found.items() if not one)


def _key(text: str) -> str:
    """Without case, spaces, signs and the plural's s."""
    return "".join(sign for sign in text.lower() if sign.isalnum()).removesuffix("s")
