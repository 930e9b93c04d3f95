"""Whatever is tried in whatever order: versions of a fact are 1, 2, 3..., and each keeps what it said."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calciscope.record.actions.entries import Saying, record_entries, take_back_entry
from calciscope.record.actions.patients import register_patient
from calciscope.record.canonical import canonical, digest
from calciscope.record.queries.history import versions_of
from calciscope.record.refusals import Conflict
from calciscope.record.verify import verify_record
from tests.unit.record.conftest import person

STEPS = st.lists(st.tuples(st.sampled_from(["change", "take back"]), st.integers(0, 6)), max_size=8)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_versions_are_in_a_row_and_keep_their_words(doctor, steps) -> None:
    global _number
    _number += 1
    patient = register_patient(by=doctor, person=person(f"G-{_number}"))
    words = ["first"]
    (uid,) = record_entries(by=doctor, patient=patient, sayings=[Saying(noun="note", data=note("first"))])
    for index, (what, based_on) in enumerate(steps):
        try:
            if what == "change":
                saying = Saying(noun="note", data=note(str(index)), uid=uid, based_on=based_on)
                record_entries(by=doctor, patient=patient, sayings=[saying])
                words.append(str(index))
            else:
                take_back_entry(by=doctor, patient=patient, uid=uid, based_on=based_on, reason="Nobody knows why")
                words.append(words[-1])
            assert based_on == len(words) - 1
        except Conflict as conflict:
            assert based_on != len(words)
            assert conflict.theirs.version == len(words)
            assert conflict.theirs.data["text"] == words[-1]
    versions = versions_of(by=doctor, patient=patient, uid=uid)
    assert [fact.version for fact in versions] == list(range(1, len(words) + 1))
    assert [fact.data["text"] for fact in versions] == words


_number = 0


def note(text: str) -> dict[str, str]:
    return {"text": text}


def test_the_record_is_whole_afterwards(doctor, patient) -> None:
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="note", data=note("a"))])
    assert verify_record().whole


@given(value=JSON)
def test_one_spelling_after_a_round_through_json(value) -> None:
    import json

    assert canonical(json.loads(json.dumps(value))) == canonical(value)
    assert len(digest(value)) == 64
