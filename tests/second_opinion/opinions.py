"""The second opinions, each on several tables."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from stacks_dataverse import catalog
from tests.second_opinion.activity import activity, initiators, transactions
from tests.second_opinion.balances import balances, large_transfers
from tests.second_opinion.blocks import blocks
from tests.second_opinion.bonds import bonds, distributions
from tests.second_opinion.chain import Chain, Opinion, Row, Rows
from tests.second_opinion.contracts import contracts, fees
from tests.second_opinion.exchanges import exchanges
from tests.second_opinion.miners import mining
from tests.second_opinion.names import names
from tests.second_opinion.nfts import nfts
from tests.second_opinion.sbtc import sbtc
from tests.second_opinion.stacking import locks, signers
from tests.second_opinion.tokens import protocols, tokens

OPINIONS: tuple[Callable[[Chain], Opinion], ...] = (
    transactions,
    activity,
    initiators,
    balances,
    large_transfers,
    blocks,
    contracts,
    fees,
    nfts,
    tokens,
    protocols,
    locks,
    signers,
    bonds,
    distributions,
    mining,
    names,
    sbtc,
    exchanges,
)


def opinion_on(chain: Chain) -> Opinion:
    """The rows of every table on which there is an opinion."""
    opinion = {table: rows for made in OPINIONS for table, rows in made(chain).items()}
    return {table: [*_with_past(chain, table, rows)] for table, rows in opinion.items()}


def _with_past(chain: Chain, name: str, rows: Rows) -> Iterator[Row]:
    """The rows of a table, by what the dictionary says of those before which a day of the chain is missing."""
    (table,) = (table for table in catalog.TABLES if table.name == name)
    has_rows = "No rows if an earlier day of the chain is missing." not in map(str, table.warnings)
    unknown = {column.name: None for column in table.columns if "history is missing" in column.null}
    for row in rows:
        if _day(row) < chain.first_missing:
            yield row
        elif has_rows:
            # Of the activity of collections, the day alone determines the sales.
            yield row | ({} if name == "daily_nft_activity" else unknown)


def _day(row: Row) -> date:
    """The day of a row; of a running state, which has none, the first of all."""
    if "timestamp" in row:
        return datetime.fromtimestamp(row["timestamp"], UTC).date()
    return row.get("day", date.min)
