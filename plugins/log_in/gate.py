"""What is closed to the anonymous beyond Airflow's own guards, and which scheme cookies are made for."""

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
from fastapi import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from plugins.log_in.scopes import path_of

# These ask for a user, or a task's token, route by route. All else is the web UI, and the pages of plugins.
GUARDED_BY_AIRFLOW = ("/api/v2/", "/ui/", "/auth/", "/execution/")
# They describe the API, under whichever prefix; to tell what changed in that of tasks takes seconds.
DESCRIPTIONS = ("/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json", "/changelog")
# Scripts and pictures of Airflow's own, the same in every installation.
ASSETS = "/static/"
# FAB's short way out only makes the browser forget; the long one ends the session in the database.
SHORT_WAY_OUT, WAY_OUT = "/auth/logout", "/auth/logout/"


class Gate:
    """Asks for a user wherever Airflow does not, and takes requests as https where `base_url` says so.

    A proxy that ends TLS may forget to tell, and cookies would go out without `Secure`.
    """

    def __init__(self, app: ASGIApp, is_https: bool) -> None:
        self.app = app
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or send the anonymous to the log-in page; scripts get 401."""
        if scope["type"] in ("http", "websocket"):
            scope = dict(scope, scheme="https" if self.is_https else scope["scheme"])
            path = path_of(scope)
            if path == SHORT_WAY_OUT:
                scope["path"] = scope["path"].removesuffix(SHORT_WAY_OUT) + WAY_OUT
            elif is_closed(path) and (refusal := await _refuse(HTTPConnection(scope))):
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_closed(path: str) -> bool:
    """Return whether only the gate requires a user for this path; Airflow itself does not."""
    return path.endswith(DESCRIPTIONS) or not path.startswith((*GUARDED_BY_AIRFLOW, ASSETS))


async def _refuse(request: HTTPConnection) -> Response | None:
    try:
        await get_user(request, None, await bearer_scheme(request))
    except HTTPException as refused:
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(get_auth_manager().get_url_login(next_url=str(request.url)), 303)
        return JSONResponse({"detail": refused.detail}, refused.status_code)
    return None
