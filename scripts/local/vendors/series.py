"""Prices and volumes as functions of symbol and time: the same for every call, day and machine.

A coin's price wanders between its lowest and its highest on sine waves of days to years, with a little noise by the
hour. An hour opens where the one before closed, and a day is made of its 24 hours.
"""

import zlib
from dataclasses import dataclass

import numpy as np

HOUR, DAY = 3600, 86_400

# Period in days and part of the way between middle and extreme; together they stay below one.
WAVES = ((1460.0, 0.52), (365.0, 0.25), (90.0, 0.12), (21.0, 0.06), (5.0, 0.02), (1.0, 0.008))
NOISE, WICK = 0.004, 0.004

# Sums of such fractions are exact: a day's volume is that of its hours to the last digit.
VOLUME_STEPS = 128
QUIET_DAYS, QUIET_EVERY_HOURS = 60, 4


@dataclass(frozen=True)
class Coin:
    """What a coin's series is made from; `first` is when it was first traded, in unix seconds."""

    symbol: str
    first: int
    lowest_usd: float
    highest_usd: float
    decimals: int
    hourly_volume: float


COINS = {
    "BTC": Coin("BTC", 1_279_324_800, 20_000.0, 110_000.0, 2, 11_000.0),
    "STX": Coin("STX", 1_609_459_200, 0.3, 4.0, 6, 2_000_000.0),
}


@dataclass(frozen=True)
class Bars:
    """Candles of consecutive buckets as equally long arrays; prices and `quote` in US dollars, `volume` in coins.

    `part` is how much of the bucket is over, 0 to 1. Quiet buckets carry the price before on and have no volume.
    """

    start: np.ndarray
    open: np.ndarray
    high: np.ndarray
    low: np.ndarray
    close: np.ndarray
    volume: np.ndarray
    quote: np.ndarray
    part: np.ndarray
    is_quiet: np.ndarray


def bars(coin: Coin, step: int, first: int, count: int, now: int) -> Bars:
    """Return `count` candles of `step` seconds, an hour or a day, from `first` on, as they stand at `now`."""
    return hours(coin, first, count, now) if step == HOUR else _days(coin, first, count, now)


def hours(coin: Coin, first: int, count: int, now: int) -> Bars:
    """Return `count` hourly candles from `first` on; what has not begun at `now` is flat and has no volume."""
    start = first + HOUR * np.arange(count)
    part = np.clip((now - start) / HOUR, 0.0, 1.0)
    quiet = _is_quiet(coin, start)
    prices = _prices(coin, np.append(start, first + HOUR * count), now)
    opened, closed = prices[:-1], prices[1:]
    wick = np.where(quiet, 0.0, WICK * part)
    high = np.maximum(opened, closed) * (1 + wick * _noise(coin, start, "high"))
    low = np.minimum(opened, closed) * (1 - wick * _noise(coin, start, "low"))
    volume = np.where(quiet, 0.0, coin.hourly_volume * (0.5 + _noise(coin, start, "volume")) * part)
    opened, high, low, closed = (np.round(value, coin.decimals) for value in (opened, high, low, closed))
    quote = volume * (opened + high + low + closed) / 4
    return Bars(start, opened, high, low, closed, _stepped(volume), _stepped(quote), part, quiet)


def _days(coin: Coin, first: int, count: int, now: int) -> Bars:
    each = hours(coin, first, 24 * count, now)
    open_, high, low, close, volume, quote, part, quiet = (
        value.reshape(count, 24)
        for value in (each.open, each.high, each.low, each.close, each.volume, each.quote, each.part, each.is_quiet)
    )
    return Bars(
        each.start[::24], open_[:, 0], high.max(axis=1), low.min(axis=1), close[:, -1],
        volume.sum(axis=1), quote.sum(axis=1), part.mean(axis=1), quiet.all(axis=1),
    )  # fmt: skip


def _prices(coin: Coin, at: np.ndarray, now: int) -> np.ndarray:
    """Prices at full hours; after `now`, the one between the hours on either side of it."""
    before = np.array([now // HOUR * HOUR])
    last, coming = _full_hours(coin, before)[0], _full_hours(coin, before + HOUR)[0]
    at_now = last + (coming - last) * (now % HOUR) / HOUR
    return np.where(at > now, at_now, _full_hours(coin, at))


def _full_hours(coin: Coin, at: np.ndarray) -> np.ndarray:
    # No two quiet hours follow one another, so one step back finds a price that moved.
    traded = np.where(_is_quiet(coin, at - HOUR), at - HOUR, at)
    phases = _seed(coin.symbol) % 1000 * np.arange(1, len(WAVES) + 1)
    way = sum(
        part * np.sin(2 * np.pi * traded / (days * DAY) + phase)
        for (days, part), phase in zip(WAVES, phases, strict=True)
    )
    way += NOISE * (2 * _noise(coin, traded, "price") - 1)
    middle, reach = np.sqrt(coin.lowest_usd * coin.highest_usd), np.log(coin.highest_usd / coin.lowest_usd) / 2
    return middle * np.exp(reach * way)


def _is_quiet(coin: Coin, start: np.ndarray) -> np.ndarray:
    """Whether nobody traded in an hour: now and then in a coin's first weeks."""
    young = (start >= coin.first) & (start < coin.first + QUIET_DAYS * DAY)
    return young & (start // HOUR % QUIET_EVERY_HOURS == 1)


def _noise(coin: Coin, start: np.ndarray, what: str) -> np.ndarray:
    """A number from 0 to 1 for each hour, by the mixing of splitmix64."""
    return noise(f"{coin.symbol} {what}", start // HOUR)


def noise(name: str, index: np.ndarray) -> np.ndarray:
    """Return a number from 0 to 1 for each whole number of `index`, another one for each name."""
    mixed = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(_seed(name) << 20)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))) / 2.0**64


def _seed(name: str) -> int:
    return zlib.crc32(name.encode())


def _stepped(value: np.ndarray) -> np.ndarray:
    return np.floor(value * VOLUME_STEPS) / VOLUME_STEPS
