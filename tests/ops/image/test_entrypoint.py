"""The entry point as a program: what it refuses, how long it waits, how it lets itself be stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).parents[3]
KEYS = {
    "AIRFLOW__CORE__FERNET_KEY": Fernet.generate_key().decode(),
    "AIRFLOW__API_AUTH__JWT_SECRET": "a-jwt-secret",
    "AIRFLOW__API__SECRET_KEY": "an-api-secret",
}
PASSWORD = "a-metadata-password"


def environment(home: Path, **given: str) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "AIRFLOW_HOME": str(home), "AIRFLOW_CONFIG": str(ROOT / "airflow.cfg"), "HOME": "/"} | given


def entrypoint(home: Path, *arguments: str, **given: str) -> subprocess.Popen[str]:
    command = [str(ROOT / "scripts" / "entrypoint.sh"), *arguments]
    given = environment(home, **given)
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        pytest.param([], {}, "AIRFLOW__CORE__FERNET_KEY is not set", id="no keys"),
        pytest.param([], KEYS, "POSTGRES_HOST and POSTGRES_PASSWORD must be set", id="no database"),
        pytest.param(["webserver"], KEYS, "'webserver' is not a component", id="no such component"),
    ],
)
def test_it_refuses_in_words(tmp_path: Path, arguments: list[str], given: Mapping[str, str], words: str) -> None:
    process = entrypoint(tmp_path, *arguments, **given)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert words in said
    assert "Traceback" not in said


def test_it_waits_for_the_database_so_long_and_no_longer(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = {"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": str(port), "POSTGRES_PASSWORD": PASSWORD}
    process = entrypoint(tmp_path, **KEYS, **database, DATABASE_WAIT_SECONDS="1")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "did not answer within 1 s" in said
    assert "Connection refused" in said
    assert PASSWORD not in said


def test_it_can_be_stopped_while_it_waits(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(30)
        port = str(silent.getsockname()[1])
        database = {"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": port, "POSTGRES_PASSWORD": PASSWORD}
        process = entrypoint(tmp_path, **KEYS, **database)
        with silent.accept()[0]:
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGTERM
    assert time.monotonic() - began < 10
