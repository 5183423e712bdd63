"""Generated passwords and keys, kept in one file that only its owner can read."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from scripts.local.errors import StackError


def generated() -> str:
    """Return a new password of 32 URL-safe characters."""
    return secrets.token_urlsafe(24)


class Secrets:
    """Named values in `path` (JSON, mode 0600), read again each time so that two processes agree."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> str | None:
        """Return a value; None when there is none."""
        return self._read().get(name)

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Return the values whose names begin with a prefix, by the rest of the name."""
        values = self._read().items()
        return {name.removeprefix(prefix): value for name, value in values if name.startswith(prefix)}

    def get_or_create(self, name: str, create: Callable[[], str] = generated) -> str:
        """Return a value, made and kept the first time."""
        value = self.get(name)
        if value is None:
            value = create()
            self.put(name, value)
        return value

    def put(self, name: str, value: str) -> None:
        """Keep a value, replacing the old one."""
        values = self._read() | {name: value}
        write_private(self.path, json.dumps(values, indent=2, sort_keys=True))

    def remove(self, name: str) -> None:
        """Forget a value; nothing when there is none."""
        values = self._read()
        if values.pop(name, None) is not None:
            write_private(self.path, json.dumps(values, indent=2, sort_keys=True))

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        try:
            return json.loads(self.path.read_text())
        except ValueError as error:
            raise StackError(f"{self.path} is damaged; `down --purge` removes everything and starts again") from error


def write_private(path: Path, text: str) -> None:
    """Replace a file atomically by one that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
