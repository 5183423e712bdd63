"""One command at a time changes the stack."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.local.errors import Busy


@contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """Hold the stack of `home`; the system lets go of it when this process ends, killed or not.

    Raises Busy when another command holds it.
    """
    (home / "run").mkdir(parents=True, exist_ok=True)
    with open(home / "run" / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("Another local.sh is running on this stack; wait until it ends") from error
        yield
