"""States that end-of-day figures share: all balances, and the latest lock of each principal with STX locked."""

from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.state import EndOfDayState, Last, State, Sum

# The Bitcoin height that was reached before a day.
BURN_BLOCK_HEIGHT = """
    SELECT last_burn_block_height FROM daily_pox_heights
    WHERE day < {first} AND last_burn_block_height IS NOT NULL ORDER BY day DESC LIMIT 1
"""


def sums_before(table: str, state: State) -> str:
    """A query of a running state's sums before a day: the current ones less what the ledger has added since.

    A key whose rows were all added since is not among them; where nothing is left, earlier rows are looked up.
    """
    keys = ", ".join(state.key)
    sums = ", ".join(f"sum({column}) AS {column}" for column in state.values.values())
    before = {name: f"held.{name} - COALESCE(later.{column}, 0)::bigint" for name, column in state.values.items()}
    same_key = state.same_key("entry", "held")
    return f"""
        SELECT {keys}, {", ".join(f"{value} AS {name}" for name, value in before.items())}
        FROM {table} AS held
        LEFT JOIN (SELECT {keys}, {sums} FROM {state.ledger} WHERE day >= {{first}} GROUP BY {keys}) AS later
            USING ({keys})
        WHERE later.{state.key[0]} IS NULL OR {" OR ".join(f"{value} <> 0" for value in before.values())}
              OR EXISTS (SELECT FROM {state.ledger} AS entry WHERE {same_key} AND day < {{first}})
    """


def latest_before(state: State, matters: str) -> str:
    """A query of the latest row before a day of every key that has a row before it which may still matter.

    Args:
        matters: SQL, true for such a row. What it compares with must be a value, not a part of the query: of a part the
            planner expects a third of all rows.
    """
    keys = ", ".join(state.key)
    columns = ", ".join(column if name == column else f"{column} AS {name}" for name, column in state.columns.items())
    return f"""
        WITH candidates AS (
            SELECT DISTINCT {keys} FROM {state.ledger} WHERE day < {{first}} AND {matters}
        )
        SELECT latest.* FROM candidates
        CROSS JOIN LATERAL (
            SELECT {columns} FROM {state.ledger}
            WHERE {state.same_key(state.ledger, "candidates")} AND day < {{first}}
            ORDER BY {state.rule.order_by} LIMIT 1
        ) AS latest
    """


STX_BALANCES = State("stx_balance_changes", ("address",), Sum(), {"balance_ustx": "change_ustx"})
BALANCES = EndOfDayState("balances", STX_BALANCES, sums_before("stx_balances", STX_BALANCES))

LOCK = {column: column for column in (*EVENT_ORDER, "pox_version", "locked_ustx", "unlock_height")}
MAY_BE_LOCKED = "unlock_height > {burn_block_height}"

STX_LOCKS = State("stx_locks", ("address",), Last(EVENT_ORDER), LOCK)
LOCKS = EndOfDayState("locks", STX_LOCKS, latest_before(STX_LOCKS, MAY_BE_LOCKED))

DELEGATED_LOCKS = State("delegated_locks", ("stacker",), Last(EVENT_ORDER), {"delegate": "delegate"} | LOCK)
DELEGATED = EndOfDayState("delegated", DELEGATED_LOCKS, latest_before(DELEGATED_LOCKS, MAY_BE_LOCKED))
