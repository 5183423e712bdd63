"""The plugin that sets the guards of log-in before every request of the API server."""

from pathlib import Path
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

GUARDS = "Guards of log-in"


def guard_app(app: Any) -> Any:
    """Return an ASGI application behind the guards, as Airflow's configuration says. Raises AirflowConfigException.

    Imported here, for every process of Airflow loads its plugins, and only the API server serves.
    """
    from airflow.configuration import conf
    from airflow.exceptions import AirflowConfigException
    from limits import parse_many

    from plugins.log_in.gate import Gate
    from plugins.log_in.throttle import Throttle

    if not (config_file := Path(conf.get("fab", "config_file"))).is_file():
        # Airflow would go on, with passwords and limits of its own.
        raise AirflowConfigException(f"{config_file} is missing; set [fab] config_file to our webserver_config.py")
    limits = parse_many(conf.get("fab", "auth_rate_limit")) if conf.getboolean("fab", "auth_rate_limited") else []
    is_https = conf.get("api", "base_url", fallback="").startswith("https://")
    return Gate(Throttle(app, limits), is_https)


class LogInPlugin(AirflowPlugin):
    """Registers the guards."""

    name = "log_in"
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [{"name": GUARDS, "middleware": guard_app}]
