"""A table that is made of the chain has a second opinion."""

from datetime import date

from stacks_dataverse import catalog
from stacks_dataverse.network import MAINNET
from tests.second_opinion.chain import Chain
from tests.second_opinion.load import BUILT
from tests.second_opinion.opinions import opinion_on
from tests.second_opinion.random_events import TABLES


def test_every_table_of_the_chain_has_a_second_opinion() -> None:
    nothing = Chain({name: [] for name in TABLES}, [date(2024, 1, 1)], MAINNET)
    built = {table.name for table in catalog.TABLES if table.kind in BUILT}
    assert opinion_on(nothing).keys() == built
