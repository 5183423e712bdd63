"""Public objects of non-fungible tokens."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import (
    PAST,
    PAST_IS_KNOWN,
    meaning_of,
    query_each_day,
    query_known_since,
    series_of,
)
from stacks_dataverse.catalog.nft_fields import SALE
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import PERCENT, STX, Unit

COLLECTION = "<collection's short name, or address.name where several share it>"


def ranking(rows: str, order: str = "DESC") -> str:
    """A query of the ten first of `asset_identifier`, `value`, and whether others bear the collection's name."""
    return f"""
        SELECT ranked.asset_identifier, value, EXISTS (
                   SELECT FROM nft_collections AS other
                   WHERE other.name = collection.name AND other.asset_identifier <> collection.asset_identifier
               ) AS is_shared
        FROM ({rows}) AS ranked
        JOIN nft_collections AS collection USING (asset_identifier)
        ORDER BY value {order}, ranked.asset_identifier LIMIT 10
    """


def ranking_of(unit: Unit | str) -> dict[str, str]:
    """The fields of a ranking."""
    return {f"{COLLECTION}.value": meaning_of(unit), f"{COLLECTION}.contract": "the collection's contract"}


LOWEST_PRICES = """
    SELECT asset_identifier, min(price_ustx) / 1e6::double precision AS value
    FROM nft_sales WHERE day > {day}::date - 7 AND day <= {day} GROUP BY asset_identifier
"""

GROWTH = """
    SELECT asset_identifier, 100.0::double precision * (latest.mints - before.mints) / before.mints AS value
    FROM daily_nfts AS latest
    JOIN daily_nfts AS before USING (asset_identifier)
    WHERE latest.day = {day} AND before.day = {day}::date - 1
      AND before.mints > 0 AND latest.mints >= 10 AND latest.mints > before.mints
"""

HOLDERS = """
    SELECT known.asset_identifier, latest.holders AS value
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
        shape=shapes.series,
        rows=query_each_day("daily_nft_totals", "sales_ustx", divisor=1_000_000),
        method=f"Prices of the day's sales. {SALE}",
        fields=series_of(STX),
        warnings=(PAST,),
    ),
    PublicObject(
        name="nft_fastest_growing",
        title="NFT collections with the fastest growing mints",
        group=Group.NFTS,
        path=paths.NFT_FASTEST_GROWING,
        shape=shapes.nft_ranking,
        rows=ranking(GROWTH),
        method="The ten collections with the highest growth of mints over the previous day, among those with ten "
        "mints or more.",
        fields=ranking_of(PERCENT),
        known=query_known_since(2),
        warnings=(
            "A collection without mints on the previous day has no growth.",
            "Null if the previous day is missing.",
        ),
    ),
    PublicObject(
        name="nft_in_existence_now",
        title="Number of NFTs today",
        group=Group.NFTS,
        headline="daily_nft_totals.tokens",
        path=paths.NFT_IN_EXISTENCE_NOW,
        shape=shapes.record,
        rows="SELECT tokens AS result FROM daily_nft_totals WHERE day = {day}",
        method="Tokens with an owner.",
        fields={"result": "tokens"},
        warnings=(PAST,),
    ),
    PublicObject(
        name="nft_in_existence_over_time",
        title="Number of NFTs per day",
        group=Group.NFTS,
        headline="daily_nft_totals.tokens",
        path=paths.NFT_IN_EXISTENCE_OVER_TIME,
        shape=shapes.series,
        rows=query_each_day("daily_nft_totals", "tokens"),
        method="Tokens with an owner at the end of the day.",
        fields=series_of("tokens"),
        warnings=(PAST,),
    ),
    PublicObject(
        name="nft_top_by_holders",
        title="NFT collections with most owners",
        group=Group.NFTS,
        path=paths.NFT_TOP_BY_HOLDERS,
        shape=shapes.nft_ranking,
        rows=ranking(HOLDERS),
        method="The ten collections with most distinct owners.",
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
            rows=ranking(LOWEST_PRICES, order),
            method=f"Ten collections by the lowest sale price of the last 7 days, {order_text} first.",
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
