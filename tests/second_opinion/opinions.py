"""The second opinions, each on several tables."""

from collections.abc import Callable

from tests.second_opinion.activity import activity, initiators, transactions
from tests.second_opinion.balances import balances, large_transfers
from tests.second_opinion.blocks import blocks
from tests.second_opinion.bonds import bonds, distributions
from tests.second_opinion.chain import Chain, Opinion
from tests.second_opinion.contracts import contracts, fees
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
)


def opinion_on(chain: Chain) -> Opinion:
    """The rows of every table on which there is an opinion."""
    return {table: rows for opinion in OPINIONS for table, rows in opinion(chain).items()}
