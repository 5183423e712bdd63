"""Signers of reward cycles and bonds of PoX-5 against the API's own tables and answers, on real databases and the
sample."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import SAMPLE
from tests.support.databases import query
from tests.support.pipeline import Pipeline

WITH_SETS = ["stacks_epoch3", SAMPLE]
WITH_BONDS = ["stacks_pox5_bonds", SAMPLE]
LAST = "day = (SELECT max(day) FROM built_days)"


@pytest.fixture
def chain(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a chain, run once."""
    return whole_chain(request.param)


def ours(pipeline: Pipeline, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in pipeline.read(sql).to_pylist()]


def test_cycles_and_signers_equal_the_apis_answers(whole_chain: Callable[[str], Pipeline], oracle: Any) -> None:
    pipeline, answers = whole_chain("stacks_epoch3"), oracle("stacks_epoch3")
    rows = "SELECT cycle, block_height, weight, stacked_ustx, signers FROM stacking_cycles ORDER BY cycle DESC"
    assert ours(pipeline, rows) == [
        (each["cycle_number"], each["block_height"], each["total_weight"], int(each["total_stacked_amount"]),
         each["total_signers"])
        for each in answers["pox_cycles"]["results"]
    ]  # fmt: skip
    for cycle, found in answers["pox_signers"].items():
        rows = f"SELECT signing_key, weight, stacked_ustx FROM cycle_signers WHERE cycle = {cycle} ORDER BY 2 DESC, 1"
        assert ours(pipeline, rows) == [
            (each["signing_key"], each["weight"], int(each["stacked_amount"])) for each in found["results"]
        ]
    assert len(ours(pipeline, "SELECT * FROM cycle_signers")) == 9


def test_concentration_of_a_real_chain(whole_chain: Callable[[str], Pipeline]) -> None:
    """Weights 5, 3 and 1 in each of three cycles, after one without signers, which is known too."""
    rows = "SELECT cycle, round(hhi::numeric * 81)::int, nakamoto_30, nakamoto_70, entered, exited FROM stacking_cycles"
    assert ours(whole_chain("stacks_epoch3"), f"{rows} ORDER BY cycle") == [
        (11, None, None, None, None, None),
        (12, 35, 1, 2, 3, 0),
        (13, 35, 1, 2, 0, 0),
        (14, 35, 1, 2, 0, 0),
    ]


@pytest.mark.parametrize("chain", WITH_SETS, indirect=True)
def test_signers_equal_the_apis_own_table(chain: Pipeline) -> None:
    theirs = query(
        chain.stacks_dsn,
        """SELECT cycle_number, '0x' || encode(signing_key, 'hex'), block_height, weight, stacked_amount::bigint
           FROM pox_sets WHERE canonical ORDER BY 1, 2""",
    )
    rows = "SELECT cycle, signing_key, block_height, weight, stacked_ustx FROM cycle_signers ORDER BY 1, 2"
    assert ours(chain, rows) == theirs
    assert theirs


@pytest.mark.parametrize("chain", [SAMPLE], indirect=True)
def test_entries_exits_and_concentration_equal_those_of_the_apis_own_table(chain: Pipeline) -> None:
    theirs = query(
        chain.stacks_dsn,
        """
        WITH signers AS (SELECT * FROM pox_sets WHERE canonical), cycles AS (SELECT * FROM pox_cycles WHERE canonical)
        SELECT cycle_number,
               CASE WHEN is_known THEN (SELECT count(*) FROM signers AS now WHERE now.cycle_number = cycle.cycle_number
                   AND NOT EXISTS (SELECT FROM signers AS before WHERE before.signing_key = now.signing_key
                                   AND before.cycle_number = cycle.cycle_number - 1)) END,
               CASE WHEN is_known THEN (SELECT count(*) FROM signers AS before
                   WHERE before.cycle_number = cycle.cycle_number - 1
                   AND before.signing_key NOT IN (SELECT signing_key FROM signers AS now
                                                  WHERE now.cycle_number = cycle.cycle_number)) END,
               (SELECT min(fewest) FROM (
                   SELECT row_number() OVER heaviest AS fewest, sum(weight) OVER heaviest AS weight FROM signers AS now
                   WHERE now.cycle_number = cycle.cycle_number WINDOW heaviest AS (ORDER BY weight DESC, signing_key)
               ) AS ranked WHERE ranked.weight > 0.3 * total_weight)
        FROM (SELECT *, cycle_number - 1 IN (SELECT cycle_number FROM cycles) AS is_known FROM cycles) AS cycle
        ORDER BY 1
        """,
    )
    rows = "SELECT cycle, entered, exited, nakamoto_30 FROM stacking_cycles ORDER BY 1"
    assert ours(chain, rows) == theirs
    assert any(entered for _, entered, _, _ in theirs[1:])


@pytest.mark.parametrize("chain", [SAMPLE], indirect=True)
def test_keys_of_signer_managers_equal_the_apis_own_table(chain: Pipeline) -> None:
    theirs = query(chain.stacks_dsn, "SELECT signer, '0x' || encode(signer_key, 'hex') FROM staking_signers ORDER BY 1")
    rows = """SELECT DISTINCT ON (signer_manager) signer_manager, signing_key FROM signer_keys
              ORDER BY signer_manager, block_height DESC, tx_index DESC, event_index DESC"""
    assert ours(chain, rows) == theirs


@pytest.mark.parametrize("chain", WITH_BONDS, indirect=True)
def test_bonds_equal_the_apis_counters_at_the_tip(chain: Pipeline) -> None:
    """The API's counter of sats keeps what members with BTC on Bitcoin took out early; the contract's does not."""
    theirs = query(
        chain.stacks_dsn,
        """SELECT bond_index, target_rate, first_reward_cycle, bond_start_height, unlock_cycle, unlock_burn_height,
                  btc_capacity::bigint, allowed_count, registered_count, btc_locked::bigint, stx_locked::bigint
           FROM bonds WHERE canonical ORDER BY bond_index""",
    )
    rows = f"""
        SELECT bond.bond_index, target_rate_bp, first_cycle, start_height, unlock_cycle, unlock_height,
               bond.capacity_sats, bond.allowed, bond.registrations, bound_sats + released_sats, bound_ustx
        FROM daily_bonds AS bond JOIN bond_sums USING (bond_index) WHERE {LAST} ORDER BY 1
    """
    assert ours(chain, rows) == theirs
    assert theirs


@pytest.mark.parametrize("chain", WITH_BONDS, indirect=True)
def test_members_exits_yields_and_claims_equal_the_apis_own_tables(chain: Pipeline) -> None:
    theirs = query(
        chain.stacks_dsn,
        """
        SELECT bond_index,
               (SELECT count(*) FROM principal_bond_positions AS held
                WHERE canonical AND held.bond_index = bonds.bond_index AND status = 3),
               (SELECT COALESCE(sum(target_yield), 0)::bigint FROM bond_reward_distributions AS paid
                WHERE canonical AND paid.bond_index = bonds.bond_index),
               (SELECT COALESCE(sum(bond_rewards), 0)::bigint FROM bond_reward_distributions AS paid
                WHERE canonical AND paid.bond_index = bonds.bond_index),
               (SELECT COALESCE(sum(rewards_claimed), 0)::bigint FROM principal_bond_reward_claims AS claimed
                WHERE canonical AND claimed.bond_index = bonds.bond_index)
        FROM bonds WHERE canonical ORDER BY bond_index
        """,
    )
    rows = (
        f"SELECT bond_index, early_exits, target_sats, paid_sats, claimed_sats FROM daily_bonds WHERE {LAST} ORDER BY 1"
    )
    assert ours(chain, rows) == theirs


@pytest.mark.parametrize("chain", [SAMPLE], indirect=True)
def test_distributions_equal_the_apis_own_tables(chain: Pipeline) -> None:
    theirs = query(
        chain.stacks_dsn,
        """SELECT bond_index, stx_cycle, calculation_height, bond_staked_sats::bigint, target_yield::bigint,
                  bond_rewards::bigint
           FROM bond_reward_distributions AS paid JOIN bond_reward_calculations USING (tx_id, index_block_hash)
           WHERE paid.canonical ORDER BY 3, 1""",
    )
    rows = """SELECT bond_index, cycle, calculation_height, staked_sats, target_sats, paid_sats FROM bond_distributions
              ORDER BY 3, 1"""
    assert ours(chain, rows) == theirs
    assert theirs
