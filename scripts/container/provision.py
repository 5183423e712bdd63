"""What Airflow has to know, written in one process: starting Airflow's Python takes seconds.

Runs as a program with Airflow's environment. It reads one JSON object from standard input, so that
no secret is on a command line: {"migrate": bool, "admin": {"user", "password"} or null,
"connections": {id: {"conn_type", ...}}, "variables": {name: value, always written},
"defaults": {name: value, written where there is none}, "pools": {name: slots}}.
"""

import json
import sys
from typing import Any

from airflow.models.connection import Connection
from airflow.models.pool import Pool
from airflow.models.variable import Variable
from airflow.utils.session import create_session
from sqlalchemy import delete


def apply(request: dict[str, Any]) -> None:
    """Bring Airflow's metadata to what `request` says; run twice, it changes nothing."""
    if request["migrate"]:
        _migrate()
    with create_session() as session:
        for name, fields in request["connections"].items():
            session.execute(delete(Connection).where(Connection.conn_id == name))
            session.add(Connection(conn_id=name, **fields))
    for name, slots in request["pools"].items():
        Pool.create_or_update_pool(name, slots, description="", include_deferred=False)
    for name, value in request["variables"].items():
        Variable.set(name, value)
    for name, value in request["defaults"].items():
        Variable.setdefault(name, value)
    if request["admin"] is not None:
        _ensure_admin(**request["admin"])


def _migrate() -> None:
    from airflow.utils.db import upgradedb

    upgradedb()


def _ensure_admin(user: str, password: str) -> None:
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        security = builder.sm
        # The API server is configured to leave this out: it takes seconds of every start.
        builder.add_permissions(update_perms=True)
        security.sync_roles()
        role, found = security.find_role("Admin"), security.find_user(user)
        if found is None:
            security.add_user(user, "Local", "Admin", f"{user}@localhost.local", role, password)
            return
        security.reset_password(found.id, password)
        if role not in found.roles:
            found.roles.append(role)
            security.update_user(found)


if __name__ == "__main__":
    apply(json.load(sys.stdin))
