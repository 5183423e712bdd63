"""webserver_config.py and the plugin, as Airflow reads them."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from airflow import plugins_manager
from airflow._shared.module_loading import find_path_from_directory
from airflow.configuration import conf
from airflow.exceptions import AirflowConfigException
from airflow.plugins_manager import AirflowPlugin
from flask_appbuilder.const import AUTH_DB

from plugins.log_in.gate import Gate
from plugins.log_in.passwords import BcryptSecurityManager
from plugins.log_in_plugin import GUARDS, guard_app
from scripts.local.settings import REPOSITORY

PLUGIN = REPOSITORY / "plugins" / "log_in_plugin.py"


def settings_at(base_url: str, monkeypatch: pytest.MonkeyPatch, guards: str = GUARDS) -> dict[str, Any]:
    """What webserver_config.py says when Airflow is reached at an address and has loaded a plugin's guards."""
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", base_url)
    monkeypatch.setattr(plugins_manager, "get_fastapi_plugins", lambda: ([], [{"name": guards}]))
    return runpy.run_path(str(REPOSITORY / "webserver_config.py"))


@pytest.mark.parametrize(
    ("base_url", "is_secure"),
    [("http://127.0.0.1:18500", False), ("https://airflow.example.org", True), ("", False)],
    ids=["http", "https", "no address"],
)
def test_cookies_are_secure_behind_tls(base_url: str, is_secure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_at(base_url, monkeypatch)["SESSION_COOKIE_SECURE"] is is_secure


def test_how_one_logs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_at("http://127.0.0.1:18500", monkeypatch)
    wanted = {
        "SECURITY_MANAGER_CLASS": BcryptSecurityManager,
        "AUTH_TYPE": AUTH_DB,
        "AUTH_USER_REGISTRATION": False,
        "WTF_CSRF_ENABLED": True,
        "BCRYPT_LOG_ROUNDS": 12,
        "BCRYPT_HANDLE_LONG_PASSWORDS": True,
    }
    assert {name: settings[name] for name in wanted} == wanted
    assert "AUTH_ROLE_PUBLIC" not in settings
    assert conf.get("fab", "auth_role_public", fallback="") == ""


def test_without_the_guards_airflow_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AirflowConfigException, match="plugins_folder"):
        settings_at("http://127.0.0.1:18500", monkeypatch, guards="Somebody else's")


def test_without_its_file_nothing_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__FAB__CONFIG_FILE", str(tmp_path / "webserver_config.py"))
    with pytest.raises(AirflowConfigException, match="is missing"):
        guard_app(None)
    (tmp_path / "webserver_config.py").touch()
    assert isinstance(guard_app(None), Gate)


def test_only_the_plugin_is_loaded_as_one() -> None:
    found = find_path_from_directory(str(REPOSITORY / "plugins"), ".airflowignore", "glob")
    assert [path for path in found if path.endswith(".py") and "log_in" in path] == [str(PLUGIN)]
    assert issubclass(runpy.run_path(str(PLUGIN))["LogInPlugin"], AirflowPlugin)
