"""NFTs: moves, owners, mints that were paid, and sales."""

import hashlib
from collections import Counter
from datetime import date

from tests.second_opinion.chain import BURN, MINT, TRANSFER, Chain, Opinion, Row, Rows, group, placed
from tests.second_opinion.clarity import to_text
from tests.second_opinion.nft_sales import Receipt, Token, paid_mints, receipts_of, sold, token_of

KINDS = {TRANSFER: "transfer", MINT: "mint", BURN: "burn"}


def named(token: Token) -> Row:
    """The columns that name a token."""
    asset, value = token
    return {"asset_identifier": asset, "token_value": value, "token_hash": hashlib.sha256(value).digest()}


def nfts(chain: Chain) -> Opinion:
    """All tables of NFTs."""
    moves = chain.rows("nft_events")
    receipts = receipts_of(chain)
    sales, sales_of_days = (sold(receipts, alone) for alone in (False, True))
    mints = paid_mints(chain, receipts)
    activity = [
        _activity(key, some, sales_of_days, mints) for key, some in group(moves, "day", "asset_identifier").items()
    ]
    return {
        "nft_moves": [
            placed(row)
            | named(token_of(row))
            | {"kind": KINDS[row["asset_event_type_id"]], "sender": row["sender"], "recipient": row["recipient"]}
            for row in moves
        ],
        "nft_owners": [_owner(some[-1]) for some in group(moves, "asset_identifier", "value").values()],
        "nft_receipts": [_receipt(receipt) for receipt in receipts],
        "nft_sales": [_sale(receipt, price, kind) for receipt, price, kind in sales],
        "daily_nft_activity": activity,
        "nft_collections": [
            {"asset_identifier": asset, "first_day": min(row["day"] for row in some), "name": asset.split("::")[-1]}
            for asset, some in group(moves, "asset_identifier").items()
        ],
    } | _at_the_end(chain, activity, sales)


def _owner(last: Row) -> Row:
    place = {name: value for name, value in placed(last).items() if name not in ("day", "tx_id")}
    return named(token_of(last)) | place | {"owner": last["recipient"]}


def _receipt(receipt: Receipt) -> Row:
    move = receipt.move
    named_token = {name: value for name, value in named(token_of(move)).items() if name != "token_hash"}
    place = {name: placed(move)[name] for name in ("day", "block_height", "tx_id", "event_index")}
    return {
        **place,
        **named_token,
        "seller": receipt.seller,
        "buyer": receipt.buyer,
        "paid_ustx": receipt.paid,
        "depositor": receipt.deposited_today,
        "is_decided": receipt.is_decided,
        "escrow_ustx": receipt.escrow if receipt.payees else None,
        "payees": " ".join(receipt.payees) or None,
    }


def _sale(receipt: Receipt, price: int, kind: str) -> Row:
    place = {name: placed(receipt.move)[name] for name in ("day", "block_height", "tx_id")}
    sides = {"seller": receipt.seller, "buyer": receipt.buyer, "price_ustx": price, "kind": kind}
    return place | named(token_of(receipt.move)) | sides | {"token_id": to_text(receipt.move["value"])}


def _activity(
    key: tuple[date, str], moves: Rows, sales: list[tuple[Receipt, int, str]], mints: list[tuple[Row, int]]
) -> Row:
    day, asset = key
    kinds = Counter(move["asset_event_type_id"] for move in moves)
    paid = [part for mint, part in mints if (mint["day"], mint["asset_identifier"]) == key]
    return {
        "day": day,
        "asset_identifier": asset,
        "mints": kinds[MINT],
        "burns": kinds[BURN],
        "transfers": kinds[TRANSFER],
        **_sold(day, asset, sales),
        "paid_mints": len(paid),
        "mint_ustx": sum(paid),
    }


def _sold(day: date, asset: str | None, sales: list[tuple[Receipt, int, str]]) -> Row:
    prices = [
        price
        for receipt, price, _ in sales
        if receipt.move["day"] == day and asset in (None, receipt.move["asset_identifier"])
    ]
    return {"sales": len(prices), "sales_ustx": sum(prices)}


def _at_the_end(chain: Chain, activity: Rows, sales: list[tuple[Receipt, int, str]]) -> Opinion:
    owners, holdings, daily, totals = dict[Token, str](), list[Row](), list[Row](), list[Row]()
    for day in chain.days:
        before = _held(owners)
        for move in chain.rows("nft_events"):
            if move["day"] == day:
                owners |= {token_of(move): move["recipient"]}
        held = _held(owners)
        holdings += [
            {"day": day, "asset_identifier": asset, "owner": owner, "tokens": held[asset, owner]}
            for asset, owner in before | held
            if before[asset, owner] != held[asset, owner]
        ]
        of_day = [row for row in activity if row["day"] == day]
        for row in of_day:
            holders = sum(asset == row["asset_identifier"] for asset, _ in held)
            daily.append(row | _sold(day, row["asset_identifier"], sales) | {"holders": holders})
        moved = {kind: sum(row[kind] for row in of_day) for kind in ("mints", "burns")}
        totals.append({"day": day, "tokens": held.total(), **moved, **_sold(day, None, sales)})
    return {"nft_holdings": holdings, "daily_nfts": daily, "daily_nft_totals": totals}


def _held(owners: dict[Token, str]) -> Counter[tuple[str, str]]:
    """How many tokens of a collection each owner has; burned ones have none."""
    return Counter((asset, owner) for (asset, _), owner in owners.items() if owner is not None)
