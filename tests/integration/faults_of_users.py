"""What is broken of contracts, initiators and holders, for their checks to see."""


def faults_of_users(day: str, last_day: str) -> list[tuple[str, str, str]]:
    """By check: the day that it then fails on, and what is broken. `last_day` is the 30th of a month."""
    return [
        ("contracts_of_transactions", day, f"UPDATE contract_usage SET failed_calls = calls + 1 WHERE day = '{day}'"),
        (
            *("contracts_of_transactions", day),
            f"INSERT INTO contract_deployments VALUES ('{day}', 1, 0, 0, '0x', 'SP1.a', 'SP1', NULL, '0x')",
        ),
        ("initiators_of_transactions", day, f"UPDATE daily_initiators SET initiators = 1 WHERE day = '{day}'"),
        ("initiator_cohorts", day, f"UPDATE daily_initiators SET new_initiators = 1 WHERE day = '{day}'"),
        ("initiator_cohorts", day, f"DELETE FROM initiator_cohorts WHERE day = '{day}'"),
        (
            *("initiators_of_month", last_day),
            f"UPDATE daily_initiators SET initiators_30_days = 1 WHERE day = '{last_day}'",
        ),
        ("holders_in_total", day, f"UPDATE stx_holder_bands SET holders = holders + 1 WHERE day = '{day}'"),
        ("holders_in_total", day, f"DELETE FROM stx_holder_deciles WHERE day = '{day}' AND decile = 10"),
    ]


def held_more(day: str) -> str:
    """Statements that add a µSTX to the smallest accounts of a day, by bands and by deciles."""
    return "; ".join(
        f"UPDATE {table} SET balance_ustx = balance_ustx + 1 WHERE day = '{day}' AND holder_kind = 'account'"
        f" AND {group} = (SELECT min({group}) FROM {table} WHERE day = '{day}' AND holder_kind = 'account')"
        for table, group in (("stx_holder_bands", "from_stx"), ("stx_holder_deciles", "decile"))
    )
