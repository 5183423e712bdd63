"""Who may look at the page, and who may have a day built again: Airflow's own rules for two DAGs."""

from typing import Annotated
from urllib.parse import urlsplit

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from fastapi import Depends, HTTPException, Request, status

LOOKED_AT, REBUILDS = "stacks_daily", "stacks_backfill"

User = Annotated[BaseUser, Depends(get_user)]

# 401 for the anonymous, 403 for whoever may not see the DAG of the chain's days.
may_look = requires_access_dag("GET", param_dag_id=LOOKED_AT)

# 403 for whoever may not trigger the DAG that builds days again.
must_rebuild = requires_access_dag("POST", DagAccessEntity.RUN, REBUILDS)


def may_rebuild(request: Request, user: User) -> bool:
    """Whether a user may trigger that DAG."""
    try:
        must_rebuild(request, user)
    except HTTPException:
        return False
    return True


def from_here(request: Request) -> None:
    """Refuse what another site makes a browser send; a script with a token of its own is no browser.

    A password for a proxy is no such token: browsers send it along with whatever any site makes them send.
    """
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    is_ours = site == "same-origin" if site else urlsplit(origin).netloc == request.headers.get("host")
    if not is_ours:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This was not sent from the page. Open the day and try again.")
