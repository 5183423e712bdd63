"""How passwords are kept: by bcrypt; what Airflow kept before still lets in and is then kept anew."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask_bcrypt import bcrypt

from plugins.log_in.passwords import BcryptSecurityManager
from tests.ops.log_in.hashes import BAD, CONFIG, GOOD, KINDS, hashed

LONG = "a long way in. " * 10


@pytest.fixture
def manager() -> Iterator[BcryptSecurityManager]:
    """The security manager without a database."""
    app = Flask("a test")
    app.config |= CONFIG
    with app.app_context():
        yield BcryptSecurityManager.__new__(BcryptSecurityManager)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_right_password_matches_and_no_other(kind: str, manager: BcryptSecurityManager) -> None:
    kept = hashed(GOOD, kind)
    assert manager.matches(kept, GOOD)
    assert not manager.matches(kept, BAD)
    assert not manager.matches(kept, "")


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param("", id="nothing"),
        pytest.param(GOOD, id="the password itself"),
        pytest.param("$2b$12$short", id="bcrypt cut off"),
        pytest.param("$2b$99$" + "." * 53, id="bcrypt of an impossible cost"),
        pytest.param("md4$salt$0123", id="a method that nobody knows"),
        pytest.param("scrypt:0:0:0$salt$0123", id="impossible parameters"),
        pytest.param("$$$", id="separators alone"),
    ],
)
def test_what_is_no_hash_lets_nobody_in(kept: str, manager: BcryptSecurityManager) -> None:
    assert not manager.matches(kept, GOOD)


@pytest.mark.parametrize("password", [None, 7, [GOOD], {"$ne": ""}, "\ud800"], ids=repr)
def test_what_is_no_text_lets_nobody_in(password: Any, manager: BcryptSecurityManager) -> None:
    assert not manager.matches(hashed(GOOD), password)


def test_every_letter_of_a_long_password_counts(manager: BcryptSecurityManager) -> None:
    kept = manager._hash_password(LONG + "?")
    assert manager.matches(kept, LONG + "?")
    assert not manager.matches(kept, LONG + "!")


def test_a_password_is_kept_salted(manager: BcryptSecurityManager) -> None:
    one, two = manager._hash_password(GOOD), manager._hash_password(GOOD)
    assert one != two
    assert {one[:7], two[:7]} == {"$2b$04$"}


@pytest.mark.parametrize("kept", [pytest.param(hashed(GOOD), id="somebody"), pytest.param(None, id="a stranger")])
def test_a_stranger_costs_as_much_work(
    kept: str | None, manager: BcryptSecurityManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[bytes] = []
    user = SimpleNamespace(username="somebody", password=kept) if kept else None
    monkeypatch.setattr(manager, "_find_active", lambda name: user)
    monkeypatch.setattr(manager, "update_user_auth_stat", lambda user, good: None)
    original = bcrypt.hashpw
    monkeypatch.setattr(bcrypt, "hashpw", lambda password, salt: costs.append(salt[:7]) or original(password, salt))
    assert manager.auth_user_db("somebody", BAD) is None
    assert costs == [b"$2b$04$"]
