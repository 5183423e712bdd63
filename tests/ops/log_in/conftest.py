"""One API server for all tests of log-in, set up as the local stack's."""

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests

from scripts.local.airflow_stack import AirflowStack
from scripts.local.postgres import PostgresServer
from scripts.local.secrets import Secrets
from scripts.local.settings import REPOSITORY, Settings
from tests.conftest import NUMBERS
from tests.support import airflow_home as airflow_home
from tests.support.servers import free_port

START_PATIENCE_SECONDS = 120
CSRF_TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')


@dataclass
class Browser:
    """Somebody at an address of their own, with cookies and without scripts."""

    url: str
    address: str = field(default_factory=lambda: f"10.0.{next(NUMBERS) % 250}.{next(NUMBERS) % 250}")

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-Forwarded-For"] = self.address

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request and follow no redirection."""
        return self.session.request(method, self.url + path, allow_redirects=False, timeout=60, **options)

    def csrf_token(self) -> str:
        """The token of the log-in page's form."""
        return csrf_token_of(self.ask("GET", "/auth/login/").text)

    def log_in(self, name: str, password: str) -> requests.Response:
        """Send the log-in page's form."""
        form = {"csrf_token": self.csrf_token(), "username": name, "password": password}
        return self.ask("POST", "/auth/login/", data=form)

    def token(self, name: object, password: object) -> requests.Response:
        """Ask for a token of the API."""
        return self.ask("POST", "/auth/token", json={"username": name, "password": password})

    def is_in(self) -> bool:
        """Whether the API answers."""
        return self.ask("GET", "/api/v2/dags").status_code == 200


def csrf_token_of(page: str) -> str:
    """The token in the form of a page."""
    return CSRF_TOKEN.search(page)[1]


@dataclass(frozen=True)
class ApiServer:
    """A running API server, and the database of its users."""

    url: str
    dsn: str
    password: str
    environment: Mapping[str, str]
    routes: list[tuple[str, str]]

    def browser(self) -> Browser:
        """Somebody new, at an address of their own."""
        return Browser(self.url)

    def new_user(self, kept: str | None, active: bool = True) -> str:
        """Add a user whose password is kept so, without a role; returns the name."""
        name = f"user_{next(NUMBERS)}"
        self.sql(
            "INSERT INTO ab_user (id, first_name, last_name, username, email, password, active)"
            " VALUES (nextval('ab_user_id_seq'), '', '', %s, %s, %s, %s)",
            (name, f"{name}@example.org", kept, active),
        )
        return name

    def kept(self, name: str) -> str:
        """The hash of a user's password."""
        return self.sql("SELECT password FROM ab_user WHERE username = %s", (name,))[0][0]

    def sql(self, query: str, values: tuple = ()) -> list[tuple]:
        """Run a query in Airflow's database."""
        with closing(psycopg2.connect(self.dsn)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def api_server(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """An API server with the local stack's settings, to which everybody is who their X-Forwarded-For says."""
    home, password = tmp_path_factory.mktemp("api_server"), secrets.token_urlsafe()
    where = Settings(home, free_port())
    postgres_server.create_database("airflow")
    environment = AirflowStack(where, postgres_server, Secrets(home / "secrets.json")).environment()
    environment["AIRFLOW__FAB__CONFIG_FILE"] = str(Path(__file__).with_name("quick_webserver_config.py"))
    command = [sys.executable, "-m", "tests.ops.log_in.server", str(where.web_port), str(home / "routes.json")]
    with running(command, environment, where.web_url, home / "log", password):
        routes = [(method, path) for method, path in json.loads((home / "routes.json").read_text())]
        yield ApiServer(where.web_url, postgres_server.dsn("airflow"), password, environment, routes)


class running:
    """A process that serves at an address, from its first answer to the end of the block."""

    def __init__(self, command: list[str], environment: Mapping[str, str], url: str, log: Path, line: str = "") -> None:
        self._log, self._url = log, url
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, env=dict(environment), cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=output, stderr=output
            )
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.close()

    def __enter__(self) -> None:
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()[-3000:]
            assert time.monotonic() < deadline, self._log.read_text()[-3000:]
            time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(60)

    def _answers(self) -> bool:
        try:
            return Browser(self._url).ask("GET", "/api/v2/version").ok
        except requests.RequestException:
            return False
