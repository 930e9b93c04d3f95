"""Random answers for any instrument, drawn from its own definition."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from calciscope.instruments.definition import Instrument, Item, ItemType

SCALES = st.sampled_from([80, 150])  # what mmt8_max may be


def one_answer(path: str, item: Item) -> st.SearchStrategy:
    """Any allowed answer, never null."""
    if path.endswith("mmt8_max"):
        return SCALES
    if item.type is ItemType.YES_NO:
        return st.booleans()
    if item.type is ItemType.CHOICE:
        return st.sampled_from(item.choices)
    if item.type is ItemType.WHOLE:
        return st.integers(int(item.low), int(item.high))
    if item.type is ItemType.LIST:
        return st.lists(st.fixed_dictionaries({one.key: one_answer(one.key, one) for one in item.items}), max_size=4)
    numbers = st.decimals(str(float(item.low)), str(float(item.high)), places=3, allow_nan=False)
    if item.type is ItemType.INTERVAL:
        return st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)
    limit = Decimal(80) if path.endswith("mmt8") else None  # so that both scales stay possible
    return numbers if limit is None else numbers.map(lambda drawn: min(drawn, limit))


@st.composite
def partial_answers(draw: st.DrawFn, instrument: Instrument) -> dict[str, object]:
    """Dotted path -> answer, some left out."""
    answers = {}
    share = draw(st.integers(0, 10))  # of ten answers, about so many are given
    for path, item in instrument.leaves().items():
        if draw(st.integers(1, 10)) <= share:
            answers[path] = draw(one_answer(path, item))
    return answers


@st.composite
def completed(
    draw: st.DrawFn, instrument: Instrument, answers: dict[str, object], missing: list[str]
) -> dict[str, object]:
    """The answers with everything that was missing filled in somehow."""
    filled = dict(answers)
    for path, item in instrument.leaves().items():
        if path not in filled and any(path == one or path.startswith(f"{one}.") for one in missing):
            filled[path] = draw(one_answer(path, item))
    return filled


def nested(answers: dict[str, object]) -> dict[str, object]:
    """Dotted paths as the nested object a user gives."""
    given: dict[str, object] = {}
    for path, answer in answers.items():
        *above, last = path.split(".")
        place = given
        for step in above:
            place = place.setdefault(step, {})
        place[last] = answer
    return given
