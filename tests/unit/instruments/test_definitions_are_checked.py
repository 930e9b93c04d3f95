"""A definition that does not hold together is refused with the file, the place and the reason."""

from __future__ import annotations

import pytest

from calciscope.instruments.load import load_definition
from calciscope.instruments.toml_table import DefinitionRefused
from calciscope.terms.scores import Verification, weakest

WHOLE = """
id = "sum"
title = "A sum"
measures = "Something"
population = "Everyone"
items = [{ key = "first", title = "first", type = "whole", low = 0, high = 4, verification = "memory" }]

[rights]
status = "open"
note = "ours"

[sources.us]
cite = "our own"
read = "all of it"

[values.top]
meaning = "the most"
source = "us"
verification = "seen"
data = 4

[[outputs]]
name = "total"
title = "sum"
kind = "sum"
of = ["first"]
uses = ["top"]

[[bands]]
output = "total"
at_least = 3
says = "much"
source = "us"
verification = "seen"
"""


def load(text: str):
    return load_definition(text, place="sum/definition.toml", instrument_id="sum")


def test_a_whole_definition_is_taken_and_an_output_is_as_weak_as_what_it_rests_on() -> None:
    assert load(WHOLE).outputs[0].verification is Verification.MEMORY


@pytest.mark.parametrize(
    ("change", "into", "words"),
    [
        ('id = "sum"', 'id = "sums"', "calls itself 'sums', its folder 'sum'"),
        ('title = "A sum"', "", "needs a text for title"),
        ('title = "A sum"', 'title = "A sum"\ntitel = "x"', "a key that means nothing: titel"),
        ('status = "open"', 'status = "free"', "must be one of open, arithmetic only, unresolved"),
        ("high = 4", "high = 0", "needs low and high of first"),
        ("high = 4", 'high = 4, record = ["visit 3"]', "does not name a place of the record by 'visit 3'"),
        ("high = 4", 'high = 4, record = ["age of onset"]', "does not name a place of the record"),
        ("high = 4", 'high = 4, record = ["fact activity"]', "needs a full stop between fact and its field"),
        ("high = 4", 'high = 4, record = ["result a.b"]', "needs a full stop between result and its field, and nowhere else"),
        ("high = 4", 'high = 4, rows_in_record = ["x"]', "names as many rows of first in the record as it has"),
        ('type = "whole"', 'type = "yes_no"', "gives limits to first"),
        ('type = "whole"', 'type = "integer"', "must be one of yes_no"),
        ('verification = "memory"', 'verification = "sure"', "must be one of seen"),
        ('of = ["first"]', 'of = ["second"]', "knows no item second"),
        ('of = ["first"]', "of = []", "does not say of which items"),
        ('uses = ["top"]', 'uses = ["bottom"]', "knows no value bottom"),
        ('source = "us"\nverification = "seen"\ndata', 'source = "them"\nverification = "seen"\ndata', "cites 'them'"),
        ('output = "total"', 'output = "sum"', "a band on an output that it does not have"),
        ("at_least = 3\n", "", "a band without a limit"),
        ('kind = "sum"', 'kind = "scored"', "must have a score.py"),
        ('measures = "Something"', "measures = 3", "needs a text for measures"),
        ("low = 0", "low = nan", "needs a number for low"),
        ('title = "A sum"', 'title = "A sum"\nslot = "not yet"', "is a slot, and yet"),
        ("[rights]", "[rights", "not valid TOML"),
        ("data = 4", "data = 2026-01-01", "needs a number for data"),
    ],
)
def test_what_does_not_hold_together_is_refused(change: str, into: str, words: str) -> None:
    assert change in WHOLE
    with pytest.raises(DefinitionRefused) as refusal:
        load(WHOLE.replace(change, into))
    assert words in str(refusal.value)
    assert "sum/definition.toml" in str(refusal.value)


def test_a_name_given_twice_is_refused() -> None:
    item = '{ key = "first", title = "first", type = "yes_no", verification = "seen" }'
    with pytest.raises(DefinitionRefused, match="names first twice"):
        load(WHOLE.replace("items = [", f"items = [{item}, "))


def test_memory_is_weaker_than_a_judgement_and_never_hidden_by_it() -> None:
    assert weakest([Verification.SEEN, Verification.MEMORY, Verification.JUDGEMENT]) is Verification.MEMORY
    assert weakest([Verification.SEEN, Verification.SECONDARY]) is Verification.SECONDARY
    assert weakest([]) is Verification.SEEN
