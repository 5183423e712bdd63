"""Airflow's components as programs: their command lines, and how long each may take to end."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.container.errors import ContainerError

ALL, MIGRATE = "all", "migrate"
# `docker stop --time 30` ends with a kill: what runs tasks gets the larger part, the API server, to which they report,
# the rest.
STOP_SECONDS = {"scheduler": 18, "dag-processor": 18, "triggerer": 4, "api-server": 8}
STOP_SECONDS_ALONE = 26
ALONE = (*STOP_SECONDS, "celery")
# Everything's logs are in one place there: no log server is needed, and it would listen on every interface.
ARGUMENTS = {"scheduler": ["--skip-serve-logs"], "triggerer": ["--skip-serve-logs"]}
# A proxy's word on who asks is taken from the addresses in FORWARDED_ALLOW_IPS, by default from this container only.
EVERYWHERE = {"api-server": ["--proxy-headers"]}
USAGE = f"""\
Usage: entrypoint.sh [COMPONENT [ARGUMENT]...]
  {ALL}: api-server, scheduler, dag-processor and triggerer in this container; the default
  api-server, scheduler, dag-processor, triggerer, celery worker: one of them, with its own arguments
  {MIGRATE}: bring the database up to date, and end"""


@dataclass(frozen=True)
class Component:
    """A program that is kept running; those of a higher `order` are stopped first."""

    name: str
    command: Sequence[str]
    stop_seconds: int
    order: int = 1


def choose(arguments: Sequence[str]) -> list[Component]:
    """Return what the arguments of the entry point name; none for `migrate`. Raises ContainerError."""
    name, *rest = arguments or [ALL]
    if name in (ALL, MIGRATE) and not rest:
        return _all() if name == ALL else []
    if name not in ALONE:
        raise ContainerError(f"{' '.join(arguments)!r} is not a component.\n{USAGE}")
    return [Component(name, _airflow(name, *rest), STOP_SECONDS_ALONE)]


def _all() -> list[Component]:
    return [
        Component(name, _airflow(name, *ARGUMENTS.get(name, [])), seconds, order=1 if name == "api-server" else 2)
        for name, seconds in STOP_SECONDS.items()
    ]


def _airflow(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "airflow", *arguments, *EVERYWHERE.get(arguments[0], [])]
