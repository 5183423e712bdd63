"""Non-fungible tokens: moves, owners, sales, collections."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, PLACE, each_day, series_of
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.runners import build, figures, publish

TOKEN = {
    "asset_identifier": "the collection: address.contract::asset",
    "token_value": "the token's id, as Clarity serialises it",
}
ACTIVITY = {
    "asset_identifier": TOKEN["asset_identifier"],
    "mints": "tokens minted",
    "burns": "tokens burned",
    "transfers": "transfers, sales among them",
    "sales": "tokens sold",
    "sales_ustx": "their prices, µSTX",
    "paid_mints": "tokens minted for STX",
    "mint_ustx": "what was sent for them, µSTX",
}
SALE = (
    "A sale is a successful contract call in which someone finally receives a token by transfers, never a mint, and "
    "whose STX transfers out, burns not among them, are above zero. The price is those STX shared equally by the "
    "tokens so received, the remainder in µSTX with the first in event order. The seller is the sender of the token's "
    "first move in that transaction."
)
PAID_MINT = "A mint is paid when its receiver's STX transfers out are above zero and buy no token in that call."
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


def ranking_of(unit: str) -> dict[str, str]:
    """The fields of a ranking."""
    return {f"{COLLECTION}.value": unit, f"{COLLECTION}.contract": "the collection's contract"}


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

TABLES = (
    Table(
        name="nft_moves",
        kind=Kind.FACT,
        subject="nfts",
        state="nft_owners",
        runner=build.day,
        method="Canonical mints, transfers and burns.",
        fields=DAY
        | PLACE
        | {"tx_id": "hex with 0x"}
        | TOKEN
        | {"kind": "mint, transfer or burn", "sender": "null for a mint", "recipient": "null for a burn"},
    ),
    Table(
        name="nft_owners",
        kind=Kind.STATE,
        runner=build.day,
        method="The recipient of each token's last move in nft_moves.",
        fields=TOKEN | {"owner": "principal; null = burned"} | PLACE,
        warnings=("The place is that of the token's last move.",),
    ),
    Table(
        name="nft_sales",
        kind=Kind.FACT,
        subject="nfts",
        runner=build.day,
        method=SALE,
        fields=DAY
        | {"tx_id": "hex with 0x"}
        | TOKEN
        | {
            "seller": "principal; a marketplace that holds the tokens on sale is the seller",
            "buyer": "principal",
            "price_ustx": "commission and royalty with it, µSTX",
            "token_id": "the token's id in Clarity's notation; null where it cannot be read",
        },
        warnings=("Payments in other tokens than STX are not seen.",),
    ),
    Table(
        name="daily_nft_activity",
        kind=Kind.FACT,
        subject="nfts",
        state="nft_collections",
        runner=build.day,
        method=f"Moves and sales by collection. {PAID_MINT}",
        fields=DAY | ACTIVITY,
    ),
    Table(
        name="nft_collections",
        kind=Kind.STATE,
        runner=build.day,
        method="Every collection in daily_nft_activity with the earliest day there.",
        fields={
            "asset_identifier": TOKEN["asset_identifier"],
            "first_day": "UTC day of its first move",
            "name": "its short name: the part after ::",
        },
    ),
    Table(
        name="nft_holdings",
        kind=Kind.FIGURE,
        subject="nfts",
        runner=figures.due_days,
        method="How many tokens of a collection an owner holds at the end of a day that changed it.",
        fields=DAY
        | {
            "asset_identifier": TOKEN["asset_identifier"],
            "owner": "principal",
            "tokens": "tokens; 0 when none is left",
        },
        warnings=("Negative in a warehouse that does not reach back to a token's mint.",),
    ),
    Table(
        name="daily_nfts",
        kind=Kind.FIGURE,
        subject="nfts",
        runner=figures.due_days,
        method=f"The day's activity of each collection that moved, with its holders at the end of the day. {PAID_MINT}",
        fields=DAY | ACTIVITY | {"holders": "distinct owners at the end of the day"},
        warnings=("A collection has a row on the days on which its tokens moved; the holders last until the next.",),
    ),
    Table(
        name="daily_nft_totals",
        kind=Kind.FIGURE,
        subject="nfts",
        runner=figures.due_days,
        method="All collections together.",
        fields=DAY
        | {
            "tokens": "tokens with an owner at the end of the day",
            "mints": "tokens minted",
            "burns": "tokens burned",
            "sales": "tokens sold",
            "sales_ustx": "their prices, µSTX",
        },
    ),
)

OBJECTS = (
    PublicObject(
        name="nft_trading_volume",
        path=paths.NFT_TRADING_VOLUME,
        shape="series",
        rows=each_day("daily_nft_totals", "sales_ustx", divisor=1_000_000),
        method=f"Prices of the day's sales. {SALE}",
        fields=series_of("STX"),
        runner=publish.written,
        dated=False,
    ),
    PublicObject(
        name="nft_fastest_growing",
        path=paths.NFT_FASTEST_GROWING,
        shape="nft_ranking",
        rows=ranking(GROWTH),
        method="The ten collections whose mints grew most against the day before, of those with ten mints or more.",
        fields=ranking_of("percent"),
        runner=publish.written,
        dated=False,
        warnings=("A collection without mints on the day before has no growth.",),
    ),
    PublicObject(
        name="nft_in_existence_now",
        path=paths.NFT_IN_EXISTENCE_NOW,
        shape="record",
        rows="SELECT tokens AS result FROM daily_nft_totals WHERE day = {day}",
        method="Tokens with an owner.",
        fields={"result": "tokens"},
        runner=publish.written,
        dated=False,
    ),
    PublicObject(
        name="nft_in_existence_over_time",
        path=paths.NFT_IN_EXISTENCE_OVER_TIME,
        shape="series",
        rows=each_day("daily_nft_totals", "tokens"),
        method="Tokens with an owner at the end of the day.",
        fields=series_of("tokens"),
        runner=publish.written,
        dated=False,
    ),
    PublicObject(
        name="nft_top_by_holders",
        path=paths.NFT_TOP_BY_HOLDERS,
        shape="nft_ranking",
        rows=ranking(HOLDERS),
        method="The ten collections with most distinct owners.",
        fields=ranking_of("owners"),
        runner=publish.written,
        dated=False,
    ),
    *(
        PublicObject(
            name=name,
            path=path,
            shape="nft_ranking",
            rows=ranking(LOWEST_PRICES, order),
            method=f"Ten collections by the lowest sale price of the last 7 days, {order_text} first.",
            fields=ranking_of("STX"),
            runner=publish.written,
            dated=False,
            warnings=("Floor listings are contract state, which the source does not hold.",),
        )
        for name, path, order, order_text in (
            ("nft_cheapest", paths.NFT_CHEAPEST, "ASC", "cheapest"),
            ("nft_most_expensive", paths.NFT_MOST_EXPENSIVE, "DESC", "dearest"),
        )
    ),
)
