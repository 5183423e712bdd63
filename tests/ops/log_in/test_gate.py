"""The gate before an application that answers everybody with what it was asked."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from plugins.log_in import gate

TOKEN = "a token"
LOG_IN = "http://testserver/auth/login/"


async def seen(request: Request) -> JSONResponse:
    """What reached the application."""
    return JSONResponse([request.url.scheme, request.url.path])


async def talk(socket: WebSocket) -> None:
    """Accept whoever comes."""
    await socket.accept()
    await socket.close()


async def user_of(token: str | None) -> Any:
    """Airflow's check of a token, as far as the gate is concerned."""
    if token != TOKEN:
        raise gate.HTTPException(401, "Not authenticated")
    return SimpleNamespace(name="somebody")


def client(monkeypatch: pytest.MonkeyPatch, is_https: bool = False) -> TestClient:
    """Somebody without a token, before the gate."""
    manager = SimpleNamespace(get_url_login=lambda next_url: f"{LOG_IN}?next={next_url}")
    monkeypatch.setattr("airflow.api_fastapi.core_api.security.resolve_user_from_token", user_of)
    monkeypatch.setattr(gate, "get_auth_manager", lambda: manager)
    app = Starlette(routes=[WebSocketRoute("/{path:path}", talk), Route("/{path:path}", seen)])
    return TestClient(gate.Gate(app, is_https), follow_redirects=False)


def test_the_anonymous_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client(monkeypatch).get("/dataverse/page")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Not authenticated"})


def test_a_person_is_sent_to_log_in_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client(monkeypatch).get("/dataverse/page", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LOG_IN}?next=http://testserver/dataverse/page")


def test_a_socket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WebSocketDenialResponse) as refusal, client(monkeypatch).websocket_connect("/dataverse/news"):
        pass
    assert refusal.value.status_code == 401


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param({"Authorization": f"Bearer {TOKEN}"}, id="a token"),
        pytest.param({"Cookie": f"_token={TOKEN}"}, id="a cookie"),
    ],
)
def test_a_user_passes(credentials: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch).get("/dataverse/page", headers=credentials).json() == ["http", "/dataverse/page"]


def test_a_wrong_token_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"Authorization": "Bearer another"}
    assert client(monkeypatch).get("/dataverse/page", headers=wrong).status_code == 401


@pytest.mark.parametrize("path", ["/api/v2/dags", "/auth/login/", "/static/a.js"])
def test_what_airflow_guards_itself_passes(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch).get(path).json() == ["http", path]


def test_the_short_way_out_leads_to_the_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch).get("/auth/logout").json() == ["http", "/auth/logout/"]


def test_where_base_url_says_https_every_request_is_taken_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch, is_https=True).get("/auth/login/").json() == ["https", "/auth/login/"]
