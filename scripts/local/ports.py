"""Whether a port of this machine is free, and who holds it when it is not."""

import socket
import time

import psutil

from scripts.local.errors import StackError

HOST = "127.0.0.1"
UNKNOWN = "a process of another user"
CLOSING_PATIENCE_SECONDS = 3.0


def free() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def require_free(port: int, purpose: str) -> None:
    """Raise StackError unless `port` can be listened on; it names the holder where known."""
    deadline = time.monotonic() + CLOSING_PATIENCE_SECONDS
    while not _can_bind(port):
        who = holder(port)
        # The port of a process that was just killed stays taken for a moment, without a process.
        if who is not None or time.monotonic() > deadline:
            raise StackError(
                f"Port {port}, needed for {purpose}, is used by {who or UNKNOWN}. Stop that process, or choose "
                "other ports with DATAVERSE_PORT_BASE."
            )
        time.sleep(0.05)


def holder(port: int) -> str | None:
    """Describe the process that listens on `port`; None where the system does not show it."""
    for process in psutil.process_iter():
        try:
            if listens(process, port):
                command = " ".join(process.cmdline()) or process.name()
                return f"process {process.pid} ({command[:120]})"
        except psutil.Error:
            continue
    return None


def listens(process: psutil.Process, port: int) -> bool:
    """Whether this very process listens on `port`. psutil.Error where it may not be asked."""
    connections = process.net_connections(kind="tcp")
    return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in connections)


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        # Without this a port whose last connections are still closing seems taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
