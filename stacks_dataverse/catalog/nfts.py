"""Non-fungible tokens: moves, owners, sales, collections; their public objects are in `nft_objects`."""

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.catalog.nft_fields import ACTIVITY, HASH, MOVE, OTHER_TOKENS, PAID_MINT, SALE, TOKEN
from stacks_dataverse.caveats import about, of_rows
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.labels import Group
from stacks_dataverse.state import First, Last, State
from stacks_dataverse.transformers import nft_receipts, nfts

TABLES = (
    Table(
        name="nft_moves",
        title="Every mint, transfer and burn of an NFT",
        group=Group.NFTS,
        kind=Kind.FACT,
        transform=nfts.nft_moves,
        reads={
            "blocks": ("block_height",),
            "nft_events": MOVE,
        },
        method="Canonical mints, transfers and burns.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            *TOKEN,
            *HASH,
            Column("kind", "text", "mint, transfer or burn"),
            Column("sender", "text", "previous owner of the token", null="for a mint"),
            Column("recipient", "text", "who received it", null="for a burn"),
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
    ),
    Table(
        name="nft_owners",
        title="Current owner of every NFT",
        group=Group.NFTS,
        kind=Kind.STATE,
        running_state=State(
            "nft_moves",
            ("asset_identifier", "token_value"),
            Last(EVENT_ORDER),
            {"owner": "recipient"} | {column: column for column in EVENT_ORDER},
            hashed={"token_value": "token_hash"},
        ),
        method="The recipient of each token's last move in nft_moves.",
        columns=(
            *TOKEN,
            *HASH,
            Column("owner", "text", "principal", null="= burned"),
            *PLACE,
        ),
        key=("asset_identifier", "token_hash"),
        warnings=(of_rows("The position is that of the token's last move."),),
    ),
    Table(
        name="nft_receipts",
        title="NFT transfers that may be sales",
        group=Group.NFTS,
        kind=Kind.FACT,
        transform=nft_receipts.nft_receipts,
        reads={
            "blocks": ("block_height",),
            "txs": ("tx_id", "type_id", "status"),
            "stx_events": ("tx_id", "asset_event_type_id", "amount", "sender", "recipient"),
            "nft_events": MOVE,
        },
        method="Candidates for a sale: tokens received by transfers in a successful contract call in which the "
        "receiver sent STX, or an account received them and contracts paid out STX to others. Tokens that a contract "
        "gave to a principal that burned a token in the call, or sent one that was burned, are excluded.",
        columns=(
            DAY,
            PLACE[0],
            Column("tx_id", "text", "hex with 0x"),
            Column("event_index", "integer", "place of the token's last move in the transaction"),
            *TOKEN,
            Column("seller", "text", "principal that sent the token first in the transaction"),
            Column("buyer", "text", "principal that received it"),
            Column(
                "paid_ustx", "bigint", "STX sent by the buyer in the transaction for all tokens received", unit="µSTX"
            ),
            Column(
                "depositor",
                "text",
                "principal that deposited the token with the seller, a contract, on the same day",
                null="if the seller is an account, or no one deposited it",
            ),
            Column(
                "is_decided",
                "boolean",
                "whether the day alone determines that: false for a contract's token that did not move before",
            ),
            Column(
                "escrow_ustx",
                "bigint",
                "STX that contracts paid out in the transaction beyond what they took",
                unit="µSTX",
                null="if that paid nobody but whom the buyer pays, or the buyer is a contract",
            ),
            Column(
                "payees",
                "text",
                "principals that these contracts paid and the buyer did not, with spaces between",
                null="if there are none",
            ),
        ),
        key=("day", "tx_id", "event_index"),
    ),
    Table(
        name="nft_sales",
        title="Every NFT sale with its price",
        group=Group.NFTS,
        kind=Kind.FIGURE,
        transform=nfts.nft_sales,
        inputs={"nft_receipts": inputs.NFT_RECEIPTS},
        cumulative=EVERY_ROW,
        method=SALE,
        columns=(
            DAY,
            PLACE[0],
            Column("tx_id", "text", "hex with 0x"),
            *TOKEN,
            *HASH,
            Column("seller", "text", "principal; a marketplace that holds the listed tokens is the seller"),
            Column("buyer", "text", "principal"),
            Column("price_ustx", "bigint", "including commission and royalty", unit="µSTX"),
            Column("kind", "text", "purchase: the buyer pays in the call; escrow: STX that a contract held pay"),
            Column("token_id", "text", "the token's id in Clarity's notation", null="if it cannot be decoded"),
        ),
        key=("day", "tx_id", "asset_identifier", "token_hash"),
        warnings=(OTHER_TOKENS, PAST_ROWS),
    ),
    Table(
        name="daily_nft_activity",
        title="NFT mints, transfers and burns by collection and day",
        group=Group.NFTS,
        kind=Kind.FACT,
        transform=nfts.daily_nft_activity,
        reads={
            "blocks": ("block_height",),
            "txs": ("tx_id", "type_id", "status"),
            "stx_events": ("tx_id", "asset_event_type_id", "amount", "sender", "recipient"),
            "nft_events": MOVE,
        },
        method=f"Moves and sales by collection. {PAID_MINT}",
        columns=(
            DAY,
            *ACTIVITY,
        ),
        key=("day", "asset_identifier"),
        warnings=(
            about("Sales are those that the day alone determines; daily_nfts has all.", "sales", "sales_ustx"),
            OTHER_TOKENS,
        ),
    ),
    Table(
        name="nft_collections",
        title="All collections of NFTs",
        group=Group.NFTS,
        kind=Kind.STATE,
        running_state=State("daily_nft_activity", ("asset_identifier",), First(("day",)), {"first_day": "day"}),
        method="All collections in daily_nft_activity, each with its earliest day there.",
        columns=(
            TOKEN[0],
            Column("first_day", "date", "UTC day of its first move"),
            Column("name", "text", "its short name: the part after ::"),
        ),
        key=("asset_identifier",),
    ),
    Table(
        name="nft_holdings",
        title="NFTs of each owner by collection and day",
        group=Group.NFTS,
        kind=Kind.FIGURE,
        transform=nfts.nft_holdings,
        inputs={"nft_tokens_moved": inputs.NFT_TOKENS_MOVED},
        cumulative=EVERY_ROW,
        method="Number of a collection's tokens held by an owner at the end of a day that changed it.",
        columns=(
            DAY,
            TOKEN[0],
            Column("owner", "text", "principal"),
            Column("tokens", "bigint", "tokens; 0 when none is left"),
        ),
        key=("day", "asset_identifier", "owner"),
        warnings=(PAST_ROWS,),
    ),
    Table(
        name="daily_nfts",
        title="NFT holders and sales by collection and day",
        group=Group.NFTS,
        kind=Kind.FIGURE,
        transform=nfts.daily_nfts,
        inputs={
            "nft_tokens_moved": inputs.NFT_TOKENS_MOVED,
            "nft_activity": inputs.NFT_ACTIVITY,
            "nft_receipts": inputs.NFT_RECEIPTS,
        },
        cumulative=("holders", "sales", "sales_ustx"),
        method=f"The day's activity of each collection with moves, and its holders at the end of the day. {PAID_MINT}",
        columns=(
            DAY,
            *ACTIVITY,
            Column("holders", "bigint", "distinct owners at the end of the day", null="if history is missing"),
        ),
        key=("day", "asset_identifier"),
        warnings=(
            of_rows(
                "A collection has a row on days on which its tokens moved; between them the number of holders stays "
                "the same."
            ),
            OTHER_TOKENS,
        ),
    ),
    Table(
        name="daily_nft_totals",
        title="All NFTs, mints and sales per day",
        group=Group.NFTS,
        headline="sales_ustx",
        kind=Kind.FIGURE,
        transform=nfts.daily_nft_totals,
        inputs={
            "nft_tokens_moved": inputs.NFT_TOKENS_MOVED,
            "nft_activity": inputs.NFT_ACTIVITY,
            "nft_receipts": inputs.NFT_RECEIPTS,
            "nft_tokens_before": inputs.NFT_TOKENS_BEFORE,
        },
        cumulative=("tokens", "sales", "sales_ustx"),
        method="All collections together.",
        columns=(
            DAY,
            Column("tokens", "bigint", "tokens with an owner at the end of the day", null="if history is missing"),
            Column("mints", "bigint", "tokens minted"),
            Column("burns", "bigint", "tokens burned"),
            Column("sales", "bigint", "tokens sold", null="if history is missing"),
            Column("sales_ustx", "bigint", "their prices", unit="µSTX", null="if history is missing"),
        ),
        warnings=(OTHER_TOKENS,),
    ),
)
