"""What is published of exchanges on the sample chain, against its swaps and prices, summed here."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.runners import publish
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline

SWAPS = """
    SELECT day::text AS day, protocol, contract, pool, tx_id, trader, token_in, token_out, amount_in, user_in,
           value_ustx, value_sats
    FROM swaps WHERE amount_in > 0 AND amount_out > 0
"""
PRICES = "SELECT symbol, day::text AS day, close_usd FROM price_daily"
NAMES = ("exchange_pools", "exchange_pairs")
DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")


@pytest.fixture
def swaps(sample_with_market: Pipeline) -> list[dict[str, Any]]:
    """The swaps, each with what it and its sender's part of it are worth in STX and USD."""
    price = {(row["symbol"], row["day"]): row["close_usd"] for row in sample_with_market.read(PRICES).to_pylist()}
    rows = sample_with_market.read(SWAPS).to_pylist()
    for row in rows:
        stx_usd, btc_usd = price["STX", row["day"]], price["BTC", row["day"]]
        usd = (row["value_ustx"] or 0) / 1e6 * stx_usd + (row["value_sats"] or 0) / 1e8 * btc_usd
        part = int(row["user_in"]) / int(row["amount_in"])
        row |= {"stx": usd / stx_usd, "usd": usd, "user_stx": usd / stx_usd * part, "user_usd": usd * part}
    return rows


def published(run: Pipeline, key: str) -> list[dict[str, Any]]:
    return run.public.get_json(f"v1/{key}.json.gz")["data"]


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = {"volume_stx": "stx", "volume_usd": "usd", "user_volume_stx": "user_stx", "user_volume_usd": "user_usd"}
    counted = {"swaps": len(rows), "transactions": len({row["tx_id"] for row in rows}),
               "traders": len({row["trader"] for row in rows})}  # fmt: skip
    return counted | {name: pytest.approx(sum(row[each] for row in rows), abs=0.01) for name, each in names.items()}


def grouped(rows: list[dict[str, Any]], *keys: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def test_volume_is_that_of_each_exchange_and_day(sample_with_market: Pipeline, swaps: list[dict[str, Any]]) -> None:
    found = {(row["day"], row["protocol"]): row for row in published(sample_with_market, "exchange_volume")}
    expected = {key: summed(rows) for key, rows in grouped(swaps, "day", "protocol").items()}
    assert {key: {name: row[name] for name in expected[key]} for key, row in found.items()} == expected
    assert {protocol for _, protocol in found} == {"Arkadiko", "Velar"}
    assert all(row["fees_stx"] is None for (_, protocol), row in found.items() if protocol == "Arkadiko")
    velar = [row for (_, protocol), row in found.items() if protocol == "Velar"]
    assert all(0 < row["user_volume_usd"] < row["volume_usd"] and row["fees_usd"] > 0 for row in velar)


@pytest.mark.parametrize(("name", "keys"), [("exchange_pools", ("contract", "pool")), ("exchange_pairs", ())])
@pytest.mark.parametrize("day", DAYS)
def test_a_ranking_is_of_the_days_swaps(
    day: str, name: str, keys: tuple[str, ...], sample_with_market: Pipeline, swaps: list[dict[str, Any]]
) -> None:
    """At prices that were stored after the days had been published."""
    for row in (of_the_day := [swap for swap in swaps if swap["day"] == day]):
        row["token_x"], row["token_y"] = sorted((row["token_in"], row["token_out"]))
    found = published(sample_with_market, f"{name}/{day}")
    by_key = {tuple(row[key] for key in (*keys, "token_x", "token_y")): row for row in found}
    groups = grouped(of_the_day, *keys, "token_x", "token_y")
    assert by_key.keys() == groups.keys() != set()
    for key, rows in groups.items():
        x_in = sum(int(row["amount_in"]) for row in rows if row["token_in"] == row["token_x"])
        y_in = sum(int(row["amount_in"]) for row in rows if row["token_in"] == row["token_y"])
        assert (by_key[key]["x_in"], by_key[key]["y_in"]) == (str(x_in), str(y_in))
        values = summed(rows)
        if all(row["value_ustx"] is row["value_sats"] is None for row in rows):
            values |= {name: None for name in values if "volume" in name}
        assert {name: by_key[key][name] for name in values} == values
    volumes = [row["volume_stx"] for row in found if row["volume_stx"] is not None]
    assert volumes == sorted(volumes, reverse=True)


def publish_again(pipeline: Pipeline) -> list[str]:
    """As the market's run does, once prices are stored."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        return publish.publish_with_prices(warehouse, pipeline.public, catalog.objects_with_prices())


def test_latest_does_not_go_back_while_its_day_is_rebuilt(
    sample_with_market: Pipeline, copy_of: Callable[[Pipeline], Pipeline]
) -> None:
    pipeline, doubled = copy_of(sample_with_market), "UPDATE price_daily SET close_usd = 2 * close_usd"
    execute(pipeline.warehouse_dsn, doubled)
    pipeline.build(DAYS[-1])
    assert publish_again(pipeline) == []
    pipeline.check(DAYS[-1])
    assert {key.split("/")[-1].split(".")[0] for key in publish_again(pipeline)} == set(DAYS[:-1]), "the day is due"
    pipeline.publish(DAYS[-1])
    execute(pipeline.warehouse_dsn, doubled)
    keys = publish_again(pipeline)
    assert {f"v1/{name}/{version}.json.gz" for name in NAMES for version in (*DAYS, "latest")} < set(keys)
    assert publish_again(pipeline) == []


def test_another_run_that_builds_is_not_waited_for(
    sample_with_market: Pipeline, copy_of: Callable[[Pipeline], Pipeline], caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = copy_of(sample_with_market)
    execute(pipeline.warehouse_dsn, "UPDATE price_daily SET close_usd = 2 * close_usd")
    with Warehouse.open(pipeline.warehouse_dsn) as other, other.hold_lock(STATE_LOCK):
        assert publish_again(pipeline) == []
    assert (
        "Another run changes the warehouse: ['exchange_pools', 'exchange_pairs'] wait for the next run" in caplog.text
    )
    assert publish_again(pipeline) != []
