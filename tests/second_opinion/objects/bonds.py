"""An opinion on objects of bonds."""

from datetime import date

from tests.second_opinion.chain import Row
from tests.second_opinion.objects.of_days import of_day
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.unix_days import days_to

YIELD_DAYS = 90
DISTRIBUTIONS_A_YEAR = 50


def bonds(run: Run, day: date | None) -> Answer:
    """Every bond at the end of the day."""
    return Answer(sorted(of_day(run, "daily_bonds", day), key=lambda row: row["bond_index"]))


def bond_yields(run: Run, day: date | None) -> Answer:
    """What each calculation paid to each bond."""
    days = days_to(day, YIELD_DAYS) if day else []
    reserves = {_calculation(row): row for row in run.tables["stacking_distributions"]}
    paid = [row for row in run.tables["bond_distributions"] if row["day"] in days and row["day"] in run.days]
    known = [row for row in paid if _calculation(row) in reserves]
    ordered = sorted(known, key=lambda row: (row["day"], row["calculation_height"], row["bond_index"]))
    return Answer([_yield(row, reserves[_calculation(row)]) for row in ordered])


def _calculation(row: Row) -> tuple[str, int]:
    return row["tx_id"], row["calculation_height"]


def _yield(row: Row, calculation: Row) -> Row:
    names = ("day", "calculation_height", "cycle", "bond_index", "staked_sats", "target_sats", "paid_sats")
    target, paid, staked = (int(row[name]) for name in ("target_sats", "paid_sats", "staked_sats"))
    return {name: row[name] for name in names} | {
        "shortfall_sats": target - paid,
        "shortfall_share": (target - paid) / target if target else None,
        "realised_apy": paid / staked * DISTRIBUTIONS_A_YEAR if staked else None,
        "reserve_sats": calculation["reserve_sats"],
        "reserve_balance_sats": calculation["reserve_balance_sats"],
    }


JUDGES = {"bonds": bonds, "bond_yields": bond_yields}
