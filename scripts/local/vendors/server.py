"""The stub vendors as a process of the local stack."""

import os
import sys
from pathlib import Path
from typing import Any

import requests

from scripts.local import ports
from scripts.local.errors import StackError
from scripts.local.processes import Background
from scripts.local.secrets import Secrets
from scripts.local.settings import REPOSITORY

MODULE = "scripts.local.vendors"
START_PATIENCE_SECONDS = 60
TIMEOUT_SECONDS = 10


class VendorsServer:
    """Stub vendors on 127.0.0.1:`port`; pid file and log under `home`, the key in `home`/secrets.json.

    Raises StackError.
    """

    def __init__(self, home: Path, port: int) -> None:
        self.home = home.absolute()
        self.port = port
        self.url = f"http://{ports.HOST}:{port}"
        self._secrets = Secrets(self.home / "secrets.json")
        self._background = Background("vendors", self.home, marker=MODULE)
        self._session = requests.Session()
        # Through a proxy our own server would not be found.
        self._session.trust_env = False

    @property
    def key(self) -> str:
        """The one key that both vendors accept."""
        return self._secrets.get_or_create("vendors_key")

    def start(self) -> None:
        """Start it, or find it running; returns when it answers."""
        if self._background.find() is None:
            ports.require_free(self.port, "the stub vendors")
            environment = os.environ | {"VENDORS_KEY": self.key, "PYTHONPATH": str(REPOSITORY)}
            self._background.start([sys.executable, "-m", MODULE, str(self.port)], env=environment)
        self._background.wait(self.is_running, START_PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stop it; its time and its faults are reset."""
        self._background.stop()

    def is_running(self) -> bool:
        """Whether our own server runs and answers."""
        process = self._background.find()
        return process is not None and ports.listens(process, self.port) and self._answers()

    def require_running(self) -> None:
        """Raise StackError unless our own server runs."""
        if not self.is_running():
            raise StackError(f"The stub vendors of {self.home} do not run; `up --no-run` starts them")

    def set_now(self, now: int | None) -> None:
        """Stop the vendors' clock at `now`, unix seconds; None for the machine's time."""
        self._tell("PUT", "/_clock", {"now": now})

    def fault(self, vendor: str, **what: Any) -> None:
        """Let the vendor's next answers go wrong, see `faults.py`: `status` or `kind`, `times`, `path`, `seconds`."""
        self._tell("PUT", "/_faults", {"vendor": vendor, **what})

    def calls(self) -> list[dict[str, str]]:
        """Return what was asked since the last reset: `vendor`, `path`, `query` of each call."""
        return self._tell("GET", "/_calls").json()

    def reset(self) -> None:
        """Forget faults and calls, and return to the machine's time."""
        self._tell("DELETE", "/_faults")
        self._tell("DELETE", "/_calls")
        self.set_now(None)

    def _tell(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        answer = self._session.request(method, self.url + path, json=body, timeout=TIMEOUT_SECONDS)
        if not answer.ok:
            raise StackError(f"The stub vendors refused {method} {path} {body}: {answer.text[:300]}")
        return answer

    def _answers(self) -> bool:
        try:
            return self._session.get(f"{self.url}/_health", timeout=TIMEOUT_SECONDS).ok
        except requests.RequestException:
            return False
