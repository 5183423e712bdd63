"""Running state, brought along with a day of its ledger; a function is named for the table it keeps.

Each is called while the ledger still holds the day's old rows and `new_rows` the new ones, under a lock that
keeps other days' state out. After any sequence of builds the state equals one built from scratch.
"""

from datetime import date

from stacks_dataverse.stores.warehouse import Warehouse


def stx_balances(warehouse: Warehouse, day: date) -> None:
    """Add to each balance what the new version of the day brings more than the old one, in µSTX."""
    warehouse.execute(
        """
        INSERT INTO stx_balances AS held (address, balance_ustx)
        SELECT address, sum(change_ustx)::bigint
        FROM (
            SELECT address, change_ustx FROM new_rows
            UNION ALL
            SELECT address, -change_ustx FROM stx_balance_changes WHERE day = {day}
        ) AS difference
        GROUP BY address
        ON CONFLICT (address) DO UPDATE SET balance_ustx = held.balance_ustx + excluded.balance_ustx
        WHERE excluded.balance_ustx <> 0
        """,
        day=day,
    )
    warehouse.execute(
        """
        DELETE FROM stx_balances AS held
        USING stx_balance_changes AS old
        WHERE old.day = {day} AND held.address = old.address
          AND NOT EXISTS (SELECT FROM new_rows WHERE new_rows.address = old.address)
          AND NOT EXISTS (SELECT FROM stx_balance_changes AS other
                          WHERE other.address = old.address AND other.day <> {day})
        """,
        day=day,
    )


def addresses(warehouse: Warehouse, day: date) -> None:
    """Keep each principal's first day: the earliest in the ledger."""
    warehouse.execute(
        """
        INSERT INTO addresses AS known (address, first_day)
        SELECT address, day FROM new_rows
        ON CONFLICT (address) DO UPDATE SET first_day = excluded.first_day
        WHERE known.first_day > excluded.first_day
        """
    )
    warehouse.execute(
        """
        CREATE TEMP TABLE gone ON COMMIT DROP AS
        SELECT address,
               (SELECT other.day FROM address_days AS other
                WHERE other.address = old.address AND other.day <> {day} ORDER BY other.day LIMIT 1) AS first_day
        FROM address_days AS old
        JOIN addresses USING (address)
        WHERE old.day = {day} AND addresses.first_day = {day}
          AND NOT EXISTS (SELECT FROM new_rows WHERE new_rows.address = old.address)
        """,
        day=day,
    )
    warehouse.execute(
        "DELETE FROM addresses USING gone WHERE addresses.address = gone.address AND gone.first_day IS NULL"
    )
    warehouse.execute(
        "UPDATE addresses SET first_day = gone.first_day FROM gone"
        " WHERE addresses.address = gone.address AND gone.first_day IS NOT NULL"
    )
    warehouse.execute("DROP TABLE gone")
