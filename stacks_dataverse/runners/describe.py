"""Write the catalogue's descriptions of tables and columns to the warehouse as COMMENT, for every SQL client."""

from collections.abc import Iterable

from stacks_dataverse.dataset import Table
from stacks_dataverse.stores.warehouse import Warehouse


def comment_tables(warehouse: Warehouse, tables: Iterable[Table]) -> int:
    """Comment tables and columns with what the catalogue says of them; return how many comments changed."""
    held = {(row["name"], row["column_name"]): row for row in warehouse.read(HELD_SQL).to_pylist()}
    written = 0
    with warehouse.transaction():
        for table in tables:
            for column, text in {"": description(table), **table.fields}.items():
                row = held[table.name, column]
                if row["comment"] != text:
                    name = f"COLUMN {table.name}.{column}" if column else f"{row['kind']} {table.name}"
                    warehouse.execute(f"COMMENT ON {name} IS {{text}}", text=str(text))
                    written += 1
    return written


def description(table: Table) -> str:
    """What a table is: its title, its method and its warnings, a line each."""
    return "\n".join([f"{table.title}.", table.method, *(f"Warning: {warning}" for warning in table.warnings)])


HELD_SQL = """
    SELECT relname::text AS name, COALESCE(attname::text, '') AS column_name,
           CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind,
           CASE WHEN attname IS NULL THEN obj_description(pg_class.oid, 'pg_class')
                ELSE col_description(pg_class.oid, attnum) END AS comment
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace AND nspname = current_schema()
    CROSS JOIN LATERAL (
        SELECT NULL AS attname, 0 AS attnum
        UNION ALL
        SELECT attname, attnum FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    ) AS described
    WHERE relkind IN ('r', 'v')
"""
