"""The plugin that sets the guards of log-in before every request of the API server."""

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


def guarded(app: Any) -> Any:
    """Return an ASGI application behind the guards, as Airflow's configuration says.

    Imported here, for every process of Airflow loads its plugins, and only the API server serves.
    """
    from airflow.configuration import conf
    from limits import parse_many

    from plugins.log_in.gate import Gate
    from plugins.log_in.throttle import Throttle

    limits = parse_many(conf.get("fab", "auth_rate_limit")) if conf.getboolean("fab", "auth_rate_limited") else []
    is_https = conf.get("api", "base_url", fallback="").startswith("https://")
    return Gate(Throttle(app, limits), is_https)


class LogInPlugin(AirflowPlugin):
    """Registers the guards."""

    name = "log_in"
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [{"name": "Guards of log-in", "middleware": guarded}]
