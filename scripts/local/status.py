"""What `status` says: which servers run, how to log in, what the stack works on, and what is paused."""

from collections.abc import Callable

import psycopg2
import requests

from scripts.local import days, sample
from scripts.local.airflow_api import AirflowApi
from scripts.local.errors import StackError
from scripts.local.ports import HOST
from scripts.local.report import aligned
from scripts.local.settings import PUBLIC_BUCKET
from scripts.local.stack import ADMIN, Stack
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.stores.warehouse import Warehouse

NEWEST_SQL = """
    SELECT count(*) AS days, max(day)::text AS day,
           to_char(max(built_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at
    FROM loaded_days
"""
PASSWORD_COMMAND = "./scripts/local.sh password"
STANDS_STILL = "because the source does not grow: they run on request, by `day`, `market`, `tip` or in the web UI"
GROWS = "until they are unpaused, in the web UI or by `airflow dags unpause DAG`; then they run by schedule"


def describe(stack: Stack) -> tuple[str, bool]:
    """Return the whole text, and whether all servers run."""
    servers = _servers(stack)
    rows = [(name, f"{'up' if up else 'down':<5} {address}") for name, address, up in servers]
    return aligned([*rows, ("", ""), *_facts(stack)]), all(up for _, _, up in servers)


def how_to_log_in(stack: Stack, password: str) -> list[tuple[str, str]]:
    """Return the addresses of the web UI with its user, the Dataverse page, and the public site.

    Args:
        password: as it is to be shown.
    """
    web = stack.settings.web_url
    return [
        ("Airflow", f"{web}  user {ADMIN}, {password}"),
        ("Dataverse", f"{web}/plugin/dataverse"),
        ("public site", f"{stack.s3.endpoint}/{PUBLIC_BUCKET}/index.html"),
    ]


def _servers(stack: Stack) -> list[tuple[str, str, bool]]:
    settings, unhealthy = stack.settings, stack.airflow.unhealthy()
    return [
        ("postgres", f"{HOST}:{settings.postgres_port}", stack.postgres.is_running()),
        ("s3", stack.s3.endpoint, stack.s3.is_running()),
        ("vendors", stack.vendors.url, stack.vendors.is_running()),
        *[
            (f"airflow {name}", settings.web_url if name == "api-server" else "", name not in unhealthy)
            for name in stack.airflow.processes
        ],
    ]


def _facts(stack: Stack) -> list[tuple[str, str]]:
    facts = how_to_log_in(stack, f"password: {PASSWORD_COMMAND}")
    if not stack.postgres.is_running():
        return [*facts, ("", "`up` starts what is down")]
    for name, tell in ("source", _source), ("newest day", _newest_day), ("DAGs", _dags):
        facts += [(name if number == 0 else "", line) for number, line in enumerate(_known(tell, stack))]
    return facts


def _known(tell: Callable[[Stack], list[str]], stack: Stack) -> list[str]:
    try:
        return tell(stack)
    except (StackError, DataverseError, psycopg2.Error, requests.RequestException) as error:
        return [f"not known: {error}".splitlines()[0]]


def _source(stack: Stack) -> list[str]:
    found = days.of_chain(stack)
    if found is None:
        return ["an empty Stacks database; `up` without --no-sample fills it with a sample chain"]
    first, _, last = found
    what = "your own Stacks database" if sample.grows(stack) else f"a {stack.choices.get('chain') or 'chain'}"
    if not sample.is_in_use(stack):
        return [f"{what}, {first} to {last}"]
    return [f"the sample chain, {first} to {sample.last_day(stack)}", *sample.how_to_renew(stack)]


def _newest_day(stack: Stack) -> list[str]:
    with Warehouse.open(stack.postgres.dsn("warehouse")) as store:
        (row,) = store.read(NEWEST_SQL).to_pylist()
    if not row["days"]:
        return ["none is loaded; `day` loads the newest"]
    return [f"{row['day']}; {row['days']:,} day{'s' * (row['days'] != 1)} loaded, the last at {row['at']} UTC"]


def _dags(stack: Stack) -> list[str]:
    if "api-server" in stack.airflow.unhealthy():
        return ["not known while Airflow is down"]
    dags = AirflowApi(stack.settings.web_url, stack.admin_password).dags()
    paused = sorted(dag["dag_id"] for dag in dags if dag["is_paused"])
    active = sorted(dag["dag_id"] for dag in dags if not dag["is_paused"])
    why = GROWS if sample.grows(stack) else STANDS_STILL
    return [f"paused: {', '.join(paused) or 'none'}", why, f"not paused: {', '.join(active) or 'none'}"]
