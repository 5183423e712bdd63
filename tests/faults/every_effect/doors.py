"""The doors through which a run has its effects: statements to PostgreSQL, requests to S3, and calls of vendors.

In the process of a run every effect is counted here, and one of them goes wrong. Threads that publish are replaced by
the run's own, so that the n-th effect is the same one in every run.
"""

import os
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import requests.adapters
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

import stacks_dataverse
from stacks_dataverse.runners import upload
from stacks_dataverse.stores import parallel
from tests.faults.every_effect import sessions

KILLED = 137
PRODUCT = str(Path(stacks_dataverse.__file__).parent)
SLOW_DOWN = {"Code": "SlowDown", "Message": "Please reduce your request rate."}


class Fault(Enum):
    """How an effect goes wrong."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    REFUSED = "refused"
    ANSWER_LOST = "answer lost"
    TOO_LATE = "too late"
    TWICE = "twice"
    OVERTAKEN = "overtaken"


class Door(Protocol):
    """What is known of one effect: how it is called, how it is done, and how its other end fails."""

    label: str

    def do(self) -> Any:
        """Have the effect."""

    def refuse(self) -> Exception:
        """Not have it; return the error that its caller sees."""

    def lose(self) -> Exception:
        """After it was done, lose its answer; return the error that its caller sees."""

    def time_out(self, later: list[Callable[[], Any]]) -> Exception:
        """Not have it yet; add to `later` what happens when nobody waits for it any more."""


@dataclass
class Doors:
    """Counts the effects of this process; the `number`-th, the first is 1, has the fault.

    `callers` are the lines of code from which each effect was had. `later` is what was held up on the way, and arrives
    when the run is over. `halt` returns when another run of the task has overtaken this one: has ended, or waits for a
    lock that this one holds.
    """

    number: int = 0
    fault: Fault | None = None
    labels: list[str] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    later: list[Callable[[], Any]] = field(default_factory=list)
    halt: Callable[[], None] = lambda: None
    after_each: Callable[[str], None] = lambda _label: None

    def enter(self, door: Door) -> Any:
        """Have an effect, or what goes wrong of it."""
        self.labels.append(door.label)
        self.callers.append(_callers())
        if len(self.labels) == self.number:
            return self._go_wrong(door)
        answer = door.do()
        self.after_each(door.label)
        return answer

    def arrive(self) -> None:
        """Let arrive what was held up; nobody learns of its answer, or that it fails."""
        for effect in self.later:
            with suppress(Exception):
                effect()

    def _go_wrong(self, door: Door) -> Any:
        if self.fault is Fault.KILLED_BEFORE:
            os._exit(KILLED)
        if self.fault is Fault.REFUSED:
            raise door.refuse()
        if self.fault is Fault.TOO_LATE:
            raise door.time_out(self.later)
        if self.fault is Fault.OVERTAKEN:
            self.halt()
        answer = door.do()
        if self.fault is Fault.KILLED_AFTER:
            os._exit(KILLED)
        if self.fault is Fault.ANSWER_LOST:
            raise door.lose()
        return door.do() if self.fault is Fault.TWICE else answer

    def install(self) -> None:
        """Have every effect of this process, which is never to be used for anything else, pass here."""
        sessions.install(self.enter)
        BaseClient._make_api_call = _s3(self.enter, BaseClient._make_api_call)
        requests.adapters.HTTPAdapter.send = _vendor(self.enter, requests.adapters.HTTPAdapter.send)
        for module in (upload, parallel):
            module.ThreadPoolExecutor = AtOnce


class AtOnce:
    """An executor that does everything at once, in the caller's thread."""

    def __init__(self, _threads: int) -> None:
        """As an executor of threads has it."""

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_error: Any) -> None:
        """Nothing is left to be done."""

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except BaseException as error:
            future.set_exception(error)
        return future

    def map(self, work: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Do all of it now."""
        return list(map(work, *arguments))

    def shutdown(self, **_options: Any) -> None:
        """Nothing is left to be done."""


@dataclass
class Request:
    """A request to S3, as boto3 makes it: with its own retries inside."""

    label: str
    do: Callable[[], Any]
    operation: str
    endpoint: str

    def refuse(self) -> Exception:
        """S3 is overloaded, and the client has given up."""
        return ClientError({"Error": SLOW_DOWN}, self.operation)

    def lose(self) -> Exception:
        """No answer comes."""
        return ReadTimeoutError(endpoint_url=self.endpoint)

    def time_out(self, later: list[Callable[[], Any]]) -> Exception:
        """The request arrives when the client has given up."""
        later.append(self.do)
        return self.lose()


@dataclass
class Call:
    """A call of a vendor."""

    label: str
    do: Callable[[], Any]

    def refuse(self) -> Exception:
        """Nobody listens."""
        return requests.ConnectionError("Connection refused")

    def lose(self) -> Exception:
        """No answer comes."""
        return requests.ReadTimeout("Read timed out.")

    def time_out(self, later: list[Callable[[], Any]]) -> Exception:
        """The call arrives when the client has given up."""
        later.append(self.do)
        return self.lose()


def _callers() -> str:
    """The lines of the product, each in a function that the one before called, from which this was called."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_stack(sys._getframe(1))]
    return " ".join(f"{file}:{line}" for file, line in frames if file.startswith(PRODUCT))


def _s3(enter: Callable[[Door], Any], call: Callable[..., Any]) -> Callable[..., Any]:
    def make_api_call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        place = "/".join(parameters[name] for name in ("Bucket", "Key") if name in parameters)
        request = Request(
            f"S3: {operation} {place}",
            lambda: call(client, operation, dict(parameters)),
            operation,
            client.meta.endpoint_url,
        )
        return enter(request)

    return make_api_call


def _vendor(enter: Callable[[Door], Any], send: Callable[..., Any]) -> Callable[..., Any]:
    def send_one(adapter: Any, request: requests.PreparedRequest, **options: Any) -> Any:
        return enter(Call(f"vendor: {request.method} {request.path_url}", lambda: send(adapter, request, **options)))

    return send_one
