"""Running state, updated together with a day of its ledger.

It is updated while the ledger still holds the day's old rows and `new_rows` the new ones, under a lock that keeps
other days' state out. After any sequence of builds the state equals one built from scratch.
"""

from collections.abc import Callable, Mapping
from datetime import date

from stacks_dataverse.state import First, Last, State, Sum
from stacks_dataverse.stores.warehouse import Warehouse


def state_updater(states: Mapping[str, State]) -> Callable[[Warehouse, date], None]:
    """Return the function that updates all state tables of a ledger, by name, while a day of it is replaced."""

    def update_all(warehouse: Warehouse, day: date) -> None:
        for table, state in states.items():
            update(warehouse, table, state, day)

    return update_all


def update(warehouse: Warehouse, table: str, state: State, day: date) -> None:
    """Update a state table for exactly the keys that the day's old or new rows have."""
    if isinstance(state.rule, Sum):
        warehouse.execute(_add_difference(table, state), day=day)
        warehouse.execute(_select_gone_sums(state), day=day)
    else:
        warehouse.execute(_select_kept(state, state.rule), day=day)
        warehouse.execute(_upsert_kept(table, state))
        warehouse.execute(_select_gone_kept(state), day=day)
        warehouse.execute("DROP TABLE kept")
    warehouse.execute("ANALYZE gone")
    warehouse.execute(f"DELETE FROM {table} USING gone WHERE {state.same_key(table, 'gone')}")
    warehouse.execute("DROP TABLE gone")


def _add_difference(table: str, state: State) -> str:
    """Add to each sum the difference between the new and the old version of the day."""
    keys, columns = ", ".join(state.key), ", ".join((*state.key, *state.values.values()))
    negative = ", ".join((*state.key, *(f"-{column}" for column in state.values.values())))
    sums = ", ".join(f"sum({column})" for column in state.values.values())
    added = ", ".join(f"{name} = held.{name} + excluded.{name}" for name in state.values)
    return f"""
        INSERT INTO {table} AS held ({keys}, {", ".join(state.values)})
        SELECT {keys}, {sums} FROM (
            SELECT {columns} FROM new_rows
            UNION ALL
            SELECT {negative} FROM {state.ledger} WHERE day = {{day}}
        ) AS difference
        GROUP BY {keys}
        ON CONFLICT ({", ".join(state.index)}) DO UPDATE SET {added}
        WHERE {" OR ".join(f"excluded.{name} <> 0" for name in state.values)}
    """


def _select_gone_sums(state: State) -> str:
    """Create `gone`: the keys that no day has any more."""
    keys = ", ".join(state.key)
    return f"""
        CREATE TEMP TABLE gone ON COMMIT DROP AS
        SELECT {keys} FROM (
            SELECT {keys} FROM {state.ledger} WHERE day = {{day}} EXCEPT SELECT {keys} FROM new_rows
        ) AS old
        WHERE NOT EXISTS (SELECT FROM {state.ledger} AS other
                          WHERE {state.same_key("other", "old")} AND other.day <> {{day}})
    """


def _select_kept(state: State, rule: First | Last) -> str:
    """Create `kept`: the row that the rule keeps, for each key of the day's old or new rows."""
    keys = ", ".join(state.key)
    columns = ", ".join(dict.fromkeys(state.columns.values()))
    return f"""
        CREATE TEMP TABLE kept ON COMMIT DROP AS
        WITH touched AS (
            SELECT {keys} FROM new_rows UNION SELECT {keys} FROM {state.ledger} WHERE day = {{day}}
        ), candidates AS (
            SELECT {columns} FROM new_rows
            UNION ALL
            SELECT other.* FROM touched CROSS JOIN LATERAL (
                SELECT {columns} FROM {state.ledger} AS entry
                WHERE {state.same_key("entry", "touched")} AND day <> {{day}} ORDER BY {rule.order_by} LIMIT 1
            ) AS other
        )
        SELECT DISTINCT ON ({keys}) {columns} FROM candidates ORDER BY {keys}, {rule.order_by}
    """


def _upsert_kept(table: str, state: State) -> str:
    """Put the kept rows in the place of those of the same key."""
    names, held, new = (", ".join(f"{side}{name}" for name in state.values) for side in ("", "held.", "excluded."))
    return f"""
        INSERT INTO {table} AS held ({", ".join(state.key)}, {names})
        SELECT {", ".join((*state.key, *state.values.values()))} FROM kept
        ON CONFLICT ({", ".join(state.index)}) DO UPDATE SET ({names}) = ROW ({new})
        WHERE ({held}) IS DISTINCT FROM ({new})
    """


def _select_gone_kept(state: State) -> str:
    """Create `gone`: the keys of the day's old rows that have no row in `kept`."""
    return f"""
        CREATE TEMP TABLE gone ON COMMIT DROP AS
        SELECT DISTINCT {", ".join(state.key)} FROM {state.ledger} AS old
        WHERE day = {{day}} AND NOT EXISTS (SELECT FROM kept WHERE {state.same_key("old", "kept")})
    """
