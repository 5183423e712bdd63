"""Where things are: templates of S3 keys. The tables of the warehouse go by their catalogue names."""

# Private bucket: the raw archive. Hive partitions, so that Athena, Trino, Spark and DuckDB read it as it is.
RAW_ROOT = "raw/stacks/"
RAW_TABLE = "raw/stacks/{table}/day={day}/part-0000.parquet"
RAW_PART = "raw/stacks/_manifest/day={day}/{part}.json"
RAW_MANIFEST = "raw/stacks/_manifest/day={day}.json"

# Public bucket: `version` is a day, or `latest`.
DAILY_TXS = "daily_txs/{version}.json.gz"
ADDX_GROWTH = "addx_growth/{version}.json.gz"
ADDX_DAILYACTIVE = "addx_dailyactive/{version}.json.gz"
WALLET_BALANCES_RAW = "wallet_balances_raw/{version}.json.gz"
WALLET_BALANCES = "wallet_balances/{version}.json.gz"
WALLET_BALANCES_NONZERO = "wallet_balances/{version}_nonzero.json.gz"
