"""What the local stack tells of itself."""

from psycopg2 import sql

from scripts.local import vendor_keys
from scripts.local.ports import HOST
from scripts.local.settings import PRIVATE_BUCKET, PUBLIC_BUCKET
from scripts.local.stack import Stack

TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename
"""


def closing_table(stack: Stack, seconds: float) -> str:
    """Return what was landed, built and published, a figure a line."""
    landed = [item["Size"] for item in stack.s3.objects(PRIVATE_BUCKET, "raw/")]
    published = [item["Size"] for item in stack.s3.objects(PUBLIC_BUCKET)]
    counts = _warehouse_rows(stack)
    rows = [
        ("days loaded", f"{counts.get('loaded_days', 0):,}"),
        ("objects landed", f"{len(landed):,} ({sum(landed) / 1e6:,.1f} MB)"),
        *[(f"rows in {table}", f"{count:,}") for table, count in counts.items()],
        ("objects published", f"{len(published):,} ({sum(published) / 1e6:,.1f} MB)"),
        ("time", f"{seconds:.0f} s"),
    ]
    return _aligned(rows)


def how_to_log_in(stack: Stack) -> str:
    """Return the address of the web UI, and its user and password."""
    return f"Web UI  {stack.settings.web_url}  user admin, password {stack.admin_password}"


def vendors(stack: Stack) -> str:
    """Return whom each vendor's connection reaches, a line each."""
    return _aligned(vendor_keys.described(stack.vendors, stack.secrets))


def status(stack: Stack) -> tuple[str, bool]:
    """Return a line for each server, and whether all of them run."""
    settings = stack.settings
    unhealthy = stack.airflow.unhealthy()
    states = [
        ("postgres", f"{HOST}:{settings.postgres_port}", stack.postgres.is_running()),
        ("s3", stack.s3.endpoint, stack.s3.is_running()),
        ("vendors", stack.vendors.url, stack.vendors.is_running()),
        *[
            (
                f"airflow {name}",
                settings.web_url if name == "api-server" else "",
                name not in unhealthy,
            )
            for name in stack.airflow.processes
        ],
    ]
    rows = [(name, f"{'up' if up else 'down':<5} {address}") for name, address, up in states]
    return _aligned(rows), all(up for _, _, up in states)


def _warehouse_rows(stack: Stack) -> dict[str, int]:
    with stack.postgres.connect("warehouse") as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {table: _count(cursor, table) for (table,) in cursor.fetchall()}


def _count(cursor, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table)))
    return cursor.fetchone()[0]


def _aligned(rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}".rstrip() for name, value in rows)
