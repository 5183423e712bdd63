"""Two processes of the API server behind a proxy that ends TLS: what each must know of the other, and of the proxy."""

import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest

from tests.ops.log_in.conftest import ApiServer, Browser, csrf_token_of, running
from tests.support.servers import free_port

pytestmark = pytest.mark.slow

ALLOWED = 5
PATH = "/stacks"


@pytest.fixture(scope="module")
def behind_proxy(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an API server of two processes, of which the world knows another, below a path and by https."""
    port = free_port()
    environment = api_server.environment | {"AIRFLOW__API__BASE_URL": f"https://airflow.example.org{PATH}"}
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--proxy-headers"]
    command, url = [sys.executable, "-m", "airflow", "api-server", *options], f"http://127.0.0.1:{port}{PATH}"
    with running(command, environment, url, tmp_path_factory.mktemp("behind_proxy") / "log"):
        yield url


def test_failures_are_counted_across_processes(behind_proxy: str) -> None:
    address = Browser("").address
    # Each connects anew, and so meets either process.
    statuses = [Browser(behind_proxy, address).token("admin", "wrong").status_code for _ in range(ALLOWED + 4)]
    assert statuses == [401] * ALLOWED + [429] * 4
    assert Browser(behind_proxy).token("admin", "wrong").status_code == 401


def test_cookies_go_out_by_https_alone_though_the_proxy_does_not_tell(behind_proxy: str, api_server: ApiServer) -> None:
    browser, cookies = Browser(behind_proxy), SimpleCookie()
    page = browser.ask("GET", "/auth/login/")
    headers = {
        # By http alone no client sends such a cookie back by itself.
        "Cookie": page.headers["Set-Cookie"].split(";")[0],
        "Referer": page.url.replace("http://", "https://"),
    }
    form = {"csrf_token": csrf_token_of(page.text), "username": "admin", "password": api_server.password}
    answer = browser.ask("POST", "/auth/login/", data=form, headers=headers)
    assert answer.status_code == 302
    for header in answer.raw.headers.getlist("Set-Cookie"):
        cookies.load(header)
    flags = {name: (cookie["secure"], cookie["httponly"], cookie["path"]) for name, cookie in cookies.items()}
    assert flags == dict.fromkeys(("session", "_token"), (True, True, f"{PATH}/"))
