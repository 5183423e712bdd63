"""Tokens are found by the hash of their id, which may be longer than an entry of an index; what may be a sale.

Of what the chain gives, consensus bounds principals (41 characters, and a contract's name of up to 128 after a dot),
hashes, and names of assets (128): such may stand in a key. A Clarity value, as a token's id is one, may have a
megabyte (stacks-core, clarity: CONTRACT_MAX_NAME_LENGTH, MAX_STRING_LEN, MAX_VALUE_SIZE); an entry of a B-tree 2,704
bytes.

It writes three tables anew and locks them meanwhile: about a minute for each million moves of tokens.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

HASHED = ("nft_moves", "nft_owners", "nft_sales")
ADD_HASH = "ALTER TABLE {table} ADD COLUMN token_hash bytea GENERATED ALWAYS AS (sha256(token_value)) STORED"
PLACE = "block_height, microblock_sequence, tx_index, event_index"

KEYS = f"""
DROP INDEX nft_moves_by_token;
ALTER TABLE nft_owners DROP CONSTRAINT nft_owners_pkey;
ALTER TABLE nft_sales DROP CONSTRAINT nft_sales_pkey;
{";".join(ADD_HASH.format(table=table) for table in HASHED)};
CREATE INDEX nft_moves_by_token ON nft_moves (asset_identifier, token_hash, {PLACE});
ALTER TABLE nft_owners ADD PRIMARY KEY (asset_identifier, token_hash);
ALTER TABLE nft_sales ADD PRIMARY KEY (day, tx_id, asset_identifier, token_hash)
"""

RECEIPTS = """
CREATE TABLE nft_receipts (
    day date,
    block_height integer NOT NULL,
    tx_id text,
    event_index integer,
    asset_identifier text NOT NULL,
    token_value bytea NOT NULL,
    seller text NOT NULL,
    buyer text NOT NULL,
    paid_ustx bigint NOT NULL,
    depositor text,
    is_decided boolean NOT NULL,
    PRIMARY KEY (day, tx_id, event_index)
)
"""

# Until their days are built again, sales of days built before are what these days have of receipts.
OF_DAYS_BUILT_BEFORE = """
INSERT INTO nft_receipts
SELECT day, block_height, tx_id, row_number() OVER (PARTITION BY day, tx_id ORDER BY price_ustx DESC),
       asset_identifier, token_value, seller, buyer, sum(price_ustx) OVER (PARTITION BY day, tx_id, buyer),
       NULL, position('.' IN seller) = 0
FROM nft_sales
"""


def upgrade() -> None:
    for statement in (*KEYS.split(";"), RECEIPTS, OF_DAYS_BUILT_BEFORE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE nft_receipts")
    for table in HASHED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN token_hash")
    op.execute(f"CREATE INDEX nft_moves_by_token ON nft_moves (asset_identifier, token_value, {PLACE})")
    op.execute("ALTER TABLE nft_owners ADD PRIMARY KEY (asset_identifier, token_value)")
    op.execute("ALTER TABLE nft_sales ADD PRIMARY KEY (day, tx_id, asset_identifier, token_value)")
