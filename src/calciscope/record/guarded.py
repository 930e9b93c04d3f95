"""What every action and query passes through: may the role, does the membership still run, one transaction, one line.

An action changes state; a query reads. Both are keyword-only and take ``by=``. Whoever is turned away leaves a line
as well, written after the transaction was rolled back. A query holds no transaction while it reads, since SQLite would
let one reader at a time pass; its line is written before it gives anything back.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.permissions import Permission, require
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import Broken, NotAllowed

P = ParamSpec("P")
R = TypeVar("R")

WRITE, READ = "write", "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """An action or query as it was declared."""

    name: str
    module: str
    kind: str
    permission: Permission


_declared: dict[str, Guarded] = {}


def declared() -> tuple[Guarded, ...]:
    """All that are loaded, sorted by name."""
    return tuple(_declared[name] for name in sorted(_declared))


def action(*, permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a function that changes state."""
    return lambda function: _guard(function, permission, WRITE)


def query(*, permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a function that reads."""
    return lambda function: _guard(function, permission, READ)


def _guard(function: Callable[P, R], permission: Permission, kind: str) -> Callable[P, R]:
    _check_signature(function)
    name = function.__name__
    _declared[name] = Guarded(name=name, module=function.__module__, kind=kind, permission=permission)

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs["by"]
        if args or not isinstance(by, Actor):
            raise Broken(f"{name} takes arguments by name, and by= must be an Actor.")
        with audit.trail() as told:
            told.patient_id = _patient_named(kwargs)
            try:
                with transaction.atomic() if kind == WRITE else nullcontext():
                    require(by.role, permission)
                    if not PatientScope.of(by).runs():
                        raise NotAllowed("Your access has ended.")
                    result = function(*args, **kwargs)
                    audit.append(by=by, kind=kind, name=name, outcome="done", told=told)
            except NotAllowed:
                told.detail = {}
                audit.append(by=by, kind=kind, name=name, outcome="denied", told=told)
                raise
        return result

    return run


def _patient_named(kwargs: dict[str, Any]) -> UUID | None:
    """The patient that was asked for, kept for the line of a denied attempt."""
    named = kwargs.get("patient")
    return named if isinstance(named, UUID) else None


def _check_signature(function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    positional = [name for name, found in parameters.items() if found.kind is not inspect.Parameter.KEYWORD_ONLY]
    if positional or "by" not in parameters:
        raise Broken(f"{function.__name__} must be keyword-only and take by=.")
