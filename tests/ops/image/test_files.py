"""The files that no Python test runs: read by those who know their mistakes."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_the_dockerfile() -> None:
    assert run(str(Path(sys.executable).with_name("hadolint")), "--no-color", "Dockerfile") == "0 "


def test_the_image_is_given_nothing_but_what_is_named() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    named = {rule[1:] for rule in rules if rule.startswith("!")}
    assert named == {
        *("dags", "docs", "plugins", "scripts", "stacks_dataverse"),
        *("airflow.cfg", "webserver_config.py", "requirements.txt", "LICENSE"),
    }


def test_no_instruction_carries_a_secret() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert set(re.findall(r"^ARG (\w+)", text, re.MULTILINE)) == {"BASE", "COMMIT", "VERSION"}
    assert not re.search(r"PASSWORD|SECRET|FERNET|TOKEN", text)
