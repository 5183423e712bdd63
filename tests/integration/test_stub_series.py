"""The stub vendors' series: plausible, the same for everybody, and of one piece."""

import numpy as np
import pytest

from scripts.local.vendors.series import COINS, DAY, HOUR, Coin, bars, hours

NOW = 1_790_000_000 // DAY * DAY
RANGES = {"STX": (0.3, 4.0), "BTC": (20_000, 110_000)}
WHEN = {"the beginning": 0, "a year later": 365, "of late": 2000}

coins = pytest.mark.parametrize("coin", COINS.values(), ids=COINS)


@coins
@pytest.mark.parametrize("after", WHEN.values(), ids=WHEN)
def test_a_day_is_made_of_its_hours(coin: Coin, after: int) -> None:
    first = coin.first + after * DAY
    days, each = bars(coin, DAY, first, 30, NOW), hours(coin, first, 720, NOW)
    for number in range(30):
        part = slice(24 * number, 24 * number + 24)
        assert days.start[number] == each.start[part][0]
        assert days.open[number] == each.open[part][0]
        assert days.high[number] == max(each.high[part])
        assert days.low[number] == min(each.low[part])
        assert days.close[number] == each.close[part][-1]
        assert days.volume[number] == sum(each.volume[part].tolist())
        assert days.quote[number] == sum(each.quote[part].tolist())


@coins
def test_prices_are_plausible_and_move_a_little_by_the_hour(coin: Coin) -> None:
    whole = hours(coin, coin.first, (NOW - coin.first) // HOUR, NOW)
    lowest, highest = RANGES[coin.symbol]
    assert lowest < whole.low.min() < 2 * lowest
    assert highest / 2 < whole.high.max() < highest
    assert np.abs(np.diff(np.log(whole.close))).max() < 0.03
    assert (whole.open[1:] == whole.close[:-1]).all()
    assert (whole.low <= np.minimum(whole.open, whole.close)).all()
    assert (whole.high >= np.maximum(whole.open, whole.close)).all()
    assert (whole.is_quiet == (whole.volume == 0)).all()
    assert 0 < whole.is_quiet.sum() < 1000


@coins
def test_what_is_closed_is_the_same_whenever_and_however_it_is_asked(coin: Coin) -> None:
    first = NOW - 100 * HOUR
    long = hours(coin, first, 100, NOW + 17 * DAY)
    for number in (0, 1, 50, 99):
        alone = hours(coin, first + number * HOUR, 1, NOW)
        for name in ("open", "high", "low", "close", "volume", "quote"):
            assert getattr(alone, name)[0] == getattr(long, name)[number]


@coins
def test_the_open_day_holds_what_has_happened_so_far(coin: Coin) -> None:
    now = NOW + 10 * HOUR + 1800
    (day, closed), so_far = (bars(coin, DAY, NOW, 1, at) for at in (now, NOW + DAY)), hours(coin, NOW, 11, now)
    assert day.part[0] == pytest.approx(10.5 / 24)
    assert day.close[0] == so_far.close[-1] != closed.close[0]
    assert day.high[0] == so_far.high.max()
    assert day.volume[0] == so_far.volume.sum() < closed.volume[0]
    assert so_far.volume[-1] < hours(coin, NOW, 11, NOW + DAY).volume[-1]
