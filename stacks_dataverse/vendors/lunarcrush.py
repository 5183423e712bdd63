"""LunarCrush: social figures of Stacks, and its daily prices where they are preferred to another vendor's."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pyarrow as pa

from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.lunarcrush import BEGAN, FIRST_DAY, HOST, LunarCrush
from stacks_dataverse.queries.market import NEIGHBOURS, SOCIAL
from stacks_dataverse.transformers import market, social
from stacks_dataverse.vendor import Answer, Request, Vendor
from stacks_dataverse.window import MarketWindow, Span

SYMBOL = "STX"
TIME_SERIES, SNAPSHOT = "time-series", "snapshot"


def prices(window: MarketWindow) -> list[Request]:
    """Days of STX. Hours, and BTC, it does not have."""
    span = window.days

    def rows(answers: Sequence[Answer], neighbours: pa.Table) -> pa.Table:
        return market.price_daily(answers, SYMBOL, span, neighbours.to_pylist()[0])

    values = {"symbol": SYMBOL, "start": span.start, "end": span.end}
    return [
        Request(TIME_SERIES, span, lambda client: _days(client, span), "price_daily", rows, NEIGHBOURS["price_daily"],
                values)
    ]  # fmt: skip


def social_figures(window: MarketWindow) -> list[Request]:
    """Daily figures, and the present ones at the moment of the run."""
    span, moment = window.social, f"{datetime.fromtimestamp(window.requested_at, UTC):%Y-%m-%dT%H-%M-%S}"
    days = Request(
        TIME_SERIES, span, lambda client: _days(client, span), "daily_social",
        lambda answers, stored: social.daily_social(answers, span, stored), SOCIAL,
        {"start": span.start, "end": span.end},
    )  # fmt: skip
    now = Request(
        SNAPSHOT, moment, lambda client: [client.snapshot()], "social_snapshots",
        lambda answers, _: social.social_snapshots(answers[0], window.requested_at),
    )  # fmt: skip
    return [days, now]


def _days(client: LunarCrush, span: Span) -> Iterable[Answer]:
    if span and span.start < BEGAN:
        raise Terminal(f"LunarCrush has no data before {FIRST_DAY}; {span} is too early, choose later days.")
    return [client.daily(span.start, span.end)] if span else []


VENDOR = Vendor(
    name="lunarcrush",
    title="LunarCrush",
    client=LunarCrush,
    host=lambda: HOST,
    feeds={"prices": prices, "social": social_figures},
    retention="the vendor revises its past",
)
