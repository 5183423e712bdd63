"""How long one stays logged in, and what logging out ends."""

import configparser
import time
from http.cookies import SimpleCookie

import jwt
import msgspec
import pytest

from scripts.local.settings import REPOSITORY
from tests.ops.log_in.conftest import ApiServer, Browser

pytestmark = pytest.mark.slow

SETTINGS = configparser.ConfigParser(interpolation=None)
SETTINGS.read(REPOSITORY / "airflow.cfg")
TOKEN_SECONDS = SETTINGS.getint("api_auth", "jwt_expiration_time")
IDLE_SESSION_MINUTES = SETTINGS.getint("fab", "session_lifetime_minutes")
SESSION_MINUTES = SETTINGS.getint("fab", "session_max_lifetime_minutes")


@pytest.fixture
def person(api_server: ApiServer) -> Browser:
    """Somebody who is logged in."""
    browser = api_server.browser()
    browser.log_in("admin", api_server.password)
    assert browser.is_in()
    return browser


def session_id(browser: Browser) -> str:
    """The key of somebody's session in the database: their cookie without its signature."""
    return browser.session.cookies["session"].split(".")[0]


def without_token(browser: Browser) -> Browser:
    """The same person after their token ran out: only the session is left."""
    del browser.session.cookies["_token"]
    return browser


def renews(browser: Browser) -> bool:
    """Whether the session gives a new token, as it does to the web UI when the old one ran out."""
    without_token(browser).ask("GET", "/auth/login/")
    return browser.is_in()


def test_a_token_ends_after_an_hour_and_the_session_gives_another(person: Browser) -> None:
    claims = jwt.decode(person.session.cookies["_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == TOKEN_SECONDS
    assert renews(person)


def test_a_token_that_ran_out_opens_nothing(person: Browser, api_server: ApiServer) -> None:
    claims = jwt.decode(person.session.cookies["_token"], options={"verify_signature": False})
    secret = api_server.environment["AIRFLOW__API_AUTH__JWT_SECRET"]
    for ends_in, status in ((60, 200), (-60, 401)):
        token = jwt.encode(claims | {"exp": time.time() + ends_in}, secret, "HS512")
        answer = api_server.browser().ask("GET", "/api/v2/dags", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status


def test_a_session_ends_when_it_is_not_used(person: Browser, api_server: ApiServer) -> None:
    query = "SELECT extract(epoch FROM expiry - now()) / 60 FROM session WHERE session_id = %s"
    assert IDLE_SESSION_MINUTES - 2 < api_server.sql(query, (session_id(person),))[0][0] <= IDLE_SESSION_MINUTES
    api_server.sql("UPDATE session SET expiry = now() - interval '1 s' WHERE session_id = %s", (session_id(person),))
    assert not renews(person)


@pytest.mark.parametrize(("minutes", "goes_on"), [(SESSION_MINUTES - 2, True), (SESSION_MINUTES + 1, False)])
def test_a_session_ends_at_last(minutes: int, goes_on: bool, person: Browser, api_server: ApiServer) -> None:
    (data,) = api_server.sql("SELECT data FROM session WHERE session_id = %s", (session_id(person),))[0]
    content = msgspec.msgpack.decode(bytes(data))
    content["_login_at"] -= minutes * 60
    query = "UPDATE session SET data = %s WHERE session_id = %s"
    api_server.sql(query, (msgspec.msgpack.encode(content), session_id(person)))
    assert renews(person) is goes_on


def test_logging_out_ends_token_and_session_for_whoever_copied_them(person: Browser, api_server: ApiServer) -> None:
    thief = api_server.browser()
    thief.session.cookies.update(person.session.cookies)
    assert thief.is_in()
    leave = person.ask("GET", "/api/v2/auth/logout")
    person.ask("GET", leave.headers["location"].removeprefix(api_server.url))
    assert not person.is_in()
    assert not thief.is_in()
    assert not renews(thief)


def test_cookies_are_kept_from_scripts_and_other_sites(api_server: ApiServer) -> None:
    answer = api_server.browser().log_in("admin", api_server.password)
    cookies = SimpleCookie()
    for header in answer.raw.headers.getlist("Set-Cookie"):
        cookies.load(header)
    flags = {name: (cookie["httponly"], cookie["samesite"], cookie["secure"]) for name, cookie in cookies.items()}
    # The local stack speaks http; test_behind_a_proxy.py sees `Secure`.
    assert flags == {"session": (True, "Lax", ""), "_token": (True, "Lax", "")}


def test_another_session_begins_with_the_log_in(api_server: ApiServer) -> None:
    browser = api_server.browser()
    browser.csrf_token()
    before = session_id(browser)
    browser.log_in("admin", api_server.password)
    assert session_id(browser) != before
