"""How often one address may fail to log in."""

import pytest

from plugins.log_in.throttle import FAILED
from tests.ops.log_in.conftest import ApiServer, Browser

pytestmark = pytest.mark.slow

# Airflow's default: five in forty seconds.
ALLOWED, SECONDS = 5, 40


def fail(browser: Browser, way: str) -> int:
    """Try a wrong password by the form or for a token; returns the status."""
    answer = browser.log_in("admin", "wrong") if way == "form" else browser.token("admin", "wrong")
    return answer.status_code


@pytest.mark.parametrize("way", ["form", "token"])
def test_after_a_few_failures_even_the_right_password_is_refused(way: str, api_server: ApiServer) -> None:
    browser = api_server.browser()
    assert 429 not in [fail(browser, way) for _ in range(ALLOWED)]
    refusals = [browser.log_in("admin", api_server.password), browser.token("admin", api_server.password)]
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in refusals] == [(429, str(SECONDS))] * 2
    assert "try again in 40 seconds" in refusals[0].text
    assert api_server.browser().token("admin", api_server.password).status_code == 201


def test_the_ways_are_counted_together(api_server: ApiServer) -> None:
    browser = api_server.browser()
    statuses = [fail(browser, way) for way in ("form", "token", "form", "token", "form", "token")]
    assert [status == 429 for status in statuses] == [False] * ALLOWED + [True]


def test_refused_attempts_prolong_nothing(api_server: ApiServer) -> None:
    browser = api_server.browser()
    assert [fail(browser, "token") for _ in range(ALLOWED + 3)] == [401] * ALLOWED + [429] * 3
    query = "UPDATE log SET dttm = dttm - interval '41 s' WHERE event = %s AND extra = %s RETURNING id"
    assert len(api_server.sql(query, (FAILED, browser.address))) == ALLOWED
    assert browser.token("admin", api_server.password).status_code == 201


def test_who_succeeds_is_never_refused(api_server: ApiServer) -> None:
    browser = api_server.browser()
    assert {browser.token("admin", api_server.password).status_code for _ in range(ALLOWED + 2)} == {201}
    for _ in range(ALLOWED + 2):
        assert api_server.browser().log_in("admin", api_server.password).status_code == 302


def test_an_administrator_sees_the_failures(api_server: ApiServer) -> None:
    browser = api_server.browser()
    fail(browser, "token")
    browser.log_in("admin", api_server.password)
    log = browser.ask("GET", "/api/v2/eventLogs", params={"event": FAILED, "limit": 1000}).json()["event_logs"]
    assert [entry["extra"] for entry in log].count(browser.address) == 1
