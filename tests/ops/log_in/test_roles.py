"""Everybody with a role finds the pages of plugins in the navigation."""

import pytest
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride

from plugins.log_in.passwords import BcryptSecurityManager
from plugins.log_in.roles import SEE_PAGES

AIRFLOWS = {role["role"]: role["perms"] for role in FabAirflowSecurityManagerOverride.ROLE_CONFIGS}
OURS = {role["role"]: role["perms"] for role in BcryptSecurityManager.ROLE_CONFIGS}


@pytest.mark.parametrize("role", ["Viewer", "User", "Op", "Admin"])
def test_a_role_sees_pages(role: str) -> None:
    assert SEE_PAGES in OURS[role]


@pytest.mark.parametrize("role", AIRFLOWS)
def test_a_role_may_nothing_else_more(role: str) -> None:
    assert set(OURS[role]) - {SEE_PAGES} == set(AIRFLOWS[role]) - {SEE_PAGES}


def test_nobody_sees_nothing() -> None:
    assert OURS["Public"] == []
