"""Opinions on objects of NFTs."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.second_opinion.chain import Rows, group
from tests.second_opinion.nfts import nfts
from tests.second_opinion.objects.days import DAY, of_loaded_days, series
from tests.second_opinion.objects.of_days import USTX, newest, of_day, past_is_known, total
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.tip import chain_at_tip

UNKNOWN = Answer(None, None)


def nft_trading_volume(run: Run, day: date | None) -> Answer:
    """What NFTs were sold for on each day."""
    totals = {row["day"]: row["sales_ustx"] for row in of_loaded_days(run, "daily_nft_totals", day)}
    return series(run, day, "sales_stx", {each: _stx(ustx) for each, ustx in totals.items()})


def _stx(ustx: Any) -> float | None:
    return None if ustx is None else int(ustx) / USTX


def nft_in_existence_now(run: Run, day: date | None) -> Answer:
    """Tokens with an owner at the end of the day."""
    tokens = next((row["tokens"] for row in of_day(run, "daily_nft_totals", day)), None)
    return Answer([{"tokens": tokens}], {"result": tokens})


def nft_in_existence_over_time(run: Run, day: date | None) -> Answer:
    """Tokens with an owner at the end of each day."""
    totals = of_loaded_days(run, "daily_nft_totals", day)
    return series(run, day, "tokens", {row["day"]: row["tokens"] for row in totals})


def nft_fastest_growing(run: Run, day: date | None) -> Answer:
    """Collections by the growth of their mints over the previous day; unknown if that day is missing."""
    is_known = past_is_known(run, day) or bool(day and day - DAY in run.days)
    if day is None or not is_known:
        return UNKNOWN
    minted, before = (
        {row["asset_identifier"]: row["mints"] for row in of_day(run, "daily_nfts", each)} for each in (day, day - DAY)
    )
    growth = {
        asset: 100 * (mints - before[asset]) / before[asset]
        for asset, mints in minted.items()
        if mints >= 10 and before.get(asset)
    }
    return ranking(
        run.tables["nft_collections"],
        "growth_percent",
        {asset: percent for asset, percent in growth.items() if percent > 0},
    )


def nft_top_by_holders(run: Run, day: date | None) -> Answer:
    """Collections with most owners; those without are left out."""
    if not past_is_known(run, day):
        return UNKNOWN
    known = newest(run, "daily_nfts", day, "asset_identifier")
    return ranking(
        run.tables["nft_collections"],
        "holders",
        {row["asset_identifier"]: row["holders"] for row in known if row["holders"]},
    )


def nft_cheapest(run: Run, day: date | None) -> Answer:
    """Collections by their lowest price, the cheapest first."""
    return _by_lowest_price(run, day, is_highest_first=False)


def nft_most_expensive(run: Run, day: date | None) -> Answer:
    """Collections by their lowest price, the dearest first."""
    return _by_lowest_price(run, day, is_highest_first=True)


def _by_lowest_price(run: Run, day: date | None, *, is_highest_first: bool) -> Answer:
    if not past_is_known(run, day):
        return UNKNOWN
    sales = group(of_loaded_days(run, "nft_sales", day, last=7), "asset_identifier")
    lowest = {asset: min(int(row["price_ustx"]) for row in some) / USTX for asset, some in sales.items()}
    return ranking(run.tables["nft_collections"], "lowest_price_stx", lowest, is_highest_first=is_highest_first)


def nft_volume_per_block(run: Run, day: date | None) -> Answer:
    """What NFTs were sold for in each of the last 1,000 blocks with sales: the newest first, the predecessor's last."""
    sales = group(nfts(chain_at_tip(run))["nft_sales"], "block_height")
    volumes = {height: total(sales[height], "price_ustx") / USTX for height in sorted(sales)[-1000:]}
    rows = [{"block_height": height, "sales_stx": stx} for height, stx in volumes.items()]
    return Answer(rows[::-1], volumes)


def nft_top_by_volume(run: Run, day: date | None) -> Answer:
    """Collections by what they were sold for in the last 100 tenures."""
    heights = _heights_of_last_tenures(run)
    at_tip = nfts(chain_at_tip(run))
    sales = [row for row in at_tip["nft_sales"] if row["block_height"] in heights]
    by_asset = group(sales, "asset_identifier")
    sums = {asset: total(some, "price_ustx") / USTX for asset, some in by_asset.items()}
    return ranking(at_tip["nft_collections"], "sales_stx", sums)


def nft_top_by_mints(run: Run, day: date | None) -> Answer:
    """Collections by their mints in the last 100 tenures."""
    heights = _heights_of_last_tenures(run)
    at_tip = nfts(chain_at_tip(run))
    moves = [row for row in at_tip["nft_moves"] if row["block_height"] in heights]
    minted = Counter(row["asset_identifier"] for row in moves if row["kind"] == "mint")
    return ranking(at_tip["nft_collections"], "mints", minted)


def _heights_of_last_tenures(run: Run) -> set[int]:
    """Heights of the blocks of the last 100 tenures; a tenure is the Stacks blocks of one Bitcoin block."""
    blocks = run.chain.all_blocks
    tenures = sorted({block["burn_block_height"] for block in blocks})[-100:]
    return {block["block_height"] for block in blocks if block["burn_block_height"] in tenures}


def ranking(collections: Rows, column: str, values: Mapping[str, Any], *, is_highest_first: bool = True) -> Answer:
    """The first ten collections by a value; among equal ones the identifier decides."""
    ordered = sorted(values, key=lambda asset: (-values[asset] if is_highest_first else values[asset], asset))[:10]
    names = {row["asset_identifier"]: row["name"] for row in collections}
    uses = Counter(names.values())
    shared = {asset: uses[names[asset]] > 1 for asset in ordered}
    keys = {asset: f"{asset.split('.')[0]}.{names[asset]}" if shared[asset] else names[asset] for asset in ordered}
    of_one_address = {key for key, count in Counter(keys.values()).items() if count > 1}
    return Answer(
        [{"asset_identifier": asset, column: values[asset], "is_shared": shared[asset]} for asset in ordered],
        {
            asset if key in of_one_address else key: {"value": values[asset], "contract": asset.split("::")[0]}
            for asset, key in keys.items()
        },
    )


JUDGES = {
    "nft_trading_volume": nft_trading_volume,
    "nft_fastest_growing": nft_fastest_growing,
    "nft_in_existence_now": nft_in_existence_now,
    "nft_in_existence_over_time": nft_in_existence_over_time,
    "nft_top_by_holders": nft_top_by_holders,
    "nft_cheapest": nft_cheapest,
    "nft_most_expensive": nft_most_expensive,
    "nft_volume_per_block": nft_volume_per_block,
    "nft_top_by_volume": nft_top_by_volume,
    "nft_top_by_mints": nft_top_by_mints,
}
