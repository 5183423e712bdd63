"""Whether all of Airflow is healthy: `python scripts/container/healthy.py [URL]`, exit status 0 or 1.

URL is where the API server listens; by default in this container, by the settings of its environment. The status code
of Airflow's health page is 200 even when its scheduler is dead, so the answer is read. Standard library only.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

COMPONENTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")
TIMEOUT_SECONDS = 8


def main(arguments: Sequence[str]) -> int:
    """Print what is bad, or that nothing is; returns the exit status."""
    bad = unhealthy(arguments[0] if arguments else default_url(os.environ))
    print("; ".join(bad) or "healthy")
    return 1 if bad else 0


def unhealthy(url: str) -> list[str]:
    """Return a line for each component that is not healthy, or for the API server if it does not answer."""
    address = f"{url.rstrip('/')}/api/v2/monitor/health"
    try:
        # Not through a proxy, which would not find this container.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=TIMEOUT_SECONDS) as answer:
            health = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as error:
        return [f"api-server: {address} cannot be read, {error}"]
    return [f"{name}: {status}" for name in COMPONENTS if (status := _status(health, name)) != "healthy"]


def default_url(environment: Mapping[str, str]) -> str:
    """Return where the API server of this container listens, below the path of its public address."""
    path = urlsplit(environment.get("AIRFLOW__API__BASE_URL", "")).path
    return f"http://127.0.0.1:{environment.get('AIRFLOW__API__PORT') or '8080'}{path}"


def _status(health: Any, name: str) -> str:
    """A component that never ran has no status."""
    report = health.get(name) if isinstance(health, dict) else None
    return (report.get("status") if isinstance(report, dict) else None) or "not running"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
