"""Who may view the page, and who may rebuild a day: Airflow's permissions on two DAGs."""

from typing import Annotated
from urllib.parse import urlsplit

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from fastapi import Depends, HTTPException, Request, status

DAILY_DAG, BACKFILL_DAG = "stacks_daily", "stacks_backfill"

User = Annotated[BaseUser, Depends(get_user)]

# 401 without log-in, 403 without read access to the DAG of the chain's days.
may_view = requires_access_dag("GET", param_dag_id=DAILY_DAG)

# 403 without the right to trigger the DAG that rebuilds days.
must_rebuild = requires_access_dag("POST", DagAccessEntity.RUN, BACKFILL_DAG)


def may_rebuild(request: Request, user: User) -> bool:
    """Whether a user may trigger that DAG."""
    try:
        must_rebuild(request, user)
    except HTTPException:
        return False
    return True


def require_same_origin(request: Request) -> None:
    """Refuse requests that another site makes a browser send (CSRF); a script with a bearer token is no browser.

    Basic credentials, such as for a proxy, do not count: browsers attach them to requests of any site.
    """
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    is_same_origin = site == "same-origin" if site else urlsplit(origin).netloc == request.headers.get("host")
    if not is_same_origin:
        raise HTTPException(
            status.HTTP_403_FORBIDDEN, "The request did not come from this page. Open the day again and retry."
        )
