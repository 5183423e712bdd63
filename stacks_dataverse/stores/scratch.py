"""A folder for files that a task needs for a while; what a killed task left behind goes with the next one."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "dataverse-"
LOCK = "in_use"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder below the system's temporary one (TMPDIR), and remove it with all that is in it."""
    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name, _hold_lock(Path(name)):
        yield Path(name)


@contextmanager
def _hold_lock(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends; it gets its name when it is held."""
    unnamed = path / "lock"
    with unnamed.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unnamed.rename(path / LOCK)
        yield


def _remove_abandoned() -> None:
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        # Still in use, somebody else's, or removed just now.
        with suppress(OSError), path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path.parent, ignore_errors=True)
