"""What a Stacks database really holds: API versions differ, so look before reading."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from stacks_dataverse.errors import Terminal
from stacks_dataverse.postgres import Session

# The API's own default of version 9, then that of every version before.
DEFAULT_SCHEMAS = ("stacks_blockchain_api", "public")

# ADBC hands these types over exactly; any other is cast to text, for it would come in wire form.
EXACT_TYPES = {
    *("bool", "int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "bytea", "json", "jsonb"),
    *("timestamp", "timestamptz", "date", "_bytea", "_text", "_int4", "_int8"),
}


# Any of these tells version 9 from those before.
SINCE_9 = {"burn_block_pox_txs", "pox5_events", "principal_txs"}


@dataclass(frozen=True)
class Table:
    """A table of the source: its columns in order, and the columns that lead a whole btree index."""

    name: str
    columns: Mapping[str, str]
    indexed: frozenset[str]

    @property
    def select_list(self) -> str:
        """Every column, in a form that ADBC delivers without loss."""
        return self.select(self.columns)

    def select(self, names: Collection[str]) -> str:
        """Some columns, in a form that ADBC delivers without loss; those that the table lacks are left out."""
        return ", ".join(
            f'"{name}"' if kind in EXACT_TYPES else f'"{name}"::text AS "{name}"'
            for name, kind in self.columns.items()
            if name in names
        )


@dataclass(frozen=True)
class Layout:
    """The schema that holds the chain, and its tables by name."""

    schema: str
    tables: Mapping[str, Table]

    @property
    def api_version(self) -> str:
        """The API version that leaves such a layout, as far as the layout tells."""
        if SINCE_9 & self.tables.keys():
            return "9"
        return "8.15" if "tenure_height" in self.tables["blocks"].columns else "7.14"

    def name(self, table: str) -> str:
        """The table's qualified and quoted name."""
        return f'"{self.schema}"."{table}"'


def read_layout(session: Session) -> Layout:
    """Find the schema of the chain and describe its tables.

    The schema is the first on the search path that holds `blocks`, else one of the API's defaults.

    Raises:
        Terminal: no schema holds a chain.
    """
    schema = _find_schema(session)
    return Layout(schema, _read_tables(session, schema))


def _find_schema(session: Session) -> str:
    schemas = [name for (name,) in session.rows("SELECT unnest(current_schemas(false))::text")]
    for schema in (*schemas, *DEFAULT_SCHEMAS):
        if session.rows(f"SELECT 1 WHERE to_regclass('{_quoted(schema)}.blocks') IS NOT NULL"):
            return schema
    raise Terminal(
        f"stacks_db has no table blocks in the schemas {', '.join(dict.fromkeys((*schemas, *DEFAULT_SCHEMAS)))}: "
        "it is not a database of stacks-blockchain-api, or the connection's search_path points elsewhere."
    )


def _read_tables(session: Session, schema: str) -> dict[str, Table]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in session.rows(COLUMNS_SQL.format(schema=schema.replace("'", "''"))):
        columns.setdefault(table, {})[column] = kind
    indexed: dict[str, set[str]] = {}
    for table, column in session.rows(INDEXES_SQL.format(schema=schema.replace("'", "''"))):
        indexed.setdefault(table, set()).add(column)
    return {name: Table(name, columns[name], frozenset(indexed.get(name, ()))) for name in sorted(columns)}


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""').replace("'", "''") + '"'


COLUMNS_SQL = """
    SELECT c.relname::text, a.attname::text, t.typname::text
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'p', 'v', 'f')
    ORDER BY c.relname, a.attnum
"""

INDEXES_SQL = """
    SELECT DISTINCT c.relname::text, a.attname::text
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_am m ON m.oid = ic.relam AND m.amname = 'btree'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname = '{schema}' AND i.indpred IS NULL AND i.indisvalid
"""
