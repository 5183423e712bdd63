"""An opinion on what miners sent to stackers in the last Bitcoin blocks."""

from datetime import date

from tests.second_opinion.chain import Row, Rows
from tests.second_opinion.miners import burn_rewards, burns_of
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.tip import HOUR, candle_at

BTC = 100_000_000
LAST, LAST_SMALL = 100, 20


def payments(run: Run, count: int) -> Rows:
    """The last Bitcoin blocks with payments, the newest first: of loaded days, and of what came after them."""
    loaded = run.tables["burn_block_rewards"]
    after = [row for row in burn_rewards(burns_of(run.chain)) if not run.days or row["day"] > run.days[-1]]
    paid = [row for row in (*loaded, *after) if int(row["reward_sats"] or 0)]
    return sorted(paid, key=lambda row: row["burn_block_height"], reverse=True)[:count]


def recent_rewards(run: Run, _: date | None) -> Answer:
    """BTC of the last blocks."""
    rows = [
        {"burn_block_height": row["burn_block_height"], "reward_btc": int(row["reward_sats"]) / BTC}
        for row in payments(run, LAST)
    ]
    return Answer(rows, {row["burn_block_height"]: row["reward_btc"] for row in reversed(rows)})


def recent_rewards_small(run: Run, _: date | None) -> Answer:
    """USD of the last few, at the close of the hour of the Bitcoin block, or of one in the 48 before."""

    def in_usd(row: Row) -> float | None:
        candle = row["burned_at"] and candle_at(run, "BTC", row["burned_at"], 48 * HOUR)
        return None if candle is None else int(row["reward_sats"]) / BTC * candle["close_usd"]

    rows = [
        {"burn_block_height": row["burn_block_height"], "reward_usd": in_usd(row)} for row in payments(run, LAST_SMALL)
    ]
    return Answer(rows, {row["burn_block_height"]: row["reward_usd"] for row in reversed(rows)})


JUDGES = {"recent_rewards": recent_rewards, "recent_rewards_small": recent_rewards_small}
