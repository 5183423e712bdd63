"""An API server of Airflow's for the tests: `python -m tests.ops.log_in.server PORT FILE`, with Airflow's environment.

Makes Airflow's tables and the user `admin`, whose password is on standard input, writes all routes of the server to
FILE, as JSON pairs of method and path, and serves. A route of a plugin that forgot to ask for a user is among them.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from airflow.api_fastapi.app import create_app
from fastapi import FastAPI
from flask import Flask
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from scripts.container import provision

FORGETFUL = "/a_plugin/page"


def serve(port: int, file: Path, password: str) -> None:
    """Set up, write the routes, and serve on 127.0.0.1 until ended."""
    nothing = {"connections": {}, "variables": {}, "defaults": {}, "pools": {}}
    provision.apply(nothing | {"migrate": True, "admin": {"user": "admin", "password": password}})
    app = create_app()
    app.router.routes.insert(0, Route(FORGETFUL, lambda request: PlainTextResponse("for everybody")))
    file.write_text(json.dumps(sorted(set(routes_of(app)))))
    uvicorn.run(app, host="127.0.0.1", port=port, proxy_headers=True, log_level="warning")


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of each route of an application and of what is mounted in it, Flask's included,
    but for the buttons of its tables, and the API for tasks, which makes its routes with its first request only."""
    yield from _walk(app.routes, "")
    yield from _walk_flask(app.state.auth_manager.flask_app, "/auth")


def _walk(routes: Iterable[BaseRoute], prefix: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        path: str = prefix + getattr(route, "path", "")
        if isinstance(route, Mount):
            yield from (
                [("GET", f"{path}/anything")] if isinstance(route.app, StaticFiles) else _walk(route.routes, path)
            )
        else:
            yield from ((method, _filled(path)) for method in _methods(route))


def _walk_flask(app: Flask, prefix: str) -> Iterator[tuple[str, str]]:
    # A button is looked up by its name before anything else, and most tables have none.
    for rule in (rule for rule in app.url_map.iter_rules() if "/action" not in rule.rule):
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, re.sub(r"<[^>]*>", "1", prefix + rule.rule)


def _methods(route: Any) -> set[str]:
    return (getattr(route, "methods", None) or {"GET"}) - {"HEAD"}


def _filled(path: str) -> str:
    return re.sub(r"{[^}]*}", "anything", path)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.stdin.readline().strip())
