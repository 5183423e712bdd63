"""A network of a test's own, whose cable can be pulled: nothing comes through any more, and nobody says so."""

import ctypes
import os
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

NEAR, FAR, PREFIX = "10.213.7.1", "10.213.7.2", 30
# Of sched.h; the calling thread's network becomes another.
CLONE_NEWNET = 0x40000000


@dataclass(frozen=True)
class Cable:
    """A network of its own on this machine, and the cable to it; `listener` listens there."""

    name: str
    listener: socket.socket

    def pull(self) -> None:
        """Let nothing through from now on."""
        _ip(f"-n {self.name} link set {self.name}f down")


@pytest.fixture
def cable() -> Iterator[Cable]:
    """Lay a cable to a new network."""
    name = f"s{os.getpid()}"
    try:
        for command in (
            f"netns add {name}",
            f"link add {name}n type veth peer name {name}f netns {name}",
            f"addr add {NEAR}/{PREFIX} dev {name}n",
            f"link set {name}n up",
            f"-n {name} addr add {FAR}/{PREFIX} dev {name}f",
            f"-n {name} link set {name}f up",
        ):
            _ip(command)
        with ThreadPoolExecutor(1) as thread:
            listener = thread.submit(_listen_in, name).result()
        with listener:
            yield Cable(name, listener)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        pytest.skip(f"no network can be made here: {error}")
    finally:
        for command in (f"link del {name}n", f"netns del {name}"):
            subprocess.run(["ip", *command.split()], check=False, capture_output=True)


def _listen_in(name: str) -> socket.socket:
    """Listen in another network; the thread stays there."""
    with Path(f"/run/netns/{name}").open() as network:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(network.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    return socket.create_server((FAR, 0))


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True, capture_output=True, text=True)
