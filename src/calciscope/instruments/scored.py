"""What an instrument's own score.py hands back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Outputs by name, and what each item contributed. Numbers may be fractions.

    ``missing`` replaces the plain list of items not assessed, for an instrument with alternatives; ``unused`` names
    published values that took no part in this answer, so that they do not weaken its verification.
    """

    outputs: dict[str, object]
    parts: dict[str, object]
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None
    unused: frozenset[str] = field(default_factory=frozenset)
