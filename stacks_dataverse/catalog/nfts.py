"""Non-fungible tokens: moves, owners, sales, collections; their public objects are in `nft_objects`."""

from stacks_dataverse.catalog import lookups
from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE, UNKNOWN
from stacks_dataverse.dataset import EVERY_ROW, Kind, Table
from stacks_dataverse.runners import build, figures

TOKEN = {
    "asset_identifier": "the collection: address.contract::asset",
    "token_value": "the token's id, as Clarity serialises it",
}
# A token's id may be as long as a transaction: longer than an entry of an index.
HASH = {"token_hash": "SHA-256 of token_value, by which a token is found"}
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
    "tokens so received, the remainder in µSTX with the first in event order; a token for which no µSTX is left is not "
    "sold. The seller is the sender of the token's first move in that transaction. Where that is a contract, a token "
    "that returns to who put it there is not sold (a loan repaid, a listing withdrawn), nor one for which the receiver "
    "burns another in the call (unwrapped)."
)
PAST_UNKNOWN = (
    "A contract's sale of a token that came to it before the first built day is left out: who put it there is not "
    "known."
)
PAID_MINT = "A mint is paid when its receiver's STX transfers out are above zero and buy no token in that call."

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
        | HASH
        | {"kind": "mint, transfer or burn", "sender": "null for a mint", "recipient": "null for a burn"},
    ),
    Table(
        name="nft_owners",
        kind=Kind.STATE,
        runner=build.day,
        method="The recipient of each token's last move in nft_moves.",
        fields=TOKEN | HASH | {"owner": "principal; null = burned"} | PLACE,
        warnings=("The place is that of the token's last move.",),
    ),
    Table(
        name="nft_receipts",
        kind=Kind.FACT,
        subject="nfts",
        runner=build.day,
        method="What may be a sale: tokens that someone finally received by transfers, in a successful contract call "
        "in which they sent STX. Left out is what a contract gave to someone who burned a token in the call.",
        fields=DAY
        | {
            "block_height": PLACE["block_height"],
            "tx_id": "hex with 0x",
            "event_index": "place of the token's last move in the transaction",
        }
        | TOKEN
        | {
            "seller": "principal that sent the token first in the transaction",
            "buyer": "principal that received it",
            "paid_ustx": "all that the buyer sent in the transaction, for all tokens received, µSTX",
            "depositor": "principal that put the token into the seller, a contract, on the same day; null for an "
            "account's token, and where nobody did",
            "is_decided": "whether the day alone tells that: false for a contract's token that did not move before",
        },
    ),
    Table(
        name="nft_sales",
        kind=Kind.FIGURE,
        subject="nfts",
        runner=figures.due_days,
        inputs={"nft_receipts": lookups.NFT_RECEIPTS},
        method=SALE,
        fields=DAY
        | {"block_height": PLACE["block_height"], "tx_id": "hex with 0x"}
        | TOKEN
        | HASH
        | {
            "seller": "principal; a marketplace that holds the tokens on sale is the seller",
            "buyer": "principal",
            "price_ustx": "commission and royalty with it, µSTX",
            "token_id": "the token's id in Clarity's notation; null where it cannot be read",
        },
        warnings=("Payments in other tokens than STX are not seen.", PAST_UNKNOWN),
    ),
    Table(
        name="daily_nft_activity",
        kind=Kind.FACT,
        subject="nfts",
        state="nft_collections",
        runner=build.day,
        method=f"Moves and sales by collection. {PAID_MINT}",
        fields=DAY | ACTIVITY,
        warnings=("Sales are those that the day alone decides; daily_nfts has all.",),
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
        inputs={"nft_tokens_moved": lookups.NFT_TOKENS_MOVED},
        cumulative=EVERY_ROW,
        method="How many tokens of a collection an owner holds at the end of a day that changed it.",
        fields=DAY
        | {
            "asset_identifier": TOKEN["asset_identifier"],
            "owner": "principal",
            "tokens": "tokens; 0 when none is left",
        },
        warnings=(PAST_ROWS,),
    ),
    Table(
        name="daily_nfts",
        kind=Kind.FIGURE,
        subject="nfts",
        runner=figures.due_days,
        inputs={
            "nft_tokens_moved": lookups.NFT_TOKENS_MOVED,
            "nft_activity": lookups.NFT_ACTIVITY,
            "nft_receipts": lookups.NFT_RECEIPTS,
        },
        cumulative=("holders",),
        method=f"The day's activity of each collection that moved, with its holders at the end of the day. {PAID_MINT}",
        fields=DAY | ACTIVITY | {"holders": f"distinct owners at the end of the day; {UNKNOWN}"},
        warnings=(
            "A collection has a row on the days on which its tokens moved; the holders last until the next.",
            PAST_UNKNOWN,
        ),
    ),
    Table(
        name="daily_nft_totals",
        kind=Kind.FIGURE,
        subject="nfts",
        runner=figures.due_days,
        inputs={
            "nft_tokens_moved": lookups.NFT_TOKENS_MOVED,
            "nft_activity": lookups.NFT_ACTIVITY,
            "nft_receipts": lookups.NFT_RECEIPTS,
            "nft_tokens_before": lookups.NFT_TOKENS_BEFORE,
        },
        cumulative=("tokens",),
        method="All collections together.",
        fields=DAY
        | {
            "tokens": f"tokens with an owner at the end of the day; {UNKNOWN}",
            "mints": "tokens minted",
            "burns": "tokens burned",
            "sales": "tokens sold",
            "sales_ustx": "their prices, µSTX",
        },
    ),
)
