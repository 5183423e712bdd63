"""Keeps components running: restarts what dies a few times, ends everything when one dies for good.

The work is supervisor's (https://supervisord.org), as a library: as a program it goes on without a component that
it gave up, and always exits with 0.
"""

import configparser
import shlex
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress

from supervisor import events
from supervisor.medusa.asyncore_25 import ExitNow
from supervisor.options import ServerOptions
from supervisor.states import SupervisorStates
from supervisor.supervisord import Supervisor

from scripts.container.components import Component

RESTARTS, WITHIN_SECONDS = 3, 600.0
# A component that ends sooner has not started; supervisor waits a second more before each next start.
START_SECONDS = 5


def supervise(components: Sequence[Component]) -> int:
    """Run components until SIGTERM or SIGINT (returns 0), or until one has died for good (returns 1)."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        _configuration(components).write(file)
        file.flush()
        options = ServerOptions()
        options.realize(["--configuration", file.name])
    options.first, options.test = True, False
    supervision = _Supervision(options)
    with suppress(ExitNow):
        supervision.main()
    return 1 if supervision.given_up else 0


class _Supervision(Supervisor):
    given_up = False

    def runforever(self) -> None:
        self._deaths: dict[str, deque[float]] = defaultdict(deque)
        events.subscribe(events.ProcessLogEvent, _pass_on)
        for died in (events.ProcessStateExitedEvent, events.ProcessStateBackoffEvent):
            events.subscribe(died, self._count)
        events.subscribe(events.ProcessStateFatalEvent, self._give_up)
        super().runforever()

    def _count(self, event: events.ProcessStateEvent) -> None:
        deaths, now = self._deaths[event.process.config.name], time.monotonic()
        deaths.append(now)
        while deaths[0] < now - WITHIN_SECONDS:
            deaths.popleft()
        if len(deaths) > RESTARTS:
            self._give_up(event)

    def _give_up(self, event: events.ProcessStateEvent) -> None:
        if self.options.mood != SupervisorStates.RUNNING:
            return
        name = event.process.config.name
        self.options.logger.critical(f"{name} has died {RESTARTS + 1} times in a short while: everything ends")
        self.given_up = True
        self.options.mood = SupervisorStates.SHUTDOWN


def _pass_on(event: events.ProcessLogEvent) -> None:
    """Write what a component wrote to our own output: a file name for it does not open when that is a socket."""
    sys.stdout.buffer.write(event.data)
    sys.stdout.buffer.flush()


def _configuration(components: Sequence[Component]) -> configparser.ConfigParser:
    config = configparser.ConfigParser(interpolation=None)
    # Its own messages go to standard output as well; the pid file is not used.
    config["supervisord"] = {
        "nodaemon": "true",
        "logfile": "/dev/null",
        "logfile_maxbytes": "0",
        "pidfile": f"{tempfile.gettempdir()}/supervisord.pid",
        "nocleanup": "true",
    }
    for component in components:
        config[f"program:{component.name}"] = _program(component)
    # Groups end one after the other, the programs of a group together.
    for order in {component.order for component in components}:
        names = [component.name for component in components if component.order == order]
        config[f"group:{order}"] = {"programs": ",".join(names), "priority": str(order)}
    return config


def _program(component: Component) -> dict[str, str]:
    return {
        # A percent sign would begin one of supervisor's own expressions.
        "command": shlex.join(component.command).replace("%", "%%"),
        "autorestart": "true",
        "startsecs": str(START_SECONDS),
        "startretries": str(RESTARTS),
        "stopwaitsecs": str(component.stop_seconds),
        # The scheduler ends its own tasks in order; what is left after that goes with it.
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": "NONE",
        "stdout_events_enabled": "true",
    }
