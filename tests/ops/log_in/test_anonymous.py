"""Without logging in there is nothing to see: every route of the API server is asked."""

import re
from urllib.parse import urlsplit

import pytest
import requests

from tests.ops.log_in.conftest import ApiServer
from tests.ops.log_in.server import FORGETFUL

pytestmark = pytest.mark.slow

# What anybody may have: the way in and out, whether the server lives, and Airflow's own scripts and pictures.
OPEN = {
    ("GET", "/api/v2/auth/logout"),
    ("GET", "/api/v2/monitor/health"),
    ("GET", "/api/v2/version"),
    ("GET", "/auth/login/"),
    ("POST", "/auth/login/"),
    ("POST", "/auth/token"),
    ("POST", "/auth/token/cli"),
    ("GET", "/auth/static/1"),
    ("GET", "/auth/static/appbuilder/1"),
    ("GET", "/static/anything"),
}
# Where the anonymous are sent: the log-in page, or the start, which sends them there.
AWAY = {"/auth/login/", "/auth/", "", "/"}


def test_nothing_answers_the_anonymous(api_server: ApiServer) -> None:
    browser = api_server.browser()
    form = {"csrf_token": browser.csrf_token()}
    answers = {(method, path): browser.ask(method, path, data=form) for method, path in api_server.routes}
    assert len(answers) > 200
    assert {route for route, answer in answers.items() if not is_refusal(answer)} == OPEN


def test_the_api_for_tasks_answers_tasks_only(api_server: ApiServer) -> None:
    from airflow.api_fastapi.execution_api.versions import bundle

    browser, anonymous = api_server.browser(), api_server.browser()
    browser.log_in("admin", api_server.password)
    described = browser.ask("GET", "/execution/openapi.json", params={"version": str(bundle.versions[0].value)}).json()[
        "paths"
    ]
    paths = {(method.upper(), f"/execution{path}") for path, methods in described.items() for method in methods}
    assert len(paths) > 20
    for person in (browser, anonymous):
        answers = {(method, path): person.ask(method, re.sub("{[^}]*}", "1", path)) for method, path in paths}
        is_open = {route for route, answer in answers.items() if answer.status_code not in (401, 403)}
        assert is_open == {("GET", "/execution/health"), ("GET", "/execution/health/ping")}


def is_refusal(answer: requests.Response) -> bool:
    """Whether an answer is 401, 403 or the way to the log-in page."""
    return answer.status_code in (401, 403) or (
        answer.is_redirect and urlsplit(answer.headers["location"]).path in AWAY
    )


@pytest.mark.parametrize("path", ["/auth/roles/action/copyrole/1", "/auth/roles/action_post"])
def test_no_button_of_a_page_of_log_in_works(path: str, api_server: ApiServer) -> None:
    browser = api_server.browser()
    form = {"csrf_token": browser.csrf_token(), "action": "copyrole", "rowid": "1"}
    assert browser.ask("POST", path, data=form).status_code == 302
    assert api_server.sql("SELECT name FROM ab_role WHERE name ILIKE '%%copy%%'") == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/", id="the web UI"),
        pytest.param("/dags/stacks_daily", id="a page of the web UI"),
        pytest.param(FORGETFUL, id="a page of a plugin that asks for nobody"),
        pytest.param("/docs", id="the description of the API"),
        pytest.param("/auth/docs", id="the description of log-in"),
    ],
)
def test_a_person_is_sent_to_the_log_in_page_and_sees_the_page_after_it(path: str, api_server: ApiServer) -> None:
    browser, html = api_server.browser(), {"Accept": "text/html,*/*"}
    sent = browser.ask("GET", path, headers=html)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"{api_server.url}/auth/login/?next=")
    browser.log_in("admin", api_server.password)
    assert browser.ask("GET", path, headers=html).status_code == 200


def test_a_script_is_told_so(api_server: ApiServer) -> None:
    answer = api_server.browser().ask("GET", FORGETFUL)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Not authenticated"})


@pytest.mark.parametrize("path", ["/api/v2/dags", "/ui/config", FORGETFUL, "/auth/fab/v1/users"])
def test_a_name_and_password_open_no_route(path: str, api_server: ApiServer) -> None:
    assert api_server.browser().ask("GET", path, auth=("admin", api_server.password)).status_code in (401, 403)


@pytest.mark.parametrize("path", ["/api/v2/dags", FORGETFUL, "/auth/fab/v1/users"])
def test_a_token_opens_a_route(path: str, api_server: ApiServer) -> None:
    browser = api_server.browser()
    token = browser.token("admin", api_server.password).json()["access_token"]
    assert browser.ask("GET", path, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_there_is_no_third_way_in(api_server: ApiServer) -> None:
    login = {"username": "admin", "password": api_server.password, "provider": "db"}
    assert api_server.browser().ask("POST", "/auth/api/v1/security/login", json=login).status_code == 404


def test_nobody_registers_himself(api_server: ApiServer) -> None:
    assert not [path for _, path in api_server.routes if "register" in path]
    assert api_server.browser().ask("GET", "/auth/register/form").status_code == 404


def test_a_form_without_its_token_is_refused(api_server: ApiServer) -> None:
    form = {"username": "admin", "password": api_server.password}
    assert api_server.browser().ask("POST", "/auth/login/", data=form).status_code == 400
