"""Calls that make code, commands, statements, templates or objects from text are not in the source; scripts and pages neither."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.rooms.source import PACKAGE, Module, modules

pytestmark = pytest.mark.room

SERVED = {"record", "web", "flows"}
WITH_CARE = {"src/calciscope/cli/commands/serve.py"}  # listens, and asks whether the port is free
CODE = {"eval", "exec", "compile", "__import__"}
PROGRAMS = {"subprocess", "pty", "commands"}
NETWORK = {"requests", "httpx", "aiohttp", "urllib.request", "http.client", "ftplib", "smtplib", "telnetlib"}
OBJECTS = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "yaml", "jsonpickle"}
TEMPLATES = {"Template", "from_string"}
WEAK = {"md5", "new"}
SQL = {"execute", "executemany", "executescript", "raw", "extra"}
PAGES = sorted(PACKAGE.rglob("*.html"))
SCRIPTS = sorted(
    path for path in PACKAGE.rglob("*.js") if ".min." not in path.name and "niivue" not in path.name.lower()
)


def served() -> list[Module]:
    return [module for module in modules() if module.room in SERVED and module.place not in WITH_CARE]


def calls(listed: list[Module]) -> Iterator[tuple[str, ast.Call, str]]:
    """(place, call, name of what is called)."""
    for module in listed:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield f"{module.place}:{node.lineno}", node, name


def imports(listed: list[Module], wanted: set[str]) -> list[str]:
    return [
        f"{module.place}:{line} {name}"
        for module in listed
        for line, name in module.imported()
        if any(name == one or name.startswith(f"{one}.") for one in wanted)
    ]


def plain(node: ast.Call, name: str) -> bool:
    """Whether ``name(...)`` is called by itself, not as a method."""
    return isinstance(node.func, ast.Name) and node.func.id == name


def test_no_code_is_made_from_text() -> None:
    assert [where for where, node, name in calls(list(modules())) if name in CODE and plain(node, name)] == []


def test_record_and_web_start_no_program() -> None:
    assert imports(served(), PROGRAMS) == []
    starts = re.compile(r"^(system|popen|spawn\w*|exec[vl]\w*|startfile)$")
    found = [
        where
        for where, node, name in calls(served())
        if starts.match(name) and ast.unparse(node.func).startswith("os.")
    ]
    assert found == []


def test_record_and_web_ask_no_other_computer() -> None:
    """But by what the environment names: the mail server and the hospital's log-in, which their libraries reach."""
    assert imports(served(), NETWORK) == []
    opened = [where for where, node, name in calls(served()) if ast.unparse(node.func).startswith("socket.")]
    named = [where for where, _, name in calls(served()) if name == "gethostname"]  # the computer's own name is no call
    assert sorted(opened) == sorted(named)


def test_no_object_is_rebuilt_from_bytes() -> None:
    assert imports(list(modules()), OBJECTS) == []
    loads = [
        where
        for where, node, name in calls(list(modules()))
        if name == "load" and "allow_pickle=True" in ast.unparse(node)
    ]
    assert loads == []


def test_no_template_is_made_from_text() -> None:
    assert [where for where, _, name in calls(served()) if name in TEMPLATES] == []


def test_patterns_are_written_out() -> None:
    """A regular expression is a literal, or made of our own constants, or the pattern that a field of ours declares."""
    found = [
        where
        for where, node, name in calls(served())
        if isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.args
        and not _of_constants(node.args[0])
    ]
    assert found == []


def _of_constants(node: ast.expr) -> bool:
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name) and not one.id.isupper()]
    return all(one.id in {"re", "str", "map", "pattern", "self"} for one in names)


def test_format_strings_are_written_out() -> None:
    found = [
        where
        for where, node, name in calls(served())
        if name == "format" and isinstance(node.func, ast.Attribute) and not _written(node.func.value)
    ]
    assert found == []


def _written(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        or (isinstance(node, ast.Name) and node.id.isupper())
        or isinstance(node, ast.Call)
    )


def test_statements_are_built_from_names_of_our_own_alone() -> None:
    """Statements are literals with parameters, or stand in the few modules that make them from the models' own names."""
    own_names = {"src/calciscope/record/append_only.py", "src/calciscope/record/backup/restore.py"}
    found = [
        where
        for where, node, name in calls(served())
        if name in SQL
        and node.args
        and not isinstance(node.args[0], ast.Constant)
        and where.rsplit(":", 1)[0] not in own_names
        and "cursor" in ast.unparse(node.func)
    ]
    assert found == []


def test_json_is_made_by_its_library() -> None:
    found = [
        where
        for where, node, name in calls(served())
        if name == "HttpResponse" and "application/json" in ast.unparse(node)
    ]
    assert [where for where in found if "fhir" not in where] == []


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    """`random` serves invented patients and statistics alone; keys come from `secrets` and `uuid4`."""
    found = [where for where in imports(served(), {"random"}) if "/demonstration/" not in where]
    assert found == []


def test_no_broken_hash_or_cipher_is_used() -> None:
    """SHA-1 compares with the published list of leaked passwords, and protects nothing."""
    leaked = "src/calciscope/web/accounts/passwords.py"
    weak = re.compile(r"\b(md5|sha1|DES|RC4|ARC4|Blowfish|ECB)\b")
    found = [module.place for module in served() if weak.search(module.text) and module.place != leaked]
    assert found == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_text_and_keep_nothing(script) -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|indexedDB"
        r"|postMessage|onmessage|document\.cookie|__proto__|https?://(?!www\.w3\.org)"
    )
    assert forbidden.findall(script.read_text(encoding="utf-8")) == []


def test_pages_use_no_plug_in() -> None:
    forbidden = re.compile(
        r"<(object|embed|applet|iframe|frame|base)\b|\son\w+=|javascript:|\sstyle=|src=\"https?:|href=\"https?:"
    )
    assert {
        path.name: forbidden.findall(path.read_text(encoding="utf-8"))
        for path in PAGES
        if forbidden.search(path.read_text(encoding="utf-8"))
    } == {}


def test_a_planted_call_would_be_seen() -> None:
    tree = ast.parse("import re\nre.compile(typed)\neval(typed)\ntyped.format(1)")
    planted = Module(path=PACKAGE / "web" / "planted.py", text="", tree=tree)
    assert [name for _, node, name in calls([planted]) if name in CODE and plain(node, name)] == ["eval"]
    assert not _of_constants(next(node for _, node, name in calls([planted]) if name == "compile").args[0])
