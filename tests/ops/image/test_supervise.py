"""Components are kept running: stand-ins that die, end and write."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WAITS = """
    import signal, sys, time
    def end(*_):
        print(f"{sys.argv[1]} ends", flush=True)
        sys.exit()
    signal.signal(signal.SIGTERM, end)
    print(f"{sys.argv[1]} is up", flush=True)
    while True:
        time.sleep(0.1)
"""
DIES = 'import sys; sys.exit("it is broken, 100%")'
DEAF = """
    import signal, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(f"{sys.argv[1]} is up", flush=True)
    time.sleep(60)
"""
PROGRAM = """
    import sys
    from scripts.container import supervise
    from scripts.container.components import Component
    supervise.START_SECONDS = {start}
    supervise.RESTARTS = 1
    sys.exit(supervise.supervise([{components}]))
"""


@pytest.fixture
def supervise(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Supervise stand-ins: name, source, order and seconds to stop of each."""

    def run(*stand_ins: tuple[str, str, int, int], start: int = 1) -> subprocess.Popen[str]:
        components = []
        for name, source, order, seconds in stand_ins:
            file = tmp_path / f"{name} 100%.py"
            file.write_text(textwrap.dedent(source))
            command = [sys.executable, str(file), name]
            components.append(f"Component({name!r}, {command!r}, {seconds}, {order})")
        source = textwrap.dedent(PROGRAM.format(components=", ".join(components), start=start))
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen([sys.executable, "-c", source], cwd=ROOT, **pipes)

    return run


def wait_for(process: subprocess.Popen[str], *words: str) -> None:
    """Read its output until all the words were in it."""
    left = set(words)
    while left:
        line = process.stdout.readline()
        assert line, f"it ended without {left}"
        left = {word for word in left if word not in line}


def test_a_component_that_dies_for_good_ends_everything_with_an_error(
    supervise: Callable[..., subprocess.Popen[str]],
) -> None:
    process = supervise(("good", WAITS, 1, 5), ("bad", DIES, 2, 5))
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said.count("it is broken, 100%") == 2
    assert "bad has died 2 times" in said
    assert "good ends" in said


def test_so_does_one_that_dies_again_and_again_after_it_has_started(
    supervise: Callable[..., subprocess.Popen[str]],
) -> None:
    process = supervise(("good", WAITS, 1, 5), ("bad", DIES, 2, 5), start=0)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said.count("it is broken, 100%") == 2


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_all_in_their_order(
    supervise: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    process = supervise(("first", WAITS, 2, 5), ("last", WAITS, 1, 5))
    wait_for(process, "first is up", "last is up")
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said.index("first ends") < said.index("last ends")


def test_what_does_not_listen_is_killed_in_its_time(supervise: Callable[..., subprocess.Popen[str]]) -> None:
    process = supervise(("deaf", DEAF, 2, 1), ("last", WAITS, 1, 5))
    wait_for(process, "deaf is up", "last is up")
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said.index("killing 'deaf'") < said.index("last ends")
