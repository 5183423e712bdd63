"""What the tables and objects of non-fungible tokens share: columns, and what a sale is."""

from stacks_dataverse.caveats import about
from stacks_dataverse.dataset import Column

TOKEN = (
    Column("asset_identifier", "text", "the collection: address.contract::asset"),
    Column("token_value", "bytea", "the token's id, as serialised by Clarity"),
)
# A token's id may be as long as a transaction: longer than an entry of an index.
HASH = (Column("token_hash", "bytea", "SHA-256 of token_value, the lookup key of a token"),)
# Raw columns of a move.
MOVE = (
    *("tx_id", "microblock_sequence", "tx_index", "event_index"),
    *("asset_event_type_id", "asset_identifier", "value", "sender", "recipient"),
)
ACTIVITY = (
    TOKEN[0],
    Column("mints", "bigint", "tokens minted"),
    Column("burns", "bigint", "tokens burned"),
    Column("transfers", "bigint", "transfers, sales among them"),
    Column("sales", "bigint", "tokens sold", null="in daily_nfts if history is missing"),
    Column("sales_ustx", "bigint", "their prices", unit="µSTX", null="in daily_nfts if history is missing"),
    Column("paid_mints", "bigint", "tokens minted for STX"),
    Column("mint_ustx", "bigint", "STX paid for them", unit="µSTX"),
)
SALE = (
    "A sale is a successful contract call in which a principal finally receives a token by transfers (not by a "
    "mint) and sends STX in total more than zero by transfers (not burns), or out of escrow (kind escrow): an account "
    "receives it, and who put the token into the contract that hands it over, or else who sent it, is paid by a "
    "contract that pays out more STX in the call than it takes, and not by the receiver (an accepted bid, a settled "
    "auction). The price is the STX that the receiver sends, divided equally among the tokens received, and in escrow "
    "also what contracts pay out beyond what they take, divided equally among the tokens that it pays for; the "
    "remainder in µSTX goes to the token whose last move comes first; a token whose share is zero is not sold. The "
    "seller is the sender of the token's first move in the transaction. If the seller is a contract, a token that "
    "returns to the principal that deposited it is not sold (a repaid loan, a withdrawn listing), nor a token for "
    "which the receiver burns another in the call, or sends one that is burned (unwrapping), nor one of which no "
    "earlier move is known."
)
OTHER_TOKENS = about("Payments in tokens other than STX are not included.", "sales_ustx", "price_ustx", "sales")
PAID_MINT = (
    "A mint is paid if the STX transfers out of who has the token at the end of the call, and had not before it, are "
    "above zero and buy no token in the same call; they are divided as the price of a sale is."
)
