"""PostgreSQL refuses to run as root: as root it runs as the user `nobody`."""

import os
import pwd
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.local.errors import StackError

USER = "nobody"


def options() -> dict[str, Any]:
    """Return what makes subprocess run a command as that user; nothing unless we are root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def own(path: Path) -> None:
    """Give a file or folder to that user; nothing unless we are root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(USER)
        os.chown(path, user.pw_uid, user.pw_gid)


def wrap(command: Sequence[str], paths: Sequence[Path]) -> tuple[list[str], dict[str, Any]]:
    """Return command and subprocess options under which the unprivileged user can reach `paths`.

    Below a closed folder such as /root it gets the one capability to pass through, where `setpriv`
    is at hand. Raises StackError when it is not: opening somebody's folders is not ours to do.
    """
    if os.geteuid() != 0 or all(_reachable(path) for path in paths):
        return list(command), options()
    if shutil.which("setpriv") is None:
        raise StackError(
            f"When started as root, PostgreSQL runs as the user {USER}, which has no access to {_closed(paths)}. "
            "Set DATAVERSE_HOME to a folder that all users may enter, such as /var/lib/dataverse, or run this as a "
            "normal user."
        )
    return [*_setpriv(), *command], {}


def _setpriv() -> list[str]:
    user = pwd.getpwnam(USER)
    capability = "+dac_override"
    return [
        "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
        # Without this access(2), by which initdb looks for its server, ignores the capability.
        "--securebits=+no_setuid_fixup",
        f"--inh-caps={capability}", f"--ambient-caps={capability}", "--",
    ]  # fmt: skip


def _reachable(path: Path) -> bool:
    return not _closed([path])


def _closed(paths: Sequence[Path]) -> Path | None:
    """Return the first parent folder that others may not enter."""
    parents = [parent for path in paths for parent in reversed(path.resolve().parents)]
    return next((p for p in parents if not p.stat().st_mode & 0o001), None)
