"""What the guards make of a request."""

import pytest

from plugins.log_in.gate import is_closed
from plugins.log_in.scopes import origin_of, path_of


@pytest.mark.parametrize(
    ("client", "origin"),
    [
        pytest.param(("203.0.113.7", 80), "203.0.113.7", id="one address of IPv4"),
        pytest.param(("2001:db8:1:2:3::7", 80), "2001:db8:1:2::/64", id="all addresses of one customer's IPv6"),
        pytest.param(("testclient", 80), "testclient", id="a name"),
        pytest.param(None, "unknown", id="a socket that has no address"),
    ],
)
def test_whom_a_request_comes_from(client: tuple[str, int] | None, origin: str) -> None:
    assert origin_of({"client": client}) == origin


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        pytest.param("/auth/token", "", "/auth/token", id="at the root"),
        pytest.param("/airflow/auth/token", "/airflow", "/auth/token", id="below the path of base_url"),
        pytest.param("/auth/token", "/airflow", "/auth/token", id="without it"),
        pytest.param("/airflows/auth", "/airflow", "/airflows/auth", id="below another that begins alike"),
    ],
)
def test_which_route_a_request_means(path: str, root: str, below: str) -> None:
    assert path_of({"path": path, "root_path": root}) == below


@pytest.mark.parametrize("path", ["/", "/dags/x", "/dataverse/page", "/docs", "/api/v2", "/uix/", "/auth/openapi.json"])
def test_closed_by_the_gate(path: str) -> None:
    assert is_closed(path)


@pytest.mark.parametrize("path", ["/api/v2/dags", "/ui/config", "/auth/login/", "/execution/health", "/static/a.js"])
def test_left_to_airflow(path: str) -> None:
    assert not is_closed(path)
