"""The times of the sample's Bitcoin blocks, and of the Stacks blocks on them.

A chain whose first day is before Stacks 4.0 passes through all eras in its first three days. The Bitcoin height at its
start and Nakamoto's day follow mainnet, where Nakamoto began with Bitcoin block 867,867 on 2024-10-29; the sample
changes over at 06:00 of its second day, or of its first when it has less than three. All later eras come at heights of
the sample's own. A chain whose first day is later begins at the height of Stacks 4.0: all of it is in today's era.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from stacks_dataverse.network import STX, Network

DAY = 86_400
BURN_INTERVAL = 600
BURNS_A_DAY = DAY // BURN_INTERVAL
FIRST_BURN_HEIGHT = 867_750
NAKAMOTO_HOUR = 6

# The sample's own reward cycles, so short that three days hold several; the last ten blocks of each are its prepare
# phase. The sample begins forty blocks into cycle 95.
FIRST_CYCLE_HEIGHT, CYCLE_LENGTH, PREPARE_LENGTH = FIRST_BURN_HEIGHT - 95 * 100 - 40, 100, 10

# Stacks 4.0 begins forty blocks into cycle 97, the last that pays a set of PoX-4; cycle 98 is the first waterfall one.
POX_5_HEIGHT = FIRST_BURN_HEIGHT + 200

# Blocks after a day until it is settled, two hours later, whichever of them has no Stacks block.
SETTLED_BURNS = 2 * 3600 // BURN_INTERVAL + 2

# On mainnet, Stacks 4.0 began late in the month before.
FIRST_DAY_OF_TODAYS_ERA = date(2026, 8, 1)

# The first step comes so early that a tenure on either side of it matures within three days.
COINBASE_USTX = {0: 1_000 * STX, FIRST_BURN_HEIGHT + 100: 500 * STX, POX_5_HEIGHT: 1_000 * STX}

NETWORK = Network(FIRST_CYCLE_HEIGHT, CYCLE_LENGTH, PREPARE_LENGTH, POX_5_HEIGHT, COINBASE_USTX)

# The SIP-031 endowment: what a tenure from a Bitcoin height on mints to its contract, and once more, with the first.
ENDOWMENT_USTX = {FIRST_BURN_HEIGHT + 190: 475 * STX, FIRST_BURN_HEIGHT + 230: 1_140 * STX}
FIRST_ENDOWMENT_USTX = 200_000_000 * STX

TXS_PER_NAKAMOTO_BLOCK = 10

# Nakamoto's miners need a moment after the Bitcoin block; their last block comes before the next one's.
FIRST_BLOCK_AFTER, TENURE_ROOM = 7, 440

# One Bitcoin block in so many has no Stacks block.
EMPTY_EVERY = 23


@dataclass(frozen=True)
class Burn:
    """A Bitcoin block, and the times of the Stacks blocks of its tenure; none when it has no sortition."""

    height: int
    time: int
    is_nakamoto: bool
    block_times: tuple[int, ...]


def midnight(day: date) -> int:
    """Return the first second of a UTC day, in unix seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def first_height(first_day: date) -> int:
    """Return the Bitcoin height at which a chain begins."""
    return POX_5_HEIGHT if first_day >= FIRST_DAY_OF_TODAYS_ERA else FIRST_BURN_HEIGHT


def burns(random: Random, first_day: date, days: int, txs_per_day: int, tail: int) -> Iterator[Burn]:
    """Yield the Bitcoin blocks of whole days, and `tail` blocks of the day after them."""
    start, height, whole = midnight(first_day), first_height(first_day), days * BURNS_A_DAY
    has_nakamoto_only = height >= POX_5_HEIGHT
    nakamoto_from = start if has_nakamoto_only else start + min(1, days // 3) * DAY + NAKAMOTO_HOUR * 3600
    end = start + (whole + tail) * BURN_INTERVAL
    blocks = max(1, txs_per_day * BURN_INTERVAL // DAY // TXS_PER_NAKAMOTO_BLOCK)
    # With numbers of its own the tail changes nothing in the days before it, however long it is.
    days_random, tail_random = random, Random(start)
    for number in range(whole + tail):
        slot = start + number * BURN_INTERVAL
        random = days_random if number < whole else tail_random
        is_nakamoto, closes_day = slot >= nakamoto_from, (slot + BURN_INTERVAL) % DAY == 0
        # The first old block of a day opens it to the second; Nakamoto's tenures reach across midnight.
        time = slot if slot % DAY == 0 and not is_nakamoto else slot + random.randrange(1, BURN_INTERVAL // 4)
        if number and number % EMPTY_EVERY == 0 and slot % DAY and not closes_day:
            times: tuple[int, ...] = ()
        elif not is_nakamoto:
            time = _stepping_back(slot, time) if slot > start + DAY else time
            times = (time,)
        else:
            closing = _closing(slot, is_end=slot + BURN_INTERVAL == end) if closes_day else ()
            times = (*_tenure(time, blocks), *closing)
        yield Burn(height + number, time, is_nakamoto, times)


def scheduled(schedule: Mapping[int, int], burn_height: int) -> int:
    """Return what a schedule by Bitcoin heights gives at one of them; 0 before its first."""
    begun = [height for height in schedule if height <= burn_height]
    return schedule[max(begun)] if begun else 0


def _stepping_back(slot: int, time: int) -> int:
    """Bitcoin's header times are not monotonic: the second block of a day has a time of the day before."""
    return slot - BURN_INTERVAL - 90 if slot % DAY == BURN_INTERVAL else time


def _tenure(time: int, blocks: int) -> tuple[int, ...]:
    return tuple(time + FIRST_BLOCK_AFTER + index * TENURE_ROOM // blocks for index in range(blocks))


def _closing(slot: int, *, is_end: bool) -> tuple[int, ...]:
    """The last tenure's block in a day's last second and, unless the chain ends, one at midnight.

    The second is of the next day, though the Bitcoin block that it names is of the day before.
    """
    midnight = slot + BURN_INTERVAL
    return (midnight - 1,) if is_end else (midnight - 1, midnight)
