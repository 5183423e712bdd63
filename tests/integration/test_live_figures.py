"""What a look publishes on the sample chain is what source and warehouse say: figures, transfers, tenures, tokens."""

from datetime import UTC, datetime

import pytest

from tests.integration.locked import LOCKED_OR_BONDED
from tests.integration.looks import OBJECTS, TAKEN_AT, published, rows, spot
from tests.support.pipeline import Pipeline

LAST_HOUR = datetime(2024, 10, 30, 23, tzinfo=UTC)


@pytest.fixture
def run(sample_with_look: Pipeline) -> Pipeline:
    """All days of the sample loaded, prices stored, and a look taken, once."""
    return sample_with_look


def test_figures_of_the_moment_are_what_the_source_says(run: Pipeline) -> None:
    ((height, burn_height, waiting),) = rows(
        run.stacks_dsn, "SELECT block_height, burn_block_height, mempool_tx_count FROM chain_tip"
    )
    ((total, recent),) = rows(run.stacks_dsn, """
        SELECT count(*), count(*) FILTER (WHERE b.block_time > (SELECT max(block_time) FROM blocks) - 86400)
        FROM txs t JOIN blocks b USING (index_block_hash) WHERE b.canonical AND microblock_canonical
    """)  # fmt: skip
    sums = "sum(COALESCE(bonded, locked_amount)), count(*)"
    ((stacked, stackers),) = rows(run.stacks_dsn, f"SELECT {sums} FROM {LOCKED_OR_BONDED}")
    ((supply,),) = rows(run.stacks_dsn, "SELECT stx_supply FROM chain_tip")
    place = (burn_height - run.network.first_burn_height) % run.network.cycle_length
    assert {
        **{"current_stx_block_height": height, "now_in_mempool": waiting, "total_txs_alltime": total},
        **{"total_txs_past24": recent, "total_stacked": float(stacked) / 1e6, "total_stackers": stackers},
        **{"circulating_supply": float(supply) / 1e6, "cycle_blocks_left": run.network.cycle_length - place},
        **{"current_cycle_no": (burn_height - run.network.first_burn_height) // run.network.cycle_length},
        **{"refresh_ts": int(TAKEN_AT.timestamp())},
    }.items() <= spot(run).items()


def test_the_fees_are_what_waits_and_what_was_paid(run: Pipeline) -> None:
    ((per_byte,),) = rows(run.stacks_dsn, """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY fee_rate::float8 / tx_size) FROM mempool_txs
        WHERE NOT pruned AND type_id = 0
    """)  # fmt: skip
    ((paid,),) = rows(run.stacks_dsn, """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY fee_rate) FROM (
            SELECT fee_rate FROM txs t JOIN blocks b USING (index_block_hash)
            WHERE b.canonical AND microblock_canonical AND type_id = 0
            ORDER BY b.block_height DESC, microblock_sequence DESC, tx_index DESC LIMIT 10) AS latest
    """)  # fmt: skip
    assert spot(run)["mstx_fee"] == pytest.approx(per_byte, abs=0.51e-6)
    assert spot(run)["latest_transfer_fee"] == pytest.approx(paid / 1e6, abs=0.51e-6)


def test_the_last_evenings_figures_are_those_of_the_daily_objects(run: Pipeline) -> None:
    wallets = run.public.get_json("wallet_balances_raw/latest.json.gz")
    rich = sum(balance >= 100_000 for balance in wallets["whale_balances"])
    assert spot(run)["nonzero_bal_addx"] == wallets["nonzero_bals"]
    assert spot(run)["whale_percent"] == pytest.approx(100 * rich / wallets["nonzero_bals"])


def test_the_yield_is_of_the_last_two_distributions(run: Pipeline) -> None:
    """As the contract printed them: what went to those who stake STX, over what they staked for these half cycles."""
    printed = rows(run.stacks_dsn, """
        SELECT (data ->> 'total_stx_staker_rewards')::float8, (data ->> 'cycle_staked_ustx')::float8
        FROM pox5_events WHERE canonical AND name = 'calculate-rewards' ORDER BY block_height DESC LIMIT 2
    """)  # fmt: skip
    half = run.network.cycle_length / 2
    btc, stx = closes(run, "BTC")[LAST_HOUR], closes(run, "STX")[LAST_HOUR]
    earned = sum(sats for sats, _ in printed) / 1e8 * btc
    staked = sum(ustx * half for _, ustx in printed) / 1e6 * stx
    assert spot(run)["stacking_apy"] == pytest.approx(earned / staked * 52_560 * 100)


def test_prices_are_of_the_moment(run: Pipeline) -> None:
    found, stx = spot(run), closes(run, "STX")[LAST_HOUR]
    ((ath,),) = rows(run.warehouse_dsn, "SELECT max(high_usd) FROM price_hourly WHERE symbol = 'STX'")
    assert found["total_stacked_usd"] == pytest.approx(found["total_stacked"] * stx)
    assert found["usd_fee"] == pytest.approx(found["mstx_fee"] / 1e6 * stx)
    assert found["ath"] == ath
    assert found["perc_from_ath"] == pytest.approx((stx / ath - 1) * 100)
    assert found["perc_from_ath"] < 0
    network = run.network
    ((opened,),) = rows(run.warehouse_dsn, f"""
        SELECT min(mined_at) FROM mining_tenures
        WHERE (burn_block_height - {network.first_burn_height}) / {network.cycle_length} = {found["current_cycle_no"]}
    """)  # fmt: skip
    assert found["current_cycle_open_price"] == closes(run, "STX")[hour_of(opened)] - 0.125


def closes(run: Pipeline, symbol: str) -> dict[datetime, float]:
    """The close of every hour stored."""
    return dict(rows(run.warehouse_dsn, f"SELECT hour_at, close_usd FROM price_hourly WHERE symbol = '{symbol}'"))


def hour_of(moment: datetime) -> datetime:
    """The beginning of its hour."""
    return moment.replace(minute=0, second=0)


def test_large_transfers_are_those_of_the_source_newest_first(run: Pipeline) -> None:
    sql = """
        SELECT '0x' || encode(tx_id, 'hex'), b.block_height, amount / 1e6, sender, recipient, b.burn_block_time
        FROM stx_events e JOIN blocks b USING (index_block_hash)
        WHERE b.canonical AND microblock_canonical AND asset_event_type_id = 1 AND amount >= 1000000000000
        ORDER BY b.block_height DESC, microblock_sequence DESC, tx_index DESC, event_index DESC LIMIT 500
    """
    declared = next(declared for declared in OBJECTS if declared.name == "whale_movements")
    found = published(run, declared)
    columns = ("tx_id", "block_height", "amount", "sender", "recipient", "burn_block_time")
    ours = [tuple(float(line[name]) if name in ("amount",) else line[name] for name in columns) for line in found]
    theirs = [(tx_id, str(height), float(amount), sender, recipient, str(time))
              for tx_id, height, amount, sender, recipient, time in rows(run.stacks_dsn, sql)]  # fmt: skip
    assert ours == theirs
    assert {line["tx_type"] for line in found} == {"token_transfer", "contract_call"}
    assert found[0]["explorer_url"] == f"https://explorer.hiro.so/txid/{found[0]['tx_id']}?chain=mainnet"
    assert spot(run)["latest_whale_amount"] == ours[0][2]
    assert str(spot(run)["latest_whale_timestamp"]) == ours[0][5]


def test_blocks_have_the_transactions_of_the_source(run: Pipeline) -> None:
    sql = """
        SELECT block_height::text AS height, tx_count FROM blocks WHERE canonical ORDER BY block_height DESC LIMIT 100
    """
    assert run.public.get_json("tx_per_block/latest.json.gz") == dict(rows(run.stacks_dsn, sql))


def test_tenures_are_those_of_the_warehouse(run: Pipeline) -> None:
    overview = run.public.get_json("mining_data/last100_overview.json.gz")
    tenures = run.read("SELECT * FROM mining_tenures ORDER BY burn_block_height DESC LIMIT 100").to_pylist()
    by_height = {str(tenure["burn_block_height"]): tenure for tenure in reversed(tenures)}
    assert overview["block_heights"] == [int(height) for height in by_height]
    assert overview["stx_rewards"] == {h: (t["coinbase_ustx"] + t["fees_ustx"]) / 1e6 for h, t in by_height.items()}
    assert overview["winning_miners"] == {height: tenure["miner_address"] for height, tenure in by_height.items()}
    commits = {height: tenure["total_commit_sats"] for height, tenure in by_height.items()}
    assert overview["btc_burns"] == {h: None if sats is None else sats / 1e8 for h, sats in commits.items()}
    known = [sats for sats in commits.values() if sats is not None]
    assert known
    assert overview["avg_btc_committed"] == round(sum(known) / len(known) / 1e8, 8)
    wins = run.public.get_json("mining_data/most_successful.json.gz")
    assert sum(wins.values()) == 100
    assert list(wins.values()) == sorted(wins.values(), reverse=True)


def test_what_mining_costs_and_earns_is_at_the_prices_of_the_hour(run: Pipeline) -> None:
    found = run.public.get_json("mining_data/riskreward.json.gz")
    tenures = run.read("SELECT * FROM mining_tenures ORDER BY burn_block_height DESC LIMIT 100").to_pylist()
    stx, btc = closes(run, "STX"), closes(run, "BTC")
    for tenure in tenures:
        entry, hour = found[str(tenure["burn_block_height"])], hour_of(tenure["mined_at"])
        reward = (tenure["coinbase_ustx"] + tenure["fees_ustx"]) / 1e6
        assert entry["burn_block_time"] == tenure["mined_at"].timestamp()
        assert entry["rewarded_usd"] == pytest.approx(reward * stx[hour])
        if tenure["total_commit_sats"] is None:
            assert entry["spent_usd"] is None
        else:
            assert entry["spent_usd"] == pytest.approx(tenure["total_commit_sats"] / 1e8 * btc[hour])


def test_rewards_of_bitcoin_blocks_are_those_of_the_source(run: Pipeline) -> None:
    ((tip,),) = rows(run.stacks_dsn, "SELECT burn_block_height FROM chain_tip")
    paid = dict(rows(run.stacks_dsn, f"""
        SELECT burn_block_height::text AS height, sum(reward_amount) / 1e8 FROM (
            SELECT DISTINCT burn_block_height, reward_index, reward_amount FROM burnchain_rewards
            WHERE burn_block_hash IN (SELECT burn_block_hash FROM burn_blocks WHERE canonical)
              AND burn_block_height <= {tip}) AS paid
        GROUP BY burn_block_height ORDER BY burn_block_height DESC LIMIT 100
    """))  # fmt: skip
    assert run.public.get_json("stacking_data/recent_rewards.json.gz") == pytest.approx(
        {height: float(btc) for height, btc in paid.items()}
    )
    times = dict(rows(run.stacks_dsn, """
        SELECT DISTINCT burn_block_height::text, date_trunc('hour', to_timestamp(burn_block_time))
        FROM blocks WHERE canonical
    """))  # fmt: skip
    small = run.public.get_json("stacking_data/recent_rewards_small.json.gz")
    assert list(small) == sorted(paid, key=int)[-20:]
    btc = closes(run, "BTC")
    for height, usd in small.items():
        expected = btc[times[height]] * float(paid[height]) if height in times else None
        assert usd == pytest.approx(expected), height


def test_tokens_are_those_of_the_warehouse(run: Pipeline) -> None:
    ((since,),) = rows(run.warehouse_dsn, """
        SELECT min(first_block_height) FROM (SELECT * FROM tenures ORDER BY burn_block_height DESC LIMIT 100) AS t
    """)  # fmt: skip
    volume = rows(run.warehouse_dsn, f"""
        SELECT split_part(asset_identifier, '::', 1), sum(price_ustx) / 1e6 FROM nft_sales
        WHERE block_height >= {since} GROUP BY 1
    """)  # fmt: skip
    mints = rows(run.warehouse_dsn, f"""
        SELECT split_part(asset_identifier, '::', 1), count(*) FROM nft_moves
        WHERE block_height >= {since} AND kind = 'mint' GROUP BY 1
    """)  # fmt: skip
    for name, expected in (("tradevol", volume), ("mints", mints)):
        found = run.public.get_json(f"nft/top_by_{name}_last100.json.gz")
        assert {entry["contract"]: entry["value"] for entry in found.values()} == {
            contract: float(value) for contract, value in expected
        }
    per_block = rows(run.warehouse_dsn, """
        SELECT block_height::text, sum(price_ustx) / 1e6 FROM nft_sales GROUP BY 1
    """)  # fmt: skip
    assert run.public.get_json("nft/stx_tradingvol_per_block.json.gz") == {h: float(stx) for h, stx in per_block}
