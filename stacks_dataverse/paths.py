"""Where things are: templates of S3 keys. The tables of the warehouse go by their catalogue names."""

# Private bucket: the raw archive. Hive partitions, so that Athena, Trino, Spark and DuckDB read it as it is.
RAW_ROOT = "raw/stacks/"
RAW_TABLE = "raw/stacks/{table}/day={day}/part-0000.parquet"
RAW_PART = "raw/stacks/_manifest/day={day}/{part}.json"
RAW_MANIFEST = "raw/stacks/_manifest/day={day}.json"

# Private bucket: looks at the tip, and how far the chain had come at the last of them.
LIVE_TABLE = "raw/stacks_live/{table}/at={at}/part-0000.parquet"
LIVE_MANIFEST = "raw/stacks_live/_manifest/at={at}.json"
SANITY_CHECK = "sanity_check.json.gz"

# Public bucket: `version` is a day, or `latest`.
DAILY_TXS = "daily_txs/{version}.json.gz"
ADDX_GROWTH = "addx_growth/{version}.json.gz"
ADDX_DAILYACTIVE = "addx_dailyactive/{version}.json.gz"
WALLET_BALANCES_RAW = "wallet_balances_raw/{version}.json.gz"
WALLET_BALANCES = "wallet_balances/{version}.json.gz"
STX_STACKED_OVER_TIME = "stx_stacked_over_time/{version}.json.gz"

# Public bucket: one version only.
WALLET_BALANCES_NONZERO = "wallet_balances/latest_nonzero.json.gz"
MICROBLOCKS = "microblocks/latest.json.gz"
STACKING_RISKREWARD = "stacking_data/riskreward.json.gz"
STACKING_RISKREWARD_SMALL = "stacking_data/riskreward_small.json.gz"
TOP_POOLS = "pools/top_pools.json.gz"
NUMBER_OF_POOLS = "pools/number.json.gz"
NFT_TRADING_VOLUME = "nft/stx_tradingvol_per_day.json.gz"
NFT_FASTEST_GROWING = "nft/fastest_growing.json.gz"
NFT_IN_EXISTENCE_NOW = "nft/in_existence_now.json.gz"
NFT_IN_EXISTENCE_OVER_TIME = "nft/in_existence_over_time.json.gz"
NFT_TOP_BY_HOLDERS = "nft/top_by_holders.json.gz"
NFT_CHEAPEST = "nft/top_10_cheapest.json.gz"
NFT_MOST_EXPENSIVE = "nft/top_10_most_expensive.json.gz"

# Public bucket: every half hour.
TX_PER_BLOCK = "tx_per_block/latest.json.gz"
MEMPOOL = "mempool/latest.json.gz"
WHALE_MOVEMENTS = "whales/latest_movements.csv.gz"
SPOT_STATS = "spot_stats/latest.json.gz"
SPOT_STATS_HISTORICAL = "spot_stats/historical.json.gz"
RECENT_REWARDS = "stacking_data/recent_rewards.json.gz"
RECENT_REWARDS_SMALL = "stacking_data/recent_rewards_small.json.gz"
MINING_OVERVIEW = "mining_data/last100_overview.json.gz"
MINING_RISKREWARD = "mining_data/riskreward.json.gz"
MINING_MOST_SUCCESSFUL = "mining_data/most_successful.json.gz"
NFT_VOLUME_PER_BLOCK = "nft/stx_tradingvol_per_block.json.gz"
NFT_TOP_BY_VOLUME = "nft/top_by_tradevol_last100.json.gz"
NFT_TOP_BY_MINTS = "nft/top_by_mints_last100.json.gz"
