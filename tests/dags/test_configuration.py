"""Every setting that a file names exists, the example env file names all that is read, and nothing else."""

import configparser
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.configuration import conf
from airflow.models.connection import Connection
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

from plugins.alert_channels import CHANNELS
from scripts.container import settings
from scripts.local import env_file, vendor_keys
from scripts.local.airflow_stack import AirflowStack
from scripts.local.secrets import Secrets
from scripts.local.settings import Settings
from stacks_dataverse.vendors import VENDORS

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "env.list.example"
SETTING = re.compile(r"\bAIRFLOW__([A-Z0-9]+(?:_[A-Z0-9]+)*)__([A-Z0-9]+(?:_[A-Z0-9]+)*)\b")
VARIABLE = re.compile(r"^(#?)([A-Za-z_]\w*)=(.*)$", re.MULTILINE)
# What those who read it call settings in general.
IN_GENERAL = {("SECTION", "OPTION")}
FILES = [
    *ROOT.glob("*"),
    *(path for top in ("scripts", "docs", "plugins", "dags") for path in (ROOT / top).rglob("*")),
]
TEXTS = [path for path in FILES if path.suffix in (".md", ".py", ".sh", ".cfg", ".example", ".yml", ".conf", "")]
# libpq's, and so psycopg's and asyncpg's.
OF_LIBRARIES = {"PGSSLROOTCERT", "FORWARDED_ALLOW_IPS"}


def exists(section: str, option: str) -> bool:
    """Whether Airflow or a provider of ours knows a setting; sensitive ones also by a command or a secret."""
    options = conf.configuration_description.get(section.lower(), {}).get("options", {})
    name = option.lower()
    sensitive = [found for found, about in options.items() if about.get("sensitive")]
    return name in options or any(name in (f"{found}_cmd", f"{found}_secret") for found in sensitive)


@pytest.mark.parametrize(
    ("section", "option", "expected"),
    [
        ("CORE", "FERNET_KEY", True),
        ("CORE", "FERNET_KEY_CMD", True),
        ("FAB", "UPDATE_FAB_PERMS", True),
        ("CORE", "PARALLELISM_CMD", False),
        ("CORE", "SQL_ALCHEMY_CONN", False),
        ("WEBSERVER", "SECRET_KEY", False),
    ],
)
def test_a_setting_that_went_is_seen(section: str, option: str, expected: bool) -> None:
    assert exists(section, option) == expected


@pytest.mark.parametrize("path", [p for p in TEXTS if p.is_file()], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_a_file_names_exists(path: Path) -> None:
    named = set(SETTING.findall(path.read_text(encoding="utf-8"))) - IN_GENERAL
    assert [setting for setting in named if not exists(*setting)] == []


def test_every_setting_of_airflow_cfg_exists_and_says_why() -> None:
    text, found = (ROOT / "airflow.cfg").read_text(), configparser.ConfigParser(interpolation=None)
    found.read_string(text)
    lines = text.splitlines()
    for section in found.sections():
        for option, value in found[section].items():
            assert exists(section, option), f"[{section}] {option}"
            assert value != str(conf.configuration_description[section]["options"].get(option, {}).get("default"))
            assert lines[lines.index(f"{option} = {value}") - 1].startswith("# ")


def test_every_setting_of_the_local_stack_exists_and_is_not_in_airflow_cfg(tmp_path: Path) -> None:
    server = SimpleNamespace(parameters=lambda name: {"host": "h", "port": 1, "user": "u", "password": "p"})
    stack = AirflowStack(Settings(tmp_path, 20_000), server, Secrets(tmp_path / "secrets.json"))
    environment = stack.environment()
    named = [match.groups() for match in map(SETTING.fullmatch, environment) if match]
    assert len(named) > 10
    assert [setting for setting in named if not exists(*setting)] == []
    common = configparser.ConfigParser(interpolation=None)
    common.read(environment["AIRFLOW_CONFIG"])
    assert [
        setting
        for setting in named
        if common.get(*map(str.lower, setting), fallback=None) == environment["AIRFLOW__{}__{}".format(*setting)]
    ] == []


def test_airflows_own_lint_has_nothing_to_say(tmp_path: Path) -> None:
    environment = os.environ | {"AIRFLOW_CONFIG": str(ROOT / "airflow.cfg"), "AIRFLOW_HOME": str(tmp_path)}
    environment[settings.METADATA_URL] = "postgresql+psycopg2://nobody@127.0.0.1/nothing"
    # It reports whatever executor is named, unless it is the default one: the default was another in Airflow 2.
    command = [sys.executable, "-m", "airflow", "config", "lint", "--ignore-option", "executor"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "No issues found" in done.stdout, done.stdout + done.stderr


def described() -> dict[str, str]:
    """The variables of the example with the comment above each."""
    lines, found = EXAMPLE.read_text().splitlines(), {}
    for number, line in enumerate(lines):
        if match := VARIABLE.match(line):
            found[match[2]] = lines[number - 1]
    return found


def read_by_us() -> set[str]:
    """The variables that the container, the local stack and the connections read, as their code names them."""
    code = "\n".join(
        p.read_text() for top in ("stacks_dataverse", "plugins", "dags") for p in (ROOT / top).rglob("*.py")
    )
    connections = {*re.findall(r'dsn\("(\w+)"\)', code), *re.findall(r'Hook\("(\w+)"', code), *CHANNELS, *VENDORS}
    variables = set(re.findall(r'(?:_number|_bucket|Variable\.get)\(\s*"(\w+)"', code))
    pieces = (ROOT / "scripts" / "container").glob("*.py")
    names = {name for path in pieces for name in re.findall(r'"((?:POSTGRES|AIRFLOW_ADMIN)_\w+)"', path.read_text())}
    sizes = {variable for variable, _ in (*settings.POOLS.values(), settings.WAIT_SECONDS)}
    return {
        *(f"AIRFLOW_CONN_{name.upper()}" for name in connections),
        *(f"AIRFLOW_VAR_{name.upper()}" for name in variables),
        *(names | sizes | set(vendor_keys.VARIABLES)),
    }


def test_the_example_names_all_that_is_read() -> None:
    assert len(read_by_us()) > 25
    assert read_by_us() - set(described()) == set()


def test_what_the_example_names_is_read_by_somebody() -> None:
    of_boto = {name for _, names, _, _ in BOTOCORE_DEFAUT_SESSION_VARIABLES.values() for name in _listed(names)}
    others = {name for name in described() if not SETTING.fullmatch(name)} - read_by_us()
    assert others - of_boto - OF_LIBRARIES == set()


def _listed(names: str | list[str] | None) -> list[str]:
    return names if isinstance(names, list) else [names] if names else []


def test_each_variable_of_the_example_says_what_it_is_and_whether_it_is_required() -> None:
    for name, comment in described().items():
        assert re.match(r"# (Required|Optional)\b.*\. \S", comment) or re.match(r"# Required at", comment), name
    required = {name for name, comment in described().items() if comment.startswith("# Required")}
    assert set(env_file.read(EXAMPLE)) == required


def test_the_example_without_its_secrets_is_refused_and_with_them_accepted() -> None:
    values = env_file.read(EXAMPLE)
    assert {name for name, value in values.items() if not value} == {
        *settings.KEYS, settings.ADMIN_PASSWORD, "POSTGRES_PASSWORD",
    }  # fmt: skip
    assert settings.METADATA_URL in settings.for_components(values | {"POSTGRES_PASSWORD": "secret"}, whole=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [match[1:] for match in VARIABLE.findall(EXAMPLE.read_text()) if match[1].startswith("AIRFLOW_CONN_")],
)
def test_airflow_understands_the_connections_of_the_example(name: str, value: str) -> None:
    given = {"uri": value} if not value.startswith("{") else json.loads(value)
    found = Connection(**given)
    assert found.conn_type in ("postgres", "http", "aws", "slackwebhook", "smtp")
    assert found.password or name == "AIRFLOW_CONN_AWS_DEFAULT"
