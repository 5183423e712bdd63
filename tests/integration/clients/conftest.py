"""Both clients behind one interface, before a bucket whose server has faults."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from stacks_dataverse_client import Client, DataverseError

from tests.support import public_bucket
from tests.support.public_bucket import PublicBucket

ROOT = Path(__file__).parents[3]
JAVASCRIPT = ROOT / "stacks_dataverse" / "clients" / "typescript"
PYTHON = ROOT / "stacks_dataverse" / "clients" / "python"
DRIVER = Path(__file__).parent / "driver.mjs"
MAX_SECONDS = 60

# A call is its name and what it is given; an answer is its value, or the name and the message of an error.
Answer = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """A client that makes calls and gives their answers, whatever language it is written in.

    Args:
        patience: in seconds; by default none, so that what fails does so at once.
    """

    run: Callable[[str, dict[str, Any], Sequence[Sequence[str]]], list[Answer]]
    url: str
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self, *calls: tuple[str, ...], **options: Any) -> list[Answer]:
        """Make calls of one client; `options` are patience and timeout in seconds, cache and offline."""
        return self.run(self.url, {"patience": 0, "timeout": 30, "cache": None} | self.options | options, calls)

    def one(self, *call: str, **options: Any) -> Any:
        """The value of one call."""
        return self.values(call, **options)[0]

    def values(self, *calls: tuple[str, ...], **options: Any) -> list[Any]:
        """The values of calls that succeed."""
        answers = self(*calls, **options)
        assert [answer for answer in answers if "error" in answer] == []
        return [answer["value"] for answer in answers]

    def error(self, *call: str, **options: Any) -> tuple[str, str]:
        """The name and the message of the error of a call."""
        [answer] = self(call, **options)
        return answer["error"], answer["message"]


def run_python(url: str, options: dict[str, Any], calls: Sequence[Sequence[str]]) -> list[Answer]:
    """Make calls of the Python client."""
    client = Client(url, **options)
    functions: dict[str, Callable[..., Any]] = {
        "datasets": lambda *group: [dataset.name for dataset in client.datasets(*group)],
        "describe": lambda name: [each.name for each in client.describe(name).fields],
        "fetch": lambda name, day=None: client.fetch(name, "records", day),
        "refresh": lambda: client.refresh().version,
    }
    return [_answer(functions[call], values) for call, *values in calls]


def _answer(function: Callable[..., Any], values: Sequence[str]) -> Answer:
    try:
        return {"value": json.loads(json.dumps(function(*values), default=_text))}
    except DataverseError as error:
        name = next(kind.__name__ for kind in type(error).__mro__ if not kind.__name__.startswith("_"))
        return {"error": name, "message": str(error)}


def _text(value: Any) -> str:
    return str(value).replace(" ", "T").replace("+00:00", "Z")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js; tests that ask for it skip where it is absent or too old."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node.js is not installed")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        pytest.skip(f"Node.js is {version.strip()}; the client needs 20")
    return program


@pytest.fixture(scope="session")
def node_folder(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose scripts may import the JavaScript client by its name."""
    folder = tmp_path_factory.mktemp("node")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "stacks-dataverse-client").symlink_to(JAVASCRIPT)
    shutil.copy(DRIVER, folder)
    return folder


@pytest.fixture(scope="session")
def run_script(node: str, node_folder: Path) -> Callable[..., str]:
    """Run a script of that folder with Node.js; returns what it prints."""

    def run(name: str, text: str = "") -> str:
        command = [node, "--preserve-symlinks", name]
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, cwd=node_folder, check=False, timeout=MAX_SECONDS
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def run_javascript(run_script: Callable[..., str]) -> Callable[..., list[Answer]]:
    """Make calls of the JavaScript client."""

    def run(url: str, options: dict[str, Any], calls: Sequence[Sequence[str]]) -> list[Answer]:
        milliseconds = {f"{name}Ms": 1000 * options[name] for name in ("patience", "timeout")}
        others = {name: value and str(value) for name, value in options.items() if name == "cache"}
        given = {
            "url": url,
            "options": milliseconds | others | {"offline": options.get("offline", False)},
            "calls": calls,
        }
        return json.loads(run_script(DRIVER.name, json.dumps(given)))

    return run


@pytest.fixture
def bucket(direct: None, httpserver: HTTPServer) -> PublicBucket:
    """A bucket with a dataset of three days, and one of which every day keeps a version."""
    made = public_bucket.served(httpserver)
    made.write("blocks", public_bucket.rows_of(139, 138, 140))
    made.write("signers", public_bucket.rows_of(7), day="2024-10-30")
    made.write_catalogue()
    return made


@pytest.fixture(params=["python", "javascript"])
def read(request: pytest.FixtureRequest, bucket: PublicBucket) -> Reader:
    """A client of that bucket, of each language."""
    run = run_python if request.param == "python" else request.getfixturevalue("run_javascript")
    return Reader(run, bucket.url)


@pytest.fixture
def cached(read: Reader, tmp_path: Path) -> Reader:
    """The same with a cache of its own."""
    return Reader(read.run, read.url, {"cache": tmp_path / "cache"})
