"""The summary at the end of `up`: what was landed, built and published, and what is missing."""

from collections.abc import Iterable
from typing import Any

from psycopg2 import sql

from scripts.local import vendor_keys
from scripts.local.objects import size
from scripts.local.settings import PRIVATE_BUCKET, PUBLIC_BUCKET
from scripts.local.stack import Stack
from stacks_dataverse.chain import LARGE_TABLES
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.runners import history
from stacks_dataverse.stores import version_table
from stacks_dataverse.stores.warehouse import Warehouse

# The summary names so many tables of the warehouse, those with most rows.
LARGEST = 8

# A table with its indexes.
TABLES = f"""
    SELECT tablename, pg_total_relation_size(format('public.%I', tablename)::regclass) FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('{version_table.FORMER_NAME}', '{version_table.NAME}')
    ORDER BY tablename
"""


def closing_table(stack: Stack, seconds: float) -> str:
    """Return what was landed, built and published, a figure a line."""
    landed = sizes_by_group(stack.s3.objects(PRIVATE_BUCKET, "raw/"))
    published = [item["Size"] for item in stack.s3.objects(PUBLIC_BUCKET)]
    tables = _warehouse_tables(stack)
    largest = sorted(tables, key=lambda name: tables[name], reverse=True)[:LARGEST]
    rows = [
        ("days loaded", f"{tables.get('loaded_days', (0, 0))[0]:,}"),
        *(missing_history(stack) if "built_days" in tables else ()),
        ("objects landed", _sum(each for sizes in landed.values() for each in sizes)),
        *[(f"  {group}", _sum(sizes)) for group, sizes in landed.items()],
        ("warehouse", f"{len(tables):,} tables ({size(sum(used for _, used in tables.values()))})"),
        *[(f"  rows in {table}", f"{tables[table][0]:,} ({size(tables[table][1])})") for table in largest],
        *([("  ...", "`psql warehouse` shows the others")] if len(tables) > LARGEST else []),
        ("objects published", _sum(published)),
        ("time", f"{seconds:.0f} s"),
    ]
    return aligned(rows)


def sizes_by_group(objects: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    """Sizes in bytes of raw objects: of each large table of the chain, of its others together, and of each source."""
    groups: dict[str, list[int]] = {}
    for item in objects:
        _, source, table = item["Key"].split("/", 2)
        table = table.split("/")[0]
        small = source == "stacks" and table not in LARGE_TABLES
        group = "small tables of raw/stacks" if small else f"raw/{source}" + f"/{table}" * (source == "stacks")
        groups.setdefault(group, []).append(item["Size"])
    return dict(sorted(groups.items(), key=lambda group: -sum(group[1])))


def vendors(stack: Stack) -> str:
    """Return whom each vendor's connection reaches, a line each."""
    return aligned(vendor_keys.described(stack.vendors, stack.secrets))


def missing_history(stack: Stack) -> list[tuple[str, str]]:
    """Return which of the chain's past is missing and how it is loaded; nothing when all of it is there."""
    try:
        with Warehouse.open(stack.postgres.dsn("warehouse")) as store:
            missing = history.read_missing_history(store)
    except DataverseError as error:
        return [("history", f"not known: {error}")]
    if missing is None:
        return []
    command = missing["command"]
    how = f"load it with ./scripts/local.sh {command}" if command else "the Stacks database does not have these days"
    return [
        ("history missing", missing["stretches"]),
        ("", "figures that need the whole history are null"),
        ("", how),
    ]


def _warehouse_tables(stack: Stack) -> dict[str, tuple[int, int]]:
    with stack.postgres.connect("warehouse") as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {table: (_count(cursor, table), size) for table, size in cursor.fetchall()}


def _sum(sizes: Iterable[int]) -> str:
    counted = list(sizes)
    return f"{len(counted):,} ({size(sum(counted))})"


def _count(cursor, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table)))
    return cursor.fetchone()[0]


def aligned(rows: list[tuple[str, str]]) -> str:
    """Return rows of a name and a value as lines, the values below one another; no rows give an empty text."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:<{width}}  {value}".rstrip() for name, value in rows)
