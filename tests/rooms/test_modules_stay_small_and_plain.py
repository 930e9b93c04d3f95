"""Small rooms, plain names, a docstring everywhere, one error tree (docs/decisions/0003-rooms-and-contracts.md)."""

from __future__ import annotations

import ast
import statistics

import pytest

from tests.rooms.source import PACKAGE, Module, modules

pytestmark = pytest.mark.room

MODULE_LINES_CAP = 400
MODULE_LINES_MEDIAN = 120
LONG_MODULE_LINES = 300
LONG_MODULES_SHARE = 0.03
FUNCTION_LINES_CAP = 90
LONG_FUNCTION_LINES = 40
LONG_FUNCTIONS_SHARE = 0.06
POSITIONAL_ARGUMENTS_CAP = 8

HALLS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "base"}
HALL_FOLDERS = HALLS | {"core"}  # a module may be about the core of a deposit, a folder called core is about everything
BARE_ERRORS = {
    "ValueError",
    "Exception",
    "BaseException",
    "RuntimeError",
    "TypeError",
    "KeyError",
    "IndexError",
    "AssertionError",
}
BORDER_OF_THE_PROGRAM = "src/calciscope/cli/exit_codes.py"  # the one place where every error becomes an exit code

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: Module) -> list[Function]:
    return [node for node in ast.walk(module.tree) if isinstance(node, Function)]


def written() -> list[Module]:
    """Modules that a person wrote: migrations are made by Django from the models."""
    return [module for module in modules() if module.path.parent.name != "migrations"]


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_module_is_longer_than_the_cap() -> None:
    assert {module.place: module.lines for module in written() if module.lines > MODULE_LINES_CAP} == {}


def test_most_modules_are_short() -> None:
    lengths = [module.lines for module in written()]
    assert statistics.median(lengths) <= MODULE_LINES_MEDIAN
    long = [module.place for module in written() if module.lines > LONG_MODULE_LINES]
    assert len(long) <= max(1, LONG_MODULES_SHARE * len(lengths)), long


def test_functions_are_short() -> None:
    lengths = {f"{m.place}:{f.lineno} {f.name}": length(f) for m in modules() for f in functions(m)}
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES_CAP} == {}
    long = {name: lines for name, lines in lengths.items() if lines > LONG_FUNCTION_LINES}
    assert len(long) <= LONG_FUNCTIONS_SHARE * len(lengths), long


def test_no_public_function_takes_a_row_of_positional_arguments() -> None:
    many = [
        f"{module.place}:{function.lineno} {function.name}"
        for module in modules()
        for function in functions(module)
        if not function.name.startswith("_") and len(function.args.args) > POSITIONAL_ARGUMENTS_CAP
    ]
    assert many == []


def test_no_folder_or_module_is_a_hall_for_everything() -> None:
    folders = {path.name for path in PACKAGE.rglob("*") if path.is_dir()}
    assert (HALL_FOLDERS & folders) | (HALLS & {module.path.stem for module in modules()}) == set()


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {module.path.parent for module in modules()}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place.removeprefix("src/calciscope/"))
def test_module_says_what_it_is_for(module: Module) -> None:
    assert ast.get_docstring(module.tree)


def test_no_bare_error_is_raised() -> None:
    bare = []
    for module in modules():
        for node in ast.walk(module.tree):
            raised = node.exc if isinstance(node, ast.Raise) else None
            name = raised.func if isinstance(raised, ast.Call) else raised
            if isinstance(name, ast.Name) and name.id in BARE_ERRORS:
                bare.append(f"{module.place}:{node.lineno} {name.id}")
    assert bare == []


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Cleans up and raises the same error again."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_no_error_is_swallowed_broadly() -> None:
    broad = []
    for module in modules():
        if module.place == BORDER_OF_THE_PROGRAM:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and not passes_on(node):
                named = (
                    {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
                    if node.type
                    else {"Exception"}
                )
                if named & {"Exception", "BaseException"}:
                    broad.append(f"{module.place}:{node.lineno}")
    assert broad == []
