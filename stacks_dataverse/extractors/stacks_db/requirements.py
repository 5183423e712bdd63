"""What a Stacks database must hold, and in which types, for a day of it to be built."""

from collections.abc import Iterator

from stacks_dataverse.chain import BURN_TABLES, COLUMNS, CYCLES, OPTIONAL_TABLES
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db.layout import Layout

# What the extractor itself goes by, beside what transformers read.
OWN_COLUMNS = {
    "blocks": {"block_time": "BIGINT"},
    "microblocks": {"block_height": "INTEGER"},
    **{name: {"burn_block_height": "INTEGER"} for name in BURN_TABLES},
}

# Versions before 9 have none of these; the columns are then null.
ONLY_IN_9 = {("burn_block_pox_txs", ""), ("pox5_events", ""), ("pox_state", "pox_v4_unlock_height")}

# Came after 9.0.2, and took what a Bitcoin block burned out of the other table (migration 1779800000015).
LATER = "burn_blocks"
MOVED = ("burnchain_rewards", "burn_amount")
# What came after 9.0.2, and the layout does not tell the version: null where it is missing.
LATER_THAN_9 = {(LATER, ""), *(("pox_state", column) for column in CYCLES)}

WHOLE_NUMBERS = ("int2", "int4", "int8", "numeric")

# The types of PostgreSQL that hold what a column is read as; a number of another size is the same number.
TYPES = {
    "BLOB": ("bytea",),
    "BOOLEAN": ("bool",),
    "SMALLINT": WHOLE_NUMBERS,
    "INTEGER": WHOLE_NUMBERS,
    "BIGINT": WHOLE_NUMBERS,
    "VARCHAR": ("text", "varchar", "json", "jsonb"),
}


def require(layout: Layout) -> Layout:
    """Return a layout that a day can be landed and built from.

    Raises:
        Terminal: tables or columns are missing, or of another type; all of them are named.
    """
    if faults := list(_faults(layout)):
        raise Terminal(
            f"stacks_db, schema {layout.schema} (layout of API version {layout.api_version}), {'; '.join(faults)}. "
            "Use a database written by stacks-blockchain-api 7.14 to 9 with all tables fully replicated, and grant "
            "the role SELECT on it. A newer API may need a newer version of this project."
        )
    return layout


def _faults(layout: Layout) -> Iterator[str]:
    for table in (*COLUMNS, *sorted(OPTIONAL_TABLES - COLUMNS.keys())):
        if table in layout.tables:
            yield from _faults_of(layout, table)
        elif table in COLUMNS and table in layout.unreadable:
            hides = f"hides rows of table {table} from the role by a row-level security policy"
            yield hides if table in layout.policed else f"does not grant the role SELECT on table {table}"
        elif table in COLUMNS and not _is_excused(layout, table):
            yield f"lacks table {table}"


def _faults_of(layout: Layout, table: str) -> Iterator[str]:
    found = layout.tables[table].columns
    # Rows of any table with a block's hash are found by it.
    pinned = {"index_block_hash": "BLOB"} if "index_block_hash" in found else {}
    for column, read_as in (pinned | OWN_COLUMNS.get(table, {}) | COLUMNS.get(table, {})).items():
        if column in layout.tables[table].hidden:
            yield f"does not grant the role SELECT on column {column} of table {table}"
        elif column not in found:
            if not _is_excused(layout, table, column):
                yield f"lacks column {column} of table {table}"
        elif found[column] not in TYPES[read_as]:
            yield f"has column {column} of table {table} as {found[column]}, not as {' or '.join(TYPES[read_as])}"


def _is_excused(layout: Layout, table: str, column: str = "") -> bool:
    if (table, column) == MOVED:
        return LATER in layout.tables
    excused = LATER_THAN_9 if layout.api_version == "9" else LATER_THAN_9 | ONLY_IN_9
    return (table, column) in excused
