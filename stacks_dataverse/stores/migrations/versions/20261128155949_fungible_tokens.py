"""Fungible tokens."""

from alembic import op

revision = "20261128155949"
down_revision = "20261128154359"

TABLES = {
    "token_balance_changes": """
        day date NOT NULL,
        asset_identifier text NOT NULL,
        principal text NOT NULL,
        change numeric(78) NOT NULL,
        PRIMARY KEY (day, asset_identifier, principal)
    """,
    "token_balances": """
        asset_identifier text NOT NULL,
        principal text NOT NULL,
        balance numeric(78) NOT NULL,
        PRIMARY KEY (asset_identifier, principal)
    """,
    "daily_token_activity": """
        day date NOT NULL,
        asset_identifier text NOT NULL,
        transfers bigint NOT NULL,
        senders bigint NOT NULL,
        receivers bigint NOT NULL,
        mints bigint NOT NULL,
        burns bigint NOT NULL,
        transferred numeric(78) NOT NULL,
        minted numeric(78) NOT NULL,
        burned numeric(78) NOT NULL,
        PRIMARY KEY (day, asset_identifier)
    """,
    "fungible_tokens": """
        asset_identifier text NOT NULL,
        first_day date NOT NULL,
        PRIMARY KEY (asset_identifier)
    """,
    "token_holdings": """
        day date NOT NULL,
        asset_identifier text NOT NULL,
        principal text NOT NULL,
        balance numeric(78) NOT NULL,
        PRIMARY KEY (day, asset_identifier, principal)
    """,
    "daily_tokens": """
        day date NOT NULL,
        asset_identifier text NOT NULL,
        supply numeric(78),
        account_holders bigint,
        contract_holders bigint,
        ten_largest_share double precision,
        PRIMARY KEY (day, asset_identifier)
    """,
    "daily_protocol_balances": """
        day date NOT NULL,
        protocol text NOT NULL,
        asset_identifier text NOT NULL,
        balance numeric(78) NOT NULL,
        PRIMARY KEY (day, protocol, asset_identifier)
    """,
}

INDEXES = {
    "token_balance_changes_by_asset_identifier_principal": "token_balance_changes (asset_identifier, principal, day)",
    "daily_token_activity_by_asset_identifier": "daily_token_activity (asset_identifier, day)",
    "token_holdings_by_principal": "token_holdings (asset_identifier, principal, day)",
    "token_holdings_by_balance": "token_holdings (asset_identifier, balance DESC)",
    "daily_tokens_by_asset_identifier": "daily_tokens (asset_identifier, day)",
    "daily_protocol_balances_by_asset": "daily_protocol_balances (protocol, asset_identifier, day)",
}


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    for index, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {index} ON {columns}")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
