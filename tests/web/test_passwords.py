"""Which passwords are refused, which are taken, and how they are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from calciscope.record.models.user import User
from calciscope.web.accounts.passwords import NotLeaked, common, stands_in
from calciscope.web.settings import foundation

COUNT = 3000  # OWASP ASVS 5.0, 6.2.4: as many common passwords as the policy lets pass by its length


def refused(password: str) -> bool:
    try:
        validate_password(password, User(email="ada.nurse@example.org", name="Ada Example"))
    except ValidationError:
        return True
    return False


def test_short_ones_are_refused_and_long_ones_taken() -> None:
    assert refused("kT9#vq!zL2x")
    assert not refused("kT9#vq!zL2xw")
    assert not refused("so many unusual words, " * 8)


@pytest.mark.parametrize(
    "password",
    [
        "ruhig fließt der Neckar",
        "тихо течет река Нева",
        "834020157746",
        "!?&%§/()=+*#~",
        "vexing otter parade",
        "VEXINGOTTERPARADE",
    ],
)
def test_any_characters_are_allowed_and_none_is_demanded(password: str) -> None:
    assert not refused(password)


def test_three_thousand_common_ones_of_sufficient_length_are_refused() -> None:
    made = sorted(word + word for word in common() if 6 <= len(word) <= 8)[:COUNT]
    made += sorted(word + "2026!" for word in common() if 7 <= len(word) <= 9 and word.isalpha())[:COUNT]
    long = [word for word in sorted(common()) if len(word) >= foundation.PASSWORD_LEAST_LENGTH]
    assert len(made) == 2 * COUNT and len(long) > 100
    assert [word for word in made + long if not refused(word)] == []


@pytest.mark.parametrize(
    "password", ["Calciscope2026!", "nurse-clinic-77", "Dermatomyositis", "Rheumatology 1", "ada.nurse@example"]
)
def test_words_of_this_place_and_of_the_person_are_refused(password: str) -> None:
    assert refused(password)


@pytest.fixture
def leaked(tmp_path: Path) -> tuple[Path, list[str]]:
    """A list of leaked passwords as it is published: hashes in order, with counts, lines ended as on Windows."""
    hashes = sorted(hashlib.sha1(f"leaked password {number}".encode()).hexdigest().upper() for number in range(500))
    path = tmp_path / "leaked.txt"
    path.write_bytes(b"".join(f"{one}:{place}\r\n".encode() for place, one in enumerate(hashes)))
    return path, hashes


def test_leaked_ones_are_refused_and_no_others(leaked) -> None:
    path, hashes = leaked
    assert all(stands_in(path, one) for one in hashes)
    assert not any(
        stands_in(path, hashlib.sha1(f"other {number}".encode()).hexdigest().upper()) for number in range(500)
    )
    assert not any(stands_in(path, edge) for edge in ("0" * 40, "F" * 40))
    with pytest.raises(ValidationError, match="leaked"):
        NotLeaked(str(path)).validate("leaked password 7")
    NotLeaked(str(path)).validate("a password that nobody has leaked")
    NotLeaked().validate("leaked password 7")


def test_the_rules_are_those_of_the_settings() -> None:
    names = [rule["NAME"].rsplit(".", 1)[1] for rule in foundation.AUTH_PASSWORD_VALIDATORS]
    assert {"MinimumLengthValidator", "CommonPasswordValidator", "NotMadeOfCommonParts", "NotLeaked"} <= set(names)
    assert foundation.PASSWORD_LEAST_LENGTH >= 8


def test_they_are_kept_as_argon2_exactly_as_typed(settings) -> None:
    settings.PASSWORD_HASHERS = foundation.PASSWORD_HASHERS
    kept = make_password("  Kept as typed, 64 characters and more, without being cut anywhere  ")
    assert isinstance(identify_hasher(kept), Argon2PasswordHasher)
    user = User(password=kept)
    assert user.check_password("  Kept as typed, 64 characters and more, without being cut anywhere  ")
    for other in ("Kept as typed, 64 characters and more, without being cut anywhere", kept.lower()):
        assert not user.check_password(other)
