"""Sums of the API's own tables at its tip, to compare ours with."""

from stacks_dataverse.extractors.stacks_db.layout import Layout
from stacks_dataverse.postgres import Session

# By name: the table and columns that it needs, and the SQL of its value and condition.
SUMS = {
    "tip_balances_ustx": ("ft_balances", ("token", "balance"), "COALESCE(sum(balance), 0)", "token = 'stx'"),
    "tip_supply_ustx": ("chain_tip", ("stx_supply",), "max(stx_supply)", "true"),
    "tip_tokens": ("nft_custody", ("recipient",), "count(recipient)", "true"),
}


def tip_sums(session: Session, layout: Layout, tip_height: int) -> dict[str, str | None]:
    """The sum of STX balances and the supply in µSTX, and the tokens that have an owner, as whole numbers in text.

    None where this version of the API keeps no such table or the role may not read it, and all of them while
    transactions wait in microblocks beyond the tip: its tables count those already.
    """
    # Where the role may not read heights of transactions, it is not known whether any wait.
    waiting = "block_height" not in layout.tables["txs"].columns or session.scalar(
        f"SELECT 1 FROM {layout.name('txs')} WHERE block_height > {tip_height} LIMIT 1"
    )
    return {name: None if waiting else _sum(session, layout, *query) for name, query in SUMS.items()}


def _sum(
    session: Session, layout: Layout, table: str, columns: tuple[str, ...], value: str, condition: str
) -> str | None:
    if table not in layout.tables or not set(columns) <= layout.tables[table].columns.keys():
        return None
    return session.scalar(f"SELECT ({value})::text FROM {layout.name(table)} WHERE {condition}")
