"""Where things are: templates of S3 keys. The tables of the warehouse go by their catalogue names."""

# Private bucket: the raw archive. Hive partitions, so that Athena, Trino, Spark and DuckDB read it as it is.
RAW_ROOT = "raw/stacks/"
RAW_TABLE = "raw/stacks/{table}/day={day}/part-0000.parquet"
RAW_PART = "raw/stacks/_manifest/day={day}/{part}.json"
RAW_MANIFEST = "raw/stacks/_manifest/day={day}.json"

# Vendors' answers: `series` such as STX/hours, `span` the time asked for; who reads partitions skips the manifest.
RAW_ANSWER = "raw/{vendor}/{series}/{span}/part-{number:04}.json.gz"
RAW_ANSWERS_MANIFEST = "raw/{vendor}/{series}/{span}/_manifest.json"

# Public bucket: `version` is a day, or `latest`.
DAILY_TXS = "daily_txs/{version}.json.gz"
ADDX_GROWTH = "addx_growth/{version}.json.gz"
ADDX_DAILYACTIVE = "addx_dailyactive/{version}.json.gz"
WALLET_BALANCES_RAW = "wallet_balances_raw/{version}.json.gz"
WALLET_BALANCES = "wallet_balances/{version}.json.gz"


# Public bucket: one version only.
WALLET_BALANCES_NONZERO = "wallet_balances/latest_nonzero.json.gz"
MICROBLOCKS = "microblocks/latest.json.gz"
STX_STACKED_OVER_TIME = "stx_stacked_over_time/latest.json.gz"
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
PRICE_7D = "price_over_time/latest_7d.json.gz"
PRICE_30D = "price_over_time/latest_30d.json.gz"
PRICE_90D = "price_over_time/latest_90d.json.gz"
VOLUMES_180D = "vols/latest_180d.json.gz"
CAPS_180D = "caps/latest_180d.json.gz"
FINANCIAL_INDICATORS = "financial_indicators/latest.csv.gz"
RSI = "financial_indicators/rsi_latest.json.gz"
RVI = "financial_indicators/rvi_latest.json.gz"
EMA = "financial_indicators/ema_latest.json.gz"
NVT = "financial_indicators/nvt_latest.json.gz"
LUNAR_SPOT = "lunar/spot.json.gz"
LUNAR_HISTORY = "lunar/hist.json.gz"
