"""The second opinions, each on several tables."""

from collections.abc import Callable

from stacks_dataverse import catalog
from tests.second_opinion.activity import activity, initiators, transactions
from tests.second_opinion.balances import balances, large_transfers
from tests.second_opinion.blocks import blocks
from tests.second_opinion.bonds import bonds, distributions
from tests.second_opinion.chain import Chain, Opinion, Rows
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
    return opinion if chain.is_whole else {table: without_past(table, rows) for table, rows in opinion.items()}


def without_past(name: str, rows: Rows) -> Rows:
    """The rows of a table where an earlier day of the chain is missing: by what the dictionary says of that."""
    (table,) = (table for table in catalog.TABLES if table.name == name)
    if "No rows if an earlier day of the chain is missing." in map(str, table.warnings):
        return []
    unknown = {column.name: None for column in table.columns if "history is missing" in column.null}
    # Of the activity of collections, the day alone determines the sales.
    return [row | ({} if name == "daily_nft_activity" else unknown) for row in rows]
