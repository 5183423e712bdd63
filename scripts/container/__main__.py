"""What the image does when it starts, see `entrypoint.sh`: checks, sets up the database, runs components."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

from scripts.container import components, settings
from scripts.container.errors import ContainerError
from scripts.container.supervise import supervise

# Of several containers one sets up the database, and the others wait for it.
SETS_UP = (components.ALL, components.MIGRATE, "api-server")
USAGE_STATUS = 2


def main(arguments: Sequence[str]) -> int:
    """Run what `arguments` name; returns the exit status of the container."""
    # The kernel passes on to process 1 only signals that it has a handler for.
    signal.signal(signal.SIGTERM, _end)
    arguments = arguments or [components.ALL]
    try:
        chosen = components.choose(arguments)
        settings.require_keys(os.environ)
        environment = settings.for_components(os.environ, whole=len(chosen) > 1)
    except ContainerError as error:
        print(error, file=sys.stderr)
        return USAGE_STATUS
    status = _prepare(os.environ | environment, sets_up=arguments[0] in SETS_UP)
    if status or not chosen:
        return status
    os.environ.clear()
    os.environ.update(environment)
    return supervise(chosen)


def _prepare(environment: Mapping[str, str], sets_up: bool) -> int:
    """In a process of its own, which gives back the memory that Airflow takes."""
    command = [sys.executable, "-m", "scripts.container.prepare", *([] if sets_up else ["--only-wait"])]
    return subprocess.run(command, check=False, env=environment).returncode


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
