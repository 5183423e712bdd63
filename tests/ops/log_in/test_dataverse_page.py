"""The Dataverse page behind Airflow's own guards, in an API server."""

import re

import pytest

from tests.ops.log_in.conftest import ApiServer, Browser

pytestmark = pytest.mark.slow

DAY = "/dataverse/day/2024-10-29"


def logged_in(api_server: ApiServer, name: str, password: str) -> Browser:
    """Somebody whom the browser's cookie names."""
    browser = api_server.browser()
    browser.log_in(name, password)
    browser.ask("GET", "/")
    return browser


@pytest.fixture(scope="module")
def admin(api_server: ApiServer) -> Browser:
    """An administrator."""
    return logged_in(api_server, "admin", api_server.password)


def test_the_page_is_in_the_navigation(admin: Browser) -> None:
    plugins = admin.ask("GET", "/api/v2/plugins").json()["plugins"]
    (view,) = [view for plugin in plugins for view in plugin["external_views"] if view["name"] == "Dataverse"]
    assert (view["destination"], view["href"]) == ("nav", "dataverse/")


def test_every_route_of_the_page_is_among_those_that_the_anonymous_are_refused(api_server: ApiServer) -> None:
    routes = {path for _, path in api_server.routes if path.startswith("/dataverse/")}
    assert {"/dataverse/", "/dataverse/catalogue", "/dataverse/static/anything"} < routes
    assert {("POST", "/dataverse/day/anything/rebuild")} < set(api_server.routes)


@pytest.mark.parametrize("path", ["/dataverse/", DAY, "/dataverse/static/page.js", "/dataverse/guide/runbook.md"])
def test_scripts_without_a_user_get_401(path: str, api_server: ApiServer) -> None:
    assert api_server.browser().ask("GET", path).status_code == 401


def test_an_administrator_sees_it_though_no_warehouse_is_there(admin: Browser) -> None:
    assert admin.ask("GET", "/dataverse/guide/runbook.md").status_code == 200
    assert admin.ask("GET", "/dataverse/static/page.js").status_code == 200
    catalogue = admin.ask("GET", "/dataverse/catalogue")
    assert catalogue.status_code == 503
    assert 'href="/dataverse/dataset/daily_txs"' in catalogue.text
    assert "the warehouse does not answer" in catalogue.text


def test_what_the_page_links_to_is_there(admin: Browser) -> None:
    page = admin.ask("GET", "/dataverse/guide/runbook.md").text
    addresses = re.findall(r'"(/dataverse/static/[^"]+)"', page)
    assert len(addresses) == len({"theme.js", "page.css", "page.js"})
    assert {admin.ask("GET", address).status_code for address in addresses} == {200}


def test_another_site_cannot_make_an_administrator_build_a_day(admin: Browser) -> None:
    answer = admin.ask("POST", f"{DAY}/rebuild", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "did not come from this page" in answer.text


def test_a_user_without_a_role_sees_nothing(api_server: ApiServer) -> None:
    name = api_server.new_user(api_server.kept("admin"))
    assert logged_in(api_server, name, api_server.password).ask("GET", "/dataverse/").status_code in (401, 403)
