"""What LunarCrush says of a coin, as functions of time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.local.vendors.series import COINS, DAY, HOUR, bars, hours, noise

# 2020-01-01, where the vendor's history begins.
FIRST = 1_577_836_800


@dataclass(frozen=True)
class Asset:
    """A coin; its prices are those of Stacks times `worth`."""

    id: int
    name: str
    topic: str
    worth: float
    symbol: str = "STX"

    def config(self, generated: int) -> dict[str, Any]:
        """Return the part of an answer's `config` that names the coin."""
        named = {"topic": self.topic, "id": f"coins:{self.id}", "name": self.name, "symbol": self.symbol}
        return named | {"generated": generated}

    def snapshot_config(self, generated: int) -> dict[str, Any]:
        """Return the `config` of a snapshot, whose id is another one than the time series'."""
        return self.config(generated) | {"id": f"${self.symbol.lower()}"}


STACKS = Asset(830, "Stacks", "stacks", 1.0)
STOX = Asset(1147, "Stox", "stox", 0.01)

# Lowest value and reach of each metric of a day; an hour has a part of what is counted.
COUNTED = {
    "contributors_active": (4000, 3000),
    "contributors_created": (900, 600),
    "interactions": (500_000, 2_000_000),
    "posts_active": (7000, 4000),
    "posts_created": (2000, 1500),
    "spam": (150, 2500),
}
RATED = {"sentiment": (60, 35), "alt_rank": (50, 900), "galaxy_score": (35, 40)}


def rows(coin: Asset, step: int, since: int, until: int, now: int) -> list[dict[str, Any]]:
    """Return the buckets that begin from `since` to `until`, both included, ascending; the one of `now` is open."""
    first = -(-max(since, FIRST) // step) * step
    count = (min(until, now) - first) // step + 1
    if count < 1:
        return []
    found = bars(COINS["STX"], step, first, count, now)
    columns = {"time": found.start} | _social(found.start, step, found.part) | _supply(found.start, step)
    columns |= {name: getattr(found, name) * coin.worth for name in ("open", "high", "low", "close")}
    columns["market_cap"] = columns["close"] * columns["circulating_supply"]
    columns["volume_24h"] = _volume_of_24_hours(step, found.start, now) * coin.worth
    names = sorted(columns, key=lambda name: (name != "time", name))
    return [dict(zip(names, row, strict=True)) for row in zip(*(columns[n].tolist() for n in names), strict=True)]


def snapshot(coin: Asset, now: int, *, has_nulls: bool) -> dict[str, Any]:
    """Return the coin's figures at `now`; with nulls, its scores are not known."""
    series = rows(coin, DAY, now - 31 * DAY, now, now)
    latest, price = series[-1], series[-1]["close"]
    changes = {f"percent_change_{name}": _percent(series, days) for name, days in (("24h", 1), ("7d", 7), ("30d", 30))}
    bitcoin = bars(COINS["BTC"], HOUR, now // HOUR * HOUR, 1, now).close.tolist()[0]
    known = {"galaxy_score": latest["galaxy_score"], "alt_rank": latest["alt_rank"]}
    return {
        **{"id": coin.id, "name": coin.name, "symbol": coin.symbol, "price": price, "price_btc": price / bitcoin},
        **{"market_cap": latest["market_cap"], **changes, "volume_24h": latest["volume_24h"]},
        **{"max_supply": None, "circulating_supply": latest["circulating_supply"], "close": price},
        **(dict.fromkeys(known) if has_nulls else known),
        **{"volatility": 0.0249, "market_cap_rank": 61},
    }


def _percent(series: list[dict[str, Any]], days: int) -> float:
    return 100 * (series[-1]["close"] / series[-1 - days]["close"] - 1)


def _social(start: np.ndarray, step: int, part: np.ndarray) -> dict[str, np.ndarray]:
    columns = {}
    for name, (lowest, reach) in COUNTED.items():
        whole = (lowest + reach * _wandering(name, start)) * step / DAY
        # In an open bucket, spam is counted sooner than posts.
        columns[name] = (whole * (part**2 if name == "posts_created" else part)).astype(int)
    for name, (lowest, reach) in RATED.items():
        columns[name] = (lowest + reach * _wandering(name, start)).astype(int)
    columns["social_dominance"] = np.round(0.2 + _wandering("social", start), 4)
    columns["market_dominance"] = np.round(0.05 + 0.05 * _wandering("market", start), 4)
    return columns


def _wandering(name: str, start: np.ndarray) -> np.ndarray:
    """A number from 0 to 1 that changes a little from bucket to bucket."""
    phase = noise(name, np.zeros(1, dtype=int))[0] * 2 * np.pi
    return 0.5 + 0.4 * np.sin(2 * np.pi * start / (40 * DAY) + phase) + 0.2 * (noise(name, start // HOUR) - 0.5)


def _supply(start: np.ndarray, step: int) -> dict[str, np.ndarray]:
    """Coins: 1.3 billion in 2021, and 60 million more every year."""
    return {"circulating_supply": 1_300_000_000 + 60_000_000 * (start - COINS["STX"].first) // (365 * DAY)}


def _volume_of_24_hours(step: int, start: np.ndarray, now: int) -> np.ndarray:
    """The US dollars traded in the 24 hours that end with each bucket, or with the hour of `now` in the open one."""
    since = int(start[0]) - DAY
    quote = hours(COINS["STX"], since, (int(start[-1]) + step - since) // HOUR, now).quote
    sums = np.cumsum(np.concatenate([[0.0], quote]))
    ends = (np.minimum(start + step, now // HOUR * HOUR + HOUR) - since) // HOUR
    return sums[ends] - sums[ends - 24]
