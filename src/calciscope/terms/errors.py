"""The one error tree, with the answers a user can get: refused, not allowed, wrong usage, our own fault."""

from __future__ import annotations


class CalciscopeError(Exception):
    """Base of every error that crosses a room's border; its text is one sentence fit for a user."""

    exit_code = 5


class WrongUsage(CalciscopeError):
    """The command was called wrongly: an unknown option, a path that is not there."""

    exit_code = 2


class Refused(CalciscopeError):
    """The input cannot be used; the sentence says what is wrong, where, and what would help."""

    exit_code = 3


class NotAllowed(CalciscopeError):
    """The caller may not do this."""

    exit_code = 4


class Broken(CalciscopeError):
    """Our own fault; carries a reference the user can report."""

    exit_code = 5
