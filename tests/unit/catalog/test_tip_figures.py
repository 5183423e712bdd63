"""The phase of a reward cycle by the Bitcoin height, as the node has it and since cycle 141 the contract of PoX-5."""

import duckdb
import pytest

from stacks_dataverse.catalog.tip_figures import IS_PREPARE
from stacks_dataverse.network import MAINNET

CYCLE_140 = 960_050
CYCLE_141 = 962_150


@pytest.mark.parametrize(
    ("burn_height", "is_prepare"),
    [
        pytest.param(MAINNET.first_burn_height, False, id="the chain's first block"),
        pytest.param(CYCLE_140, True, id="the first of a cycle still burns"),
        pytest.param(CYCLE_140 + 1, False, id="the second pays"),
        pytest.param(CYCLE_140 + 2_000, False, id="a hundred before the next cycle still pays"),
        pytest.param(CYCLE_140 + 2_001, True, id="99 before it burns"),
        pytest.param(CYCLE_141 - 1, True, id="the last of cycle 140 burns"),
        pytest.param(CYCLE_141, False, id="the first of cycle 141 pays into the pool"),
        pytest.param(CYCLE_141 + 1_999, False, id="101 before the next cycle one may stake"),
        pytest.param(CYCLE_141 + 2_000, True, id="100 before it no longer"),
        pytest.param(CYCLE_141 + 2_100, False, id="from its first on again"),
    ],
)
def test_the_phase_of_a_height(burn_height: int, is_prepare: bool) -> None:
    query = IS_PREPARE.format(burn_block_height=burn_height, **MAINNET.values)
    assert duckdb.sql(f"SELECT {query}").fetchall() == [(is_prepare,)]
