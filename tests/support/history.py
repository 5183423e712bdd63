"""A synthetic past for a warehouse, as if so many days had been built, loaded and published before.

For tests and benchmarks of what history costs. Figures are plausible in size and number, and reconciled with one
another only as far as the checks of the next day look.
"""

from contextlib import closing
from datetime import date, timedelta

import psycopg2

from scripts.local import sample_chain
from scripts.local.sample_chain.timeline import FIRST_BURN_HEIGHT
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.runners import due
from tests.support.history_of_assets import NAMES_AND_SBTC
from tests.support.history_of_bonds import SIGNERS_AND_BONDS
from tests.support.history_of_exchanges import EXCHANGES
from tests.support.history_of_tokens import TOKENS
from tests.support.history_of_users import USERS
from tests.support.indexes import without_indexes
from tests.support.network_history import NETWORK

SESSION = "SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'; SET synchronous_commit = off"

# Random-looking text of the length that addresses and hashes have: indexes grow and scatter as in real life.
FUNCTIONS = """
    CREATE FUNCTION pg_temp.account(number bigint) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN 'SP' || upper(md5(number::text)) || 'HISTORY';
    CREATE FUNCTION pg_temp.hash(number bigint) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN '0x' || md5(number::text) || md5('-' || number::text);
    CREATE FUNCTION pg_temp.first_day(account bigint) RETURNS date IMMUTABLE LANGUAGE sql
    RETURN '{first}'::date + ((account - 1) * {days} / {accounts})::int
"""

# One day of the past a row, its heights, Stacks' and Bitcoin's, just below those of the sample chain.
PAST = """
    CREATE TEMP TABLE past AS
    SELECT number, '{first}'::date + number AS day, {first_burn_height} + number * 144 AS burn_height,
           (number - {days}) * 144 AS height
    FROM generate_series(0, {days} - 1) AS number
"""

LOADING = """
    INSERT INTO built_days
    SELECT day, height + 1, height + 144, 144, 5000, md5(day::text), true, day + 1, day + 1,
           md5(day::text), true, number + 1, number + 1
    FROM past;
    INSERT INTO built_tables
    SELECT day, table_name, version, '', NULL, day + 1, NULL, false
    FROM past, (VALUES {versions}) AS made (table_name, version);
    SELECT setval('revisions', {days});
    INSERT INTO loaded_days
    SELECT day, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
           settled, landed_at, built_at
    FROM built_days;
    INSERT INTO quality_checks
    SELECT day + 1, day, 'check ' || check_number, true, '0', '0' FROM past, generate_series(1, 10) AS check_number
"""

ACTIVITY = """
    INSERT INTO daily_transactions
    SELECT day, tx_type, tx_status, 400, 1000000
    FROM past,
         unnest(ARRAY['token_transfer', 'smart_contract', 'contract_call', 'coinbase', 'tenure_change']) AS tx_type,
         unnest(ARRAY['success', 'abort_by_response', 'abort_by_post_condition']) AS tx_status;
    INSERT INTO address_days
    SELECT active.day, pg_temp.account(number)
    FROM generate_series(1, {accounts}::bigint) AS number,
         LATERAL (SELECT pg_temp.first_day(number) + later::int FROM unnest(ARRAY[0, 1 + number % 97]) AS later
                  WHERE later = 0 OR number % 3 = 0) AS active (day)
    WHERE active.day < '{before}';
    INSERT INTO addresses
    SELECT pg_temp.account(number), pg_temp.first_day(number) FROM generate_series(1, {accounts}::bigint) AS number;
    INSERT INTO daily_activity SELECT day, 2000, 100, 1000 FROM past;
    INSERT INTO daily_addresses SELECT day, 2000, 100, 1000, 50, (number + 1) * 50 FROM past
"""

# A hundred whales; the others hold between a thousandth of an STX and 10,000 STX.
BALANCES = """
    INSERT INTO stx_balance_changes
    SELECT pg_temp.first_day(number), pg_temp.account(number),
           CASE WHEN number % greatest({accounts} / 100, 1) = 0 THEN 20000000000 + number
                ELSE power(10::float8, 3 + 6.9::float8 * (number * 7919 % 10007) / 10007)::bigint END
    FROM generate_series(1, {accounts}::bigint) AS number;
    INSERT INTO stx_balances SELECT address, change_ustx FROM stx_balance_changes;
    INSERT INTO stx_supply_changes SELECT day, 0, 0, 144000000000 FROM past;
    INSERT INTO daily_balances
    SELECT day, (number + 1) * 50, 100, 2000000000000, 5000000, 0.9, 1000000000000000 + number FROM past;
    INSERT INTO daily_balance_totals
    SELECT day, total, supply_ustx - total, 0
    FROM daily_balances, (SELECT sum(balance_ustx)::bigint AS total FROM stx_balances) AS held;
    INSERT INTO daily_balance_histogram SELECT day, 10000 + bin * 500, 5 FROM past, generate_series(0, 19) AS bin;
    INSERT INTO whale_historical_stx_balances
    SELECT extract(epoch FROM day)::bigint, pg_temp.account(whale), 20000
    FROM past, generate_series(1, 100) AS whale
"""

# A lock runs for one to fourteen days, so that a few hundred still do when the past ends.
STACKING = """
    INSERT INTO stx_locks
    SELECT day, height + 1 + event, 2147483647, event, 0, pg_temp.hash(number * 50 + event),
           pg_temp.account((number * 50 + event) % 1000), 4, 1000000000, burn_height + 144 * (1 + event % 14)
    FROM past, generate_series(0, 49) AS event;
    INSERT INTO delegated_locks
    SELECT day, block_height, microblock_sequence, tx_index, event_index, address, pox_version,
           pg_temp.account(tx_index % 10), locked_ustx, unlock_height
    FROM stx_locks;
    INSERT INTO reward_cycles
    SELECT day, (burn_height - 666050) / 2100, height + 1, 100000000000, 500000000000000, 40
    FROM past WHERE number % 14 = 0;
    INSERT INTO stacking_distributions
    SELECT day, height + 1, 2147483647, 0, 0, pg_temp.hash(number), (burn_height - 666050) / 2100, burn_height - 1,
           500000000, 180000000, 272000000, 48000000, 48000000::bigint * number, 440000000000000
    FROM past WHERE number % 7 = 0;
    INSERT INTO daily_pox_heights SELECT day, burn_height + 143, 0, 0, 0, 0 FROM past;
    INSERT INTO daily_stacking SELECT day, (burn_height - 666050) / 2100, 1000000000, 375, 100000000000 FROM past;
    INSERT INTO daily_stacking_rewards SELECT day, (burn_height - 666050) / 2100, 21600000 FROM past;
    INSERT INTO stacking_pools
    SELECT day, pg_temp.account(pool), 1000000000, 40 FROM past, generate_series(0, 9) AS pool
"""

MINING = """
    INSERT INTO tenures
    SELECT day, burn_height + block, height + 1 + block, pg_temp.hash(burn_height + block), day,
           pg_temp.account(block % 6), 100000, 300000, 3, 1000000000, 5000000
    FROM past, generate_series(0, 143) AS block;
    INSERT INTO matured_rewards
    SELECT day, first_block_height + 100, first_index_block_hash, miner_address, miner_address, coinbase_ustx,
           fees_ustx, 0, 0
    FROM tenures;
    INSERT INTO burn_block_rewards SELECT burn_block_height, day, mined_at, 150000, 20000, 2 FROM tenures;
    INSERT INTO daily_miners
    SELECT day, (burn_block_height - 666050) / 2100, miner_address, count(*), sum(miners), sum(miner_commit_sats),
           sum(coinbase_ustx + fees_ustx), sum(total_commit_sats), sum(coinbase_ustx + fees_ustx),
           sum(coinbase_ustx), sum(fees_ustx)
    FROM tenures GROUP BY 1, 2, 3;
    INSERT INTO daily_mining
    SELECT day, 6, 0.167, 4, sum(tenures), sum(commits), sum(miner_commit_sats), sum(miner_commit_ustx),
           sum(total_commit_sats), sum(total_commit_ustx), sum(coinbase_ustx), sum(fees_ustx)
    FROM daily_miners GROUP BY day;
    INSERT INTO daily_blocks
    SELECT day, 144, 600, 1500, 144, 1, 1, 5000, 35, 60, 1500000, 0, 0, 0, 0, 0, 0, 0,
           100000000, 2000000, 15000, 300, 3500000, 70000, 10000, 200, 450000, 9000
    FROM past;
    INSERT INTO daily_microblocks SELECT day, 100, md5('') FROM past;
    INSERT INTO block_edges
    SELECT day, pg_temp.hash(height + 1 + edge * 143), pg_temp.hash(height + edge * 143),
           height + 1 + edge * 143, edge = 0, edge = 1
    FROM past, generate_series(0, 1) AS edge
"""

# By turns a mint, and a transfer of a token that was minted before.
NFTS = """
    INSERT INTO nft_moves
    SELECT day, height + 1 + event % 144, 2147483647, event, 0, pg_temp.hash(move),
           pg_temp.account(token % 300) || '.collection-' || token % 300 || '::token-' || token % 300,
           decode('01' || lpad(to_hex(token), 32, '0'), 'hex'), CASE WHEN is_mint THEN 'mint' ELSE 'transfer' END,
           CASE WHEN NOT is_mint THEN pg_temp.account(token * 2) END, pg_temp.account(move)
    FROM past, generate_series(0, 499) AS event,
         LATERAL (SELECT number::bigint * 500 + event, event % 2 = 0) AS moved (move, is_mint),
         LATERAL (SELECT CASE WHEN is_mint THEN move / 2 ELSE move * 7919 % (move / 2 + 1) END) AS chosen (token);
    INSERT INTO nft_owners
    SELECT DISTINCT ON (asset_identifier, token_value) asset_identifier, token_value, recipient, block_height,
           microblock_sequence, tx_index, event_index
    FROM nft_moves ORDER BY asset_identifier, token_value, block_height DESC, tx_index DESC;
    INSERT INTO nft_receipts
    SELECT day, block_height, tx_id, event_index, asset_identifier, token_value, sender, recipient, 50000000, NULL,
           tx_index % 2 = 0
    FROM nft_moves WHERE kind = 'transfer' AND tx_index < 200;
    INSERT INTO nft_sales
    SELECT day, block_height, tx_id, asset_identifier, token_value, sender, recipient, 50000000, 'u' || tx_index
    FROM nft_moves WHERE kind = 'transfer' AND tx_index < 200;
    INSERT INTO daily_nft_activity
    SELECT day, asset_identifier, count(*) FILTER (WHERE kind = 'mint'), 0, count(*) FILTER (WHERE kind = 'transfer'),
           0, 0, 0, 0
    FROM nft_moves GROUP BY day, asset_identifier ORDER BY day;
    INSERT INTO nft_collections (asset_identifier, first_day)
    SELECT asset_identifier, min(day) FROM daily_nft_activity GROUP BY asset_identifier;
    INSERT INTO nft_holdings
    SELECT day, asset_identifier, recipient, 1 FROM nft_moves;
    INSERT INTO daily_nfts SELECT daily_nft_activity.*, 100 FROM daily_nft_activity;
    INSERT INTO daily_nft_totals SELECT day, (number + 1) * 250, 250, 0, 100, 5000000000 FROM past
"""

# Forty large transfers a day, and a look every half hour.
LOOKS = """
    INSERT INTO large_transfers
    SELECT day, height + 1 + event, 2147483647, event, 0, pg_temp.hash(number * 40 + event), 2000000000000,
           pg_temp.account(1), pg_temp.account(2), extract(epoch FROM day)::bigint, 'token_transfer'
    FROM past, generate_series(0, 39) AS event;
    INSERT INTO mempool_snapshots
    SELECT day + half_hour * interval '30 minutes', tx_type, 100, 20000, 300, 3000
    FROM past, generate_series(0, 47) AS half_hour,
         unnest(ARRAY['token_transfer', 'smart_contract', 'contract_call']) AS tx_type;
    INSERT INTO spot_snapshots (taken_at, refresh_ts, total_txs_past24, current_cycle_no, cycle_blocks_left,
                                current_cycle_phase, current_stx_block_height, now_in_mempool)
    SELECT day + half_hour * interval '30 minutes', 0, 5000, 0, 1, 'reward', height, 300
    FROM past, generate_series(0, 47) AS half_hour
"""

TEMPLATES = (
    *(FUNCTIONS, PAST, LOADING, ACTIVITY, NETWORK, BALANCES, STACKING, SIGNERS_AND_BONDS),
    *(MINING, NFTS, NAMES_AND_SBTC, TOKENS, LOOKS, EXCHANGES, *USERS),
)


def preload(warehouse_dsn: str, days: int, accounts: int, before: date) -> None:
    """Fill an empty warehouse of this version with so many days, the last of them the day before `before`.

    Args:
        accounts: how many there are at the end, first seen over the days evenly.
    """
    first = before - timedelta(days=days)
    heights = {"first_burn_height": FIRST_BURN_HEIGHT - 144 * days, "versions": _versions()}
    with closing(psycopg2.connect(warehouse_dsn)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(SESSION)
            with without_indexes(cursor):
                for template in TEMPLATES:
                    cursor.execute(template.format(days=days, accounts=accounts, first=first, before=before, **heights))
            cursor.execute("VACUUM (ANALYZE)")


def _versions() -> str:
    """What this version of the code makes each table of, as rows of SQL."""
    network = sample_chain.NETWORK
    facts = catalog.tables(Kind.FACT)
    made = {name: due.fact_version(table, network) for table in facts for name in (table.name, *table.states)}
    made |= {table.name: due.figure_version(table, network) for table in catalog.tables(Kind.FIGURE)}
    return ", ".join(f"('{name}', '{version}')" for name, version in made.items())
