"""Who is let in, by the form and for a token, over Airflow's own database."""

from typing import Any

import pytest

from tests.ops.log_in.conftest import ApiServer
from tests.ops.log_in.hashes import BAD, GOOD, KINDS, hashed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_one_logs_in_with_every_kind_and_is_kept_by_bcrypt_after(kind: str, api_server: ApiServer) -> None:
    name = api_server.new_user(hashed(GOOD, kind))
    before = api_server.kept(name)
    assert api_server.browser().token(name, BAD).status_code == 401
    assert api_server.kept(name) == before
    assert api_server.browser().token(name, GOOD).status_code == 201
    assert api_server.kept(name).startswith("$2b$04$")
    assert api_server.browser().token(name, GOOD).status_code == 201
    assert (api_server.kept(name) == before) is (kind == "bcrypt")


def test_a_hash_that_was_too_cheap_or_dear_is_made_anew(api_server: ApiServer) -> None:
    name = api_server.new_user(hashed(GOOD, rounds=5))
    assert api_server.browser().token(name, GOOD).status_code == 201
    assert api_server.kept(name).startswith("$2b$04$")


def test_a_new_user_is_kept_by_bcrypt(api_server: ApiServer) -> None:
    assert api_server.kept("admin").startswith("$2b$04$")


def test_one_may_log_in_by_the_address_of_ones_mail(api_server: ApiServer) -> None:
    name = api_server.new_user(hashed(GOOD))
    assert api_server.browser().token(f"{name}@example.org", GOOD).status_code == 201


@pytest.mark.parametrize(
    ("kept", "active"),
    [
        pytest.param(hashed(GOOD), False, id="no longer active"),
        pytest.param(None, True, id="without a password"),
        pytest.param("$2b$12$short", True, id="with a damaged one"),
    ],
)
def test_who_is_not_let_in(kept: str | None, active: bool, api_server: ApiServer) -> None:
    name = api_server.new_user(kept, active)
    answer = api_server.browser().token(name, GOOD)
    stranger = api_server.browser().token("a stranger", GOOD)
    assert (answer.status_code, answer.text) == (stranger.status_code, stranger.text)
    assert answer.status_code == 401


@pytest.mark.parametrize("name", [7, ["admin"], {"a": 1}, "admin\0", "\ud800", "' OR 1=1 --"], ids=repr)
def test_odd_names_are_strangers(name: Any, api_server: ApiServer) -> None:
    assert api_server.browser().token(name, GOOD).status_code == 401


def test_the_form_lets_in_and_says_when_it_does_not(api_server: ApiServer) -> None:
    browser = api_server.browser()
    assert "/auth/login/" in browser.log_in("admin", BAD).headers["location"]
    assert "Invalid login" in browser.ask("GET", "/auth/login/").text
    assert not browser.is_in()
    browser.log_in("admin", api_server.password)
    assert browser.is_in()
