"""What a Stacks database must hold, and in which types, for any day of it to be landed and checked.

Columns that only some tables of the warehouse read are not required here: without them, those tables are not built.
"""

from collections.abc import Iterator

from stacks_dataverse import prints
from stacks_dataverse.chain import BURN_TABLES, EVENT_TABLES, OPTIONAL_TABLES
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db.layout import Layout
from stacks_dataverse.raw_tables import RAW_TYPES, merge, with_keys

# The columns that landing reads, to find a day's rows, for its digests, and for the source's own counts; and what a
# day's check of prints reads.
REQUIRED = with_keys(
    merge(
        [
            {
                "blocks": ("parent_index_block_hash", "block_height", "tx_count"),
                "txs": ("tx_id", "type_id", "event_count"),
                **dict.fromkeys(EVENT_TABLES, ("tx_id",)),
                "microblocks": ("microblock_hash",),
            },
            prints.READS,
        ]
    )
)
REQUIRED["microblocks"]["block_height"] = "INTEGER"

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
    for table in dict.fromkeys((*RAW_TYPES, *sorted(OPTIONAL_TABLES))):
        if table in layout.tables:
            yield from _faults_of(layout, table)
        elif table not in REQUIRED:
            continue
        elif table in layout.unreadable:
            hides = f"hides rows of table {table} from the role by a row-level security policy"
            yield hides if table in layout.policed else f"does not grant the role SELECT on table {table}"
        else:
            yield f"lacks table {table}"


def _faults_of(layout: Layout, table: str) -> Iterator[str]:
    present = layout.tables[table].columns
    # Rows of a table are found by the hash of their block, those of a Bitcoin block by its height.
    pinned = {"index_block_hash": "BLOB"} if "index_block_hash" in present else {}
    owned = {"burn_block_height": "INTEGER"} if table in BURN_TABLES else {}
    for column, read_as in (pinned | owned | REQUIRED.get(table, {})).items():
        if column in layout.tables[table].hidden:
            yield f"does not grant the role SELECT on column {column} of table {table}"
        elif column not in present:
            yield f"lacks column {column} of table {table}"
        elif present[column] not in TYPES[read_as]:
            yield f"has column {column} of table {table} as {present[column]}, not as {' or '.join(TYPES[read_as])}"
