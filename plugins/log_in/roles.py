"""What FAB's default roles may beyond Airflow's own list: see the pages of plugins in the navigation.

Such a page guards itself; without this permission the web UI does not tell a Viewer that it is there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from airflow.providers.fab.www.security.permissions import ACTION_CAN_READ, RESOURCE_PLUGIN

SEE_PAGES = (ACTION_CAN_READ, RESOURCE_PLUGIN)
# Op and Admin have it of Airflow.
SEERS = {"Viewer", "User"}


def seeing_pages(roles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return role configurations, as FAB's security manager has them, with that permission where it lacks."""
    return [dict(role, perms=[*role["perms"], SEE_PAGES] if role["role"] in SEERS else role["perms"]) for role in roles]
