"""How often one address may fail to log in, by the form or for a token, counted across all API servers."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.models.log import Log
from airflow.utils.session import create_session
from limits import RateLimitItem
from sqlalchemy import delete, func, select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plugins.log_in.scopes import origin_of, path_of

FAILED = "log_in_failed"
LOG_IN_PATHS = {"/auth/login", "/auth/token", "/auth/token/cli"}

log = logging.getLogger(__name__)


class Throttle:
    """Answers 429 to attempts from an address of which more failed than `limits` allow; without limits, to none.

    Failures stand in Airflow's audit log, with the address: there all API servers count them, and administrators see
    them. An attempt counts as failed until it has succeeded, so that many at once gain nothing.
    """

    def __init__(self, app: ASGIApp, limits: Sequence[RateLimitItem]) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if not self.limits or not _is_log_in(scope):
            await self.app(scope, receive, send)
            return
        origin = origin_of(scope)
        attempt = await run_in_threadpool(_record, origin)
        full = await run_in_threadpool(self._find_exceeded, origin)
        if full is None:
            await self._try(attempt, scope, receive, send)
            return
        await run_in_threadpool(_forget, attempt)
        log.warning("Log-in from %s refused: more than %s failed", origin, full)
        await _refusal(full)(scope, receive, send)

    async def _try(self, attempt: int, scope: Scope, receive: Receive, send: Send) -> None:
        succeeded = False

        async def watch(message: Message) -> None:
            nonlocal succeeded
            succeeded = succeeded or _is_success(message)
            await send(message)

        await self.app(scope, receive, watch)
        if succeeded:
            await run_in_threadpool(_forget, attempt)

    def _find_exceeded(self, origin: str) -> RateLimitItem | None:
        return next((limit for limit in self.limits if _failures(origin, limit) > limit.amount), None)


def _is_log_in(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "POST" and path_of(scope).rstrip("/") in LOG_IN_PATHS


def _is_success(message: Message) -> bool:
    """Whether an answer hands out a token, in its body or as a cookie."""
    if message["type"] != "http.response.start":
        return False
    cookies = Headers(raw=message["headers"]).getlist("set-cookie")
    return message["status"] == 201 or any(cookie.startswith(f"{COOKIE_NAME_JWT_TOKEN}=") for cookie in cookies)


def _refusal(limit: RateLimitItem) -> JSONResponse:
    seconds = limit.get_expiry()
    detail = f"Too many failed log-ins from your address; try again in {seconds} seconds"
    return JSONResponse({"detail": detail}, 429, {"Retry-After": str(seconds)})


def _record(origin: str) -> int:
    with create_session() as session:
        attempt = Log(event=FAILED, extra=origin)
        session.add(attempt)
        session.flush()
        return attempt.id


def _failures(origin: str, limit: RateLimitItem) -> int:
    since = datetime.now(UTC) - timedelta(seconds=limit.get_expiry())
    recent = select(func.count()).where(Log.event == FAILED, Log.extra == origin, Log.dttm > since)
    with create_session() as session:
        return session.scalar(recent)


def _forget(attempt: int) -> None:
    with create_session() as session:
        session.execute(delete(Log).where(Log.id == attempt))
