"""Public objects of non-fungible tokens."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import NOT_KNOWN, PAST, PAST_IS_KNOWN, daily_series, meaning_of, query_known_since
from stacks_dataverse.catalog.nft_fields import SALE, TOKEN
from stacks_dataverse.catalog.v1 import UP_TO_THE_DAY
from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import PERCENT, STX, Unit

COLLECTION = "<collection's short name; address.name where several share it, or all of it where these have one address>"


def ranking(rows: str, value: str, order: str = "DESC") -> str:
    """A query of the ten first of `asset_identifier`, a value, and whether others bear the collection's name."""
    return f"""
        SELECT ranked.asset_identifier, {value}, EXISTS (
                   SELECT FROM nft_collections AS other
                   WHERE other.name = collection.name AND other.asset_identifier <> collection.asset_identifier
               ) AS is_shared
        FROM ({rows}) AS ranked
        JOIN nft_collections AS collection USING (asset_identifier)
        ORDER BY {value} {order}, ranked.asset_identifier COLLATE "C" LIMIT 10
    """


def ranking_columns(value: Column) -> tuple[Column, ...]:
    """The columns of a ranking by a value."""
    return (TOKEN[0], value, Column("is_shared", "boolean", "whether other collections have the same short name"))


def ranking_of(unit: Unit | str) -> dict[str, str]:
    """The fields of a ranking."""
    return {f"{COLLECTION}.value": meaning_of(unit), f"{COLLECTION}.contract": "the collection's contract"}


LOWEST_PRICES = f"""
    SELECT asset_identifier, min(price_ustx) / 1e6::double precision AS lowest_price_stx
    FROM nft_sales WHERE day > {{day}}::date - 7 AND {UP_TO_THE_DAY} GROUP BY asset_identifier
"""

GROWTH = """
    SELECT asset_identifier, 100.0::double precision * (latest.mints - before.mints) / before.mints AS growth_percent
    FROM daily_nfts AS latest
    JOIN daily_nfts AS before USING (asset_identifier)
    WHERE latest.day = {day} AND before.day = {day}::date - 1
      AND before.mints > 0 AND latest.mints >= 10 AND latest.mints > before.mints
"""

HOLDERS = """
    SELECT known.asset_identifier, latest.holders
    FROM nft_collections AS known
    CROSS JOIN LATERAL (
        SELECT holders FROM daily_nfts
        WHERE daily_nfts.asset_identifier = known.asset_identifier AND day <= {day} ORDER BY day DESC LIMIT 1
    ) AS latest
    WHERE latest.holders > 0
"""

OBJECTS = (
    PublicObject(
        name="nft_trading_volume",
        title="NFT sales volume per day",
        group=Group.NFTS,
        headline="daily_nft_totals.sales_ustx",
        path=paths.NFT_TRADING_VOLUME,
        method=f"Prices of the day's sales. {SALE}",
        **daily_series("daily_nft_totals", "sales_ustx", "prices of the day's sales", STX, null=NOT_KNOWN, ustx=True),
        warnings=(PAST,),
    ),
    PublicObject(
        name="nft_fastest_growing",
        title="NFT collections with the fastest growing mints",
        group=Group.NFTS,
        path=paths.NFT_FASTEST_GROWING,
        shape=shapes.nft_ranking,
        rows=ranking(GROWTH, "growth_percent"),
        method="The ten collections with the highest growth of mints over the previous day, among those with ten "
        "mints or more that grew.",
        columns=ranking_columns(
            Column("growth_percent", "double precision", "growth of mints over the previous day", PERCENT)
        ),
        fields=ranking_of(PERCENT),
        known=query_known_since(2),
        warnings=(
            "A collection without mints on the previous day has no growth.",
            "Null if the previous day is missing; no rows on the chain's first day.",
        ),
    ),
    PublicObject(
        name="nft_in_existence_now",
        title="Number of NFTs today",
        group=Group.NFTS,
        headline="daily_nft_totals.tokens",
        path=paths.NFT_IN_EXISTENCE_NOW,
        shape=shapes.result,
        rows="SELECT tokens FROM daily_nft_totals WHERE day = {day}",
        method="Tokens with an owner.",
        columns=(Column("tokens", "bigint", "tokens with an owner", null="if an earlier day is missing"),),
        fields={"result": "tokens"},
        warnings=(PAST,),
    ),
    PublicObject(
        name="nft_in_existence_over_time",
        title="Number of NFTs per day",
        group=Group.NFTS,
        headline="daily_nft_totals.tokens",
        path=paths.NFT_IN_EXISTENCE_OVER_TIME,
        method="Tokens with an owner at the end of the day.",
        **daily_series(
            "daily_nft_totals", "tokens", "tokens with an owner at the end of the day", "tokens", null=NOT_KNOWN
        ),
        warnings=(PAST,),
    ),
    PublicObject(
        name="nft_top_by_holders",
        title="NFT collections with most owners",
        group=Group.NFTS,
        path=paths.NFT_TOP_BY_HOLDERS,
        shape=shapes.nft_ranking,
        rows=ranking(HOLDERS, "holders"),
        method="The ten collections with most distinct owners.",
        columns=ranking_columns(Column("holders", "bigint", "distinct owners")),
        fields=ranking_of("owners"),
        known=PAST_IS_KNOWN,
        warnings=(PAST,),
    ),
    *(
        PublicObject(
            name=name,
            title=f"NFT collections with the {prices} prices",
            group=Group.NFTS,
            path=path,
            shape=shapes.nft_ranking,
            rows=ranking(LOWEST_PRICES, "lowest_price_stx", order),
            method=f"Ten collections by the lowest sale price of the last 7 days, {order_text} first.",
            columns=ranking_columns(
                Column("lowest_price_stx", "double precision", "lowest sale price of the last 7 days", STX)
            ),
            fields=ranking_of(STX),
            known=PAST_IS_KNOWN,
            warnings=(
                "Floor listings are not included: they are contract state, which the source does not have.",
                PAST,
            ),
        )
        for name, path, order, order_text, prices in (
            ("nft_cheapest", paths.NFT_CHEAPEST, "ASC", "cheapest", "lowest"),
            ("nft_most_expensive", paths.NFT_MOST_EXPENSIVE, "DESC", "dearest", "highest"),
        )
    ),
)
