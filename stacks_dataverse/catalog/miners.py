"""Miners: the tenures that each won, what was sent for them, what they earned, and how concentrated mining is."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.mining import PROVISIONAL, UNKNOWN_COMMITS
from stacks_dataverse.catalog.v1 import NOT_LOADED, UP_TO_THE_DAY, rows_object
from stacks_dataverse.caveats import about
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import miners
from stacks_dataverse.units import SATS_PER_STX, SHARE

NO_COMMITS = "if not known of any"
LOSERS = (
    "Who sent a commit that lost is in no table of the source: of a miner only the commits that won are known, so its "
    "own costs are higher than miner_commit_sats."
)
WARNINGS = (LOSERS, UNKNOWN_COMMITS, PROVISIONAL)

CYCLE = Column("cycle", "integer", "reward cycle of the tenure's Bitcoin block")
MINER = Column("miner_address", "text", "the winner: sender of the coinbase transaction")
SUMS = (
    Column("tenures", "bigint", "tenures won that began on the day, or in the cycle"),
    Column("commits", "bigint", "commits of all miners for them, lost ones too", null=NO_COMMITS),
    Column("miner_commit_sats", "bigint", "BTC payouts of the commits that won", unit="satoshis", null=NO_COMMITS),
    Column("miner_commit_ustx", "bigint", "mined where those are known", unit="µSTX", null=NO_COMMITS),
    Column("total_commit_sats", "bigint", "BTC of all miners' commits for them", unit="satoshis", null=NO_COMMITS),
    Column("total_commit_ustx", "bigint", "mined where those are known", unit="µSTX", null=NO_COMMITS),
    Column("coinbase_ustx", "bigint", "coinbases, as scheduled", unit="µSTX"),
    Column("fees_ustx", "bigint", "fees of transactions in the blocks of the day, or of the cycle", unit="µSTX"),
)
CONCENTRATION = (
    Column("miners", "bigint", "distinct miners that won a tenure"),
    Column(
        "hhi",
        "double precision",
        "Herfindahl-Hirschman index: sum of the squared shares of tenures won; 1 is a single miner",
        unit=SHARE,
        null="without a tenure",
    ),
    Column(
        "nakamoto_coefficient",
        "bigint",
        "fewest miners that together won more than half of the tenures",
        null="without a tenure",
    ),
)
PRICE = Column(
    "sats_per_stx",
    "double precision",
    "total_commit_sats per STX of total_commit_ustx: coinbase and fees",
    unit=SATS_PER_STX,
    null="where commits are not known",
)
SHARES = (
    Column(
        "win_share",
        "double precision",
        "share of the tenures won on the day, or in the cycle",
        unit=SHARE,
        null="if nobody won any",
    ),
    Column(
        "miner_sats_per_stx",
        "double precision",
        "miner_commit_sats per STX of miner_commit_ustx: without the miner's lost commits",
        unit=SATS_PER_STX,
        null="where commits are not known",
    ),
)

DAILY_MINERS = Table(
    name="daily_miners",
    title="Tenures, spending and earnings by miner and day",
    group=Group.MINING,
    kind=Kind.FIGURE,
    transform=miners.daily_miners,
    inputs={"mined": inputs.MINED},
    method="Tenures of the table tenures by miner and reward cycle. A tenure and its commits count on the day on which "
    "it began; fees on the day of their blocks, also after midnight, for the miner who began the tenure.",
    columns=(DAY, CYCLE, MINER, *SUMS),
    key=("day", "cycle", "miner_address"),
    warnings=(
        *WARNINGS,
        about("The fees after midnight are left out where the day on which the tenure began is missing.", "fees_ustx"),
    ),
)
DAILY_MINING = Table(
    name="daily_mining",
    title="Mining spending, rewards and concentration per day",
    group=Group.MINING,
    headline="total_commit_sats",
    kind=Kind.FIGURE,
    transform=miners.daily_mining,
    inputs={"mined": inputs.MINED},
    method="All tenures of a day, as daily_miners counts them, and how the tenures are shared among miners.",
    columns=(DAY, *CONCENTRATION, *SUMS),
    warnings=(
        *WARNINGS,
        about(
            "The fees after midnight of a tenure that began on a missing day are included; daily_miners has none.",
            "fees_ustx",
        ),
    ),
)
TABLES = (DAILY_MINERS, DAILY_MINING)


def _per_stx(sats: str, ustx: str) -> str:
    return f"{sats} * 1000000::double precision / NULLIF({ustx}, 0)"


NAMES_OF_SUMS = ", ".join(column.name for column in SUMS)
SUMMED = ", ".join(f"sum({column.name})::bigint AS {column.name}" for column in SUMS)
TOTAL_PRICE = f"{_per_stx('total_commit_sats', 'total_commit_ustx')} AS sats_per_stx"

# Days of rows by day and miner, and reward cycles of those by cycle: of all of history they would be too many.
DAYS, CYCLES = 90, 6
LAST_DAYS = f"day > {{day}}::date - {DAYS} AND {UP_TO_THE_DAY}"
NEWEST_CYCLE = "(SELECT cycle FROM daily_miners WHERE day <= {day} ORDER BY day DESC, cycle DESC LIMIT 1)"
CYCLE_NUMBERS = f"SELECT {NEWEST_CYCLE} - back FROM generate_series(0, {CYCLES - 1}) AS back"
LAST_CYCLES = f"{UP_TO_THE_DAY} AND cycle = ANY (ARRAY({CYCLE_NUMBERS}))"


def _by_miner(period: str, condition: str) -> str:
    """A query of what each miner won in each day or cycle, the most first."""
    return f"""
        SELECT {period}, miner_address, {NAMES_OF_SUMS},
               tenures / NULLIF(sum(tenures) OVER (PARTITION BY {period}), 0)::double precision AS win_share,
               {_per_stx("miner_commit_sats", "miner_commit_ustx")} AS miner_sats_per_stx, {TOTAL_PRICE}
        FROM (SELECT {period}, miner_address, {SUMMED} FROM daily_miners WHERE {condition}
              GROUP BY {period}, miner_address) AS miners
        ORDER BY {period}, tenures DESC, miner_address COLLATE "C"
    """


CYCLES_IN_ALL = f"""
    SELECT cycle, miners, hhi, nakamoto_coefficient, {NAMES_OF_SUMS}, {TOTAL_PRICE}
    FROM (
        SELECT cycle, count(*) FILTER (WHERE tenures > 0) AS miners,
               sum(tenures * tenures)::double precision / NULLIF(max(won * won), 0) AS hhi,
               NULLIF(count(*) FILTER (WHERE tenures > 0 AND 2 * (won_so_far - tenures) <= won), 0)
                   AS nakamoto_coefficient,
               {SUMMED}
        FROM (
            SELECT *, sum(tenures) OVER (PARTITION BY cycle) AS won,
                   sum(tenures) OVER (PARTITION BY cycle ORDER BY tenures DESC, miner_address COLLATE "C") AS won_so_far
            FROM (SELECT cycle, miner_address, {SUMMED} FROM daily_miners WHERE {LAST_CYCLES}
                  GROUP BY cycle, miner_address) AS miners
        ) AS ranked
        GROUP BY cycle
    ) AS cycles
    ORDER BY cycle
"""
UNFINISHED = "The newest cycle goes on: its row is of the tenures so far. A day that is not loaded is not in its cycle."

OBJECTS = (
    rows_object(
        "mining",
        (*DAILY_MINING.columns, PRICE),
        f"SELECT {', '.join(DAILY_MINING.fields)}, {TOTAL_PRICE} FROM daily_mining WHERE {UP_TO_THE_DAY} ORDER BY day",
        DAILY_MINING.method,
        title="Mining costs, rewards and concentration",
        headline="daily_mining.total_commit_sats",
        group=Group.MINING,
        warnings=(NOT_LOADED, *WARNINGS),
    ),
    rows_object(
        "miners_by_day",
        (DAY, MINER, *SUMS, *SHARES, PRICE),
        _by_miner("day", LAST_DAYS),
        f"daily_miners of the last {DAYS} days, by day and miner; within a day those who won most come first.",
        title="Wins, spending and earnings of each miner by day",
        group=Group.MINING,
        warnings=WARNINGS,
    ),
    rows_object(
        "miners_by_cycle",
        (CYCLE, MINER, *SUMS, *SHARES, PRICE),
        _by_miner("cycle", LAST_CYCLES),
        f"daily_miners summed over the last {CYCLES} reward cycles, by cycle and miner; within a cycle those who won "
        "most come first.",
        title="Wins, spending and earnings of each miner by cycle",
        group=Group.MINING,
        is_dated=True,
        warnings=(UNFINISHED, *WARNINGS),
    ),
    rows_object(
        "mining_cycles",
        (CYCLE, *CONCENTRATION, *SUMS, PRICE),
        CYCLES_IN_ALL,
        f"The last {CYCLES} reward cycles in all, from daily_miners, and how their tenures are shared among miners.",
        title="Mining costs and rewards by reward cycle",
        group=Group.MINING,
        is_dated=True,
        warnings=(UNFINISHED, *WARNINGS),
    ),
)
