"""Prices, indicators, social figures; rewards of stackers by day and cycle."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE price_hourly (
    symbol text,
    hour_at timestamptz,
    open_usd double precision,
    high_usd double precision,
    low_usd double precision,
    close_usd double precision NOT NULL CHECK (close_usd > 0),
    volume_base double precision,
    volume_usd double precision,
    source text NOT NULL,
    PRIMARY KEY (symbol, hour_at)
);
CREATE INDEX price_hourly_by_high ON price_hourly (symbol, high_usd);

CREATE TABLE price_daily (
    symbol text,
    day date,
    open_usd double precision,
    high_usd double precision,
    low_usd double precision,
    close_usd double precision NOT NULL CHECK (close_usd > 0),
    volume_base double precision,
    volume_usd double precision,
    market_cap_usd double precision,
    source text NOT NULL,
    PRIMARY KEY (symbol, day)
);

CREATE VIEW stx_historical_prices AS
SELECT extract(epoch FROM hour_at)::integer AS unix_timestamp, close_usd AS price_usd
FROM price_hourly WHERE symbol = 'STX';

CREATE TABLE daily_indicators (
    day date PRIMARY KEY,
    close_usd double precision NOT NULL,
    volume_usd double precision,
    market_cap_usd double precision,
    change_pct double precision,
    rsi_7 double precision,
    rvi_7 double precision,
    ema_7 double precision,
    nvt double precision,
    nvt_28 double precision
);

CREATE TABLE daily_social (
    day date PRIMARY KEY,
    galaxy_score double precision,
    alt_rank bigint,
    sentiment double precision,
    social_dominance double precision,
    interactions bigint,
    posts_active bigint,
    contributors_active bigint,
    generated_at timestamptz
);

CREATE TABLE social_snapshots (
    taken_at timestamptz PRIMARY KEY,
    galaxy_score double precision,
    alt_rank bigint
);

CREATE TABLE daily_stacking_rewards (
    day date,
    cycle integer,
    reward_sats bigint NOT NULL,
    PRIMARY KEY (day, cycle)
)
"""

# Days built before this table have no row in it, and only figures know the network's cycles.
MAKE_FIGURES_ANEW = "UPDATE built_days SET figures_due = true"


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute(MAKE_FIGURES_ANEW)


def downgrade() -> None:
    op.execute("DROP VIEW stx_historical_prices")
    for statement in reversed(TABLES.split(";")):
        if "CREATE TABLE" in statement:
            op.execute(f"DROP TABLE {statement.split('CREATE TABLE')[1].split('(')[0]}")
