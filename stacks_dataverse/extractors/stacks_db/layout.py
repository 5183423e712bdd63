"""The tables and columns that a Stacks database has: API versions differ."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

from stacks_dataverse.errors import NO_RAW_FILE, Terminal
from stacks_dataverse.postgres import Session
from stacks_dataverse.sql_values import literal

# The API's own default of version 9, then that of every version before.
DEFAULT_SCHEMAS = ("stacks_blockchain_api", "public")

# ADBC hands values of these types over exactly; of any other it would hand over the wire form.
EXACT_TYPES = {
    *("bool", "int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "bytea", "json", "jsonb"),
}

# Of these it hands most values over exactly, and others silently as something else: an infinite moment as one long
# ago, an array of two dimensions as one of one. By type, SQL that is true for a value that is handed over exactly.
MOMENT = "{column} > '-infinity' AND {column} < '294247-01-01'"
ARRAY = "cardinality({column}) = 0 OR array_ndims({column}) = 1 AND array_lower({column}, 1) = 1"
MOSTLY_EXACT_TYPES = {
    "date": "isfinite({column})",
    **dict.fromkeys(("timestamp", "timestamptz"), MOMENT),
    **dict.fromkeys(("_bytea", "_text", "_int4", "_int8"), ARRAY),
}

NO_SUCH_TABLE = "the source has no such table"
NOT_READABLE = "the role of stacks_db may not read this table"

# Any of these shows version 9.
SINCE_9 = {"burn_block_pox_txs", "pox5_events", "principal_txs"}

# Rows are found by these; a table in which they are hidden cannot be read.
PINS = {"index_block_hash", "burn_block_height"}


@dataclass(frozen=True)
class Table:
    """A table of the source: its columns in order, and the columns that lead a whole btree index.

    Columns that the role may not read are `hidden`, and not among the others.
    """

    name: str
    columns: Mapping[str, str]
    indexed: frozenset[str]
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def select_list(self) -> str:
        """Every column, in a form that ADBC delivers without loss."""
        return self.select(self.columns)

    def select(self, names: Collection[str]) -> str:
        """Some columns, in a form that ADBC delivers without loss; those that the table lacks are left out."""
        return ", ".join(self._deliver(name, kind) for name, kind in self.columns.items() if name in names)

    def _deliver(self, name: str, kind: str) -> str:
        """A column as ADBC delivers it without loss; a value that it cannot is an error that names the column.

        No query can refuse a value but by a cast that fails.
        """
        column = _quote(name)
        if kind in EXACT_TYPES:
            return column
        if kind not in MOSTLY_EXACT_TYPES:
            return f"{column}::text AS {column}"
        is_exact = MOSTLY_EXACT_TYPES[kind].format(column=column)
        start, end = literal(f"column {name} of {self.name} holds "), literal(f", {NO_RAW_FILE}")
        refusal = f"({start} || left({column}::text, 40) || {end})::{kind}"
        return f"CASE WHEN {is_exact} THEN {column} ELSE {refusal} END AS {column}"


@dataclass(frozen=True)
class Layout:
    """The schema that holds the chain, and its tables by name; those that the role may not read are apart.

    Of these the `policed` are those of which a policy hides rows: what is left would pass for all.
    """

    schema: str
    tables: Mapping[str, Table]
    unreadable: Mapping[str, Table] = field(default_factory=dict)
    policed: frozenset[str] = frozenset()

    @property
    def api_version(self) -> str:
        """The API version that leaves such a layout, as far as the layout tells."""
        if SINCE_9 & (self.tables.keys() | self.unreadable.keys()):
            return "9"
        has_tenures = "tenure_height" in self.hidden_in("blocks") or (
            "blocks" in self.tables and "tenure_height" in self.tables["blocks"].columns
        )
        return "8.15" if has_tenures else "7.14"

    def name(self, table: str) -> str:
        """The table's qualified and quoted name."""
        return f"{_quote(self.schema)}.{_quote(table)}"

    def hidden_in(self, table: str) -> Set[str]:
        """The columns of a table that the role may not read."""
        if table in self.unreadable:
            return self.unreadable[table].columns.keys() | self.unreadable[table].hidden.keys()
        return self.tables[table].hidden.keys() if table in self.tables else frozenset()

    def why_absent(self, table: str) -> str:
        """Why nothing comes of a table that is not among `tables`."""
        return NOT_READABLE if table in self.unreadable else NO_SUCH_TABLE


def read_layout(session: Session) -> Layout:
    """Find the schema of the chain and describe its tables.

    The schema is the first on the search path that holds `blocks`, else one of the API's defaults.

    Raises:
        Terminal: no schema holds a chain.
    """
    schema = _find_schema(session)
    columns: dict[str, dict[str, str]] = {}
    hidden: dict[str, dict[str, str]] = {}
    policed: set[str] = set()
    for table, column, kind, is_readable, is_policed in session.rows(COLUMNS_SQL.format(schema=literal(schema))):
        (columns if is_readable and not is_policed else hidden).setdefault(table, {})[column] = kind
        policed |= {table} if is_policed else set()
    indexed: dict[str, set[str]] = {}
    for table, column in session.rows(INDEXES_SQL.format(schema=literal(schema))):
        indexed.setdefault(table, set()).add(column)
    tables = {
        name: Table(name, columns.get(name, {}), frozenset(indexed.get(name, ())), hidden.get(name, {}))
        for name in sorted({**columns, **hidden})
    }
    unreadable = {name: table for name, table in tables.items() if not table.columns or PINS & table.hidden.keys()}
    readable = {name: table for name, table in tables.items() if name not in unreadable}
    return Layout(schema, readable, unreadable, frozenset(policed))


def _find_schema(session: Session) -> str:
    on_path = [name for (name,) in session.rows("SELECT unnest(current_schemas(false))::text")]
    schemas = list(dict.fromkeys((*on_path, *DEFAULT_SCHEMAS)))
    holders = {name for (name,) in session.rows(HOLDERS_SQL)}
    for schema in schemas:
        if schema in holders:
            return schema
    raise Terminal(
        f"stacks_db has no table blocks in the schemas {', '.join(schemas)}: it is not a database of "
        "stacks-blockchain-api, or the search_path of the connection is wrong."
    )


def _quote(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


# Tables, partitioned ones, views, materialised ones, and tables of another server. Partitions are read as their table.
RELATIONS = "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition"

HOLDERS_SQL = f"""
    SELECT n.nspname::text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'blocks' AND {RELATIONS}
"""

COLUMNS_SQL = f"""
    SELECT c.relname::text, a.attname::text, t.typname::text,
           has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
           AND c.relispopulated,
           row_security_active(c.oid)
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE n.nspname = {{schema}} AND {RELATIONS}
    ORDER BY c.relname, a.attnum
"""

INDEXES_SQL = """
    SELECT DISTINCT c.relname::text, a.attname::text
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = ic.relam AND m.amname = 'btree'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname = {schema} AND i.indpred IS NULL AND i.indisvalid
"""
