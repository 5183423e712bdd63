"""Public objects of the last tenures, Bitcoin blocks and sales, up to the tip."""

from dataclasses import replace

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.mining import TENURE
from stacks_dataverse.catalog.nft_fields import SALE
from stacks_dataverse.catalog.nft_objects import ranking_columns, ranking_of
from stacks_dataverse.catalog.tip import GAP
from stacks_dataverse.dataset import Column, PublicObject, Schedule, Shape
from stacks_dataverse.labels import Group
from stacks_dataverse.queries.tip import RECENT_TENURES, newest, price, up_to_the_tip
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import BTC, SHARE, STX, USD_OF_A_BLOCK

PAID = newest("burn_block_rewards", "burn_block_height DESC", 100, "reward_sats > 0")
PAID_SMALL = newest("burn_block_rewards", "burn_block_height DESC", 20, "reward_sats > 0")
COMMITS = (
    "Commits are null if not known, as in the prepare phases before Bitcoin height 962,150 (mainnet) if the source "
    "has no table burn_blocks; they are excluded from sums and averages."
)
AT_THE_HOUR = "At the close of the Bitcoin block's hour, or else of the latest hour that began in the 48 before."
# Who sells a token that a contract held is known by who put it there, whenever that was.
STAND_ON_THE_PAST = ("nft_volume_per_block", "nft_top_by_volume")
TIP_IS_WHOLE = "SELECT {is_whole}"
PAST_AT_THE_TIP = "Null while a block of the chain is in no built day and not in the tip snapshot."

# By name, or by the folder of the path.
WARNINGS = {"mining_data": COMMITS} | dict.fromkeys(STAND_ON_THE_PAST, PAST_AT_THE_TIP)


def objects_of(
    *names: tuple[str, str, Group, str, Shape, str, str, dict[str, str], tuple[Column, ...]],
) -> tuple[PublicObject, ...]:
    """Declare objects by name, title, group, path, shape, query, method, fields and columns."""
    return tuple(
        PublicObject(
            name=name,
            title=title,
            group=group,
            path=path,
            shape=shape,
            rows=rows,
            method=method,
            fields=fields,
            columns=columns,
            schedule=Schedule.HALF_HOURLY,
            known=TIP_IS_WHOLE if name in STAND_ON_THE_PAST else "",
            warnings=(GAP, *(warning for part, warning in WARNINGS.items() if part in (name, path.partition("/")[0]))),
        )
        for name, title, group, path, shape, rows, method, fields, columns in names
    )


def ranking(rows: str, value: str) -> str:
    """A query of the ten largest of `asset_identifier`, a value, and whether others bear the collection's name."""
    others = "split_part(ranked.asset_identifier, '::', 2) AND other.asset_identifier <> ranked.asset_identifier"
    return f"""
        SELECT ranked.*, (
            EXISTS (SELECT FROM nft_collections AS other WHERE other.name = {others})
            OR EXISTS (SELECT FROM tip_nft_moves AS other
                       WHERE split_part(other.asset_identifier, '::', 2) = {others})
        ) AS is_shared
        FROM ({rows} ORDER BY {value} DESC, asset_identifier COLLATE "C" LIMIT 10) AS ranked
        ORDER BY {value} DESC, asset_identifier COLLATE "C"
    """


HEIGHT = Column("burn_block_height", "integer", "Bitcoin height")
SALES = Column("sales_stx", "double precision", "prices of the sales", STX)
NO_PRICE = "without a price, and if no Stacks block gives the Bitcoin block's time"
OF_TENURE = {column.name: column for column in TENURE}
TENURE_ROW = (
    OF_TENURE["burn_block_height"],
    replace(DAY, meaning="UTC day of the tenure's first block"),
    Column("first_block_height", "integer", "the tenure's first Stacks block"),
    OF_TENURE["mined_at"],
    replace(OF_TENURE["miner_address"], null="if not known"),
    OF_TENURE["miner_commit_sats"],
    OF_TENURE["total_commit_sats"],
    Column("burn_sats", "bigint", "BTC that all miners burned", "satoshis", "if not known"),
    OF_TENURE["coinbase_ustx"],
    OF_TENURE["fees_ustx"],
)

# A block's sales are all of one day: sums of the warehouse and of the tip snapshot never meet.
VOLUME_PER_BLOCK = """
    SELECT block_height, sum(price_ustx) / 1e6::double precision AS sales_stx
    FROM {table} GROUP BY block_height ORDER BY block_height DESC LIMIT 1000
"""
IN_TENURES = "day >= {tenures_day} AND block_height >= {tenures_height}"
VOLUME = f"""
    SELECT asset_identifier, sum(price_ustx) / 1e6::double precision AS sales_stx
    FROM {up_to_the_tip("nft_sales")} WHERE {IN_TENURES} GROUP BY asset_identifier
"""
MINTS = f"""
    SELECT asset_identifier, count(*) AS mints
    FROM {up_to_the_tip("nft_moves")} WHERE {IN_TENURES} AND kind = 'mint' GROUP BY asset_identifier
"""

OBJECTS = objects_of(
    (
        "recent_rewards",
        "BTC paid to stackers, last 100 Bitcoin blocks",
        Group.STACKING,
        paths.RECENT_REWARDS,
        shapes.series,
        f"SELECT burn_block_height, reward_sats / 1e8::double precision AS reward_btc FROM ({PAID}) AS paid",
        "BTC that miners sent to stackers, or into the reward pool, in the last 100 Bitcoin blocks with such payments.",
        {"<Bitcoin height>": BTC("BTC")},
        (HEIGHT, Column("reward_btc", "double precision", "BTC that miners sent", BTC)),
    ),
    (
        "recent_rewards_small",
        "USD paid to stackers, last 20 Bitcoin blocks",
        Group.STACKING,
        paths.RECENT_REWARDS_SMALL,
        shapes.series,
        f"""
            SELECT burn_block_height, reward_sats / 1e8::double precision * {price("BTC", "burned_at")} AS reward_usd
            FROM ({PAID_SMALL}) AS paid
        """,
        "BTC that miners sent to stackers, or into the reward pool, in the last 20 Bitcoin blocks with such "
        f"payments. {AT_THE_HOUR}",
        {"<Bitcoin height>": USD_OF_A_BLOCK(f"USD; null {NO_PRICE}")},
        (
            HEIGHT,
            Column("reward_usd", "double precision", "value of the BTC that miners sent", USD_OF_A_BLOCK, NO_PRICE),
        ),
    ),
    (
        "mining_overview",
        "The last 100 tenures: commits, rewards and odds",
        Group.MINING,
        paths.MINING_OVERVIEW,
        shapes.mining_overview,
        RECENT_TENURES,
        "The last 100 tenures. A reward is the coinbase (provisional until it matures) plus the fees of the "
        "tenure's own transactions. A tenure's win probability is the winner's share of the payouts of all miners.",
        {
            "btc_burns.<Bitcoin height>": BTC("payouts and burned BTC of all miners, BTC; null if not known"),
            "stx_rewards.<Bitcoin height>": STX("STX"),
            "win_probabilities.<Bitcoin height>": SHARE("0 to 1; null if not known"),
            "winning_miners.<Bitcoin height>": "principal; null if not known",
            "winner_burn_fees.<Bitcoin height>": BTC(
                "payouts sent by the winner, without burned BTC, BTC; null if not known"
            ),
            "last_block_reward": STX("STX of the last tenure"),
            "total_btc_committed": BTC("BTC; null if none is known"),
            "avg_btc_committed": BTC("BTC per tenure with known commits; null if there is none"),
            "avg_fee_per_block": STX("STX of fees of a tenure"),
            "total_stx_rewards": STX("STX"),
            "block_heights.<position>": "Bitcoin height",
        },
        TENURE_ROW,
    ),
    (
        "mining_riskreward",
        "USD spent and earned by miners, last 100 tenures",
        Group.MINING,
        paths.MINING_RISKREWARD,
        shapes.records,
        f"""
            SELECT burn_block_height, mined_at AS burn_block_time,
                   total_commit_sats / 1e8::double precision * {price("BTC", "mined_at")} AS spent_usd,
                   (coinbase_ustx + fees_ustx) / 1e6::double precision * {price("STX", "mined_at")} AS rewarded_usd
            FROM ({RECENT_TENURES}) AS tenure
        """,
        "The last 100 tenures: payouts and burned BTC of all miners, and the winner's reward: the coinbase "
        "(provisional until it matures) plus the fees of the tenure's own transactions. "
        f"{AT_THE_HOUR}",
        {
            "<Bitcoin height>.burn_block_time": "unix seconds",
            "<Bitcoin height>.spent_usd": USD_OF_A_BLOCK("USD; null without a price, or if commits are not known"),
            "<Bitcoin height>.rewarded_usd": USD_OF_A_BLOCK("USD; null without a price"),
        },
        (
            HEIGHT,
            Column("burn_block_time", "timestamptz", "time of the Bitcoin block"),
            Column(
                "spent_usd",
                "double precision",
                "payouts and burned BTC of all miners",
                USD_OF_A_BLOCK,
                "without a price, or if commits are not known",
            ),
            Column("rewarded_usd", "double precision", "the winner's reward", USD_OF_A_BLOCK, "without a price"),
        ),
    ),
    (
        "mining_most_successful",
        "Miners that won most of the last 100 tenures",
        Group.MINING,
        paths.MINING_MOST_SUCCESSFUL,
        shapes.by_name,
        f"""
            SELECT miner_address, count(*) AS tenures_won FROM ({RECENT_TENURES}) AS tenure
            WHERE miner_address IS NOT NULL GROUP BY miner_address ORDER BY tenures_won DESC, miner_address COLLATE "C"
        """,
        "Tenures won by each miner among the last 100 tenures, most first.",
        {"<miner>": "tenures won"},
        (Column("miner_address", "text", "principal"), Column("tenures_won", "bigint", "tenures won")),
    ),
    (
        "nft_volume_per_block",
        "NFT sales volume per block",
        Group.NFTS,
        paths.NFT_VOLUME_PER_BLOCK,
        shapes.series,
        f"""
            SELECT * FROM (
                ({VOLUME_PER_BLOCK.format(table="nft_sales WHERE day <= {day}")})
                UNION ALL
                ({VOLUME_PER_BLOCK.format(table="tip_nft_sales")})
            ) AS summed ORDER BY block_height DESC LIMIT 1000
        """,
        f"Prices of the sales in the last 1,000 blocks with sales, newest first. {SALE}",
        {"<block height>": STX("STX")},
        (Column("block_height", "integer", "height of the block"), SALES),
    ),
    (
        "nft_top_by_volume",
        "NFT collections by sales, last 100 tenures",
        Group.NFTS,
        paths.NFT_TOP_BY_VOLUME,
        shapes.nft_ranking,
        ranking(VOLUME, "sales_stx"),
        f"The ten collections with the highest sales volume in STX in the last 100 tenures. {SALE}",
        ranking_of(STX),
        ranking_columns(SALES),
    ),
    (
        "nft_top_by_mints",
        "NFT collections by mints, last 100 tenures",
        Group.NFTS,
        paths.NFT_TOP_BY_MINTS,
        shapes.nft_ranking,
        ranking(MINTS, "mints"),
        "The ten collections with the most mints in the last 100 tenures.",
        ranking_of("mints"),
        ranking_columns(Column("mints", "bigint", "tokens minted")),
    ),
)
