"""What tests put into a warehouse as distributions of the pool of PoX-5."""


def distributed(
    day: str, height: int, *, cycle: int = 0, gross: int = 9, stakers: int = 2, balance: int = 4, ustx: int = 1
) -> str:
    """Insert a distribution of a day, calculated at a Bitcoin height: one bond has 3 satoshis, the reserve 4."""
    return f"""
        INSERT INTO stacking_distributions
        VALUES ('{day}', {height}, 0, 0, 0, '0x', {cycle}, {height}, {gross}, 3, {stakers}, 4, {balance}, {ustx});
        INSERT INTO bond_distributions
        VALUES ('{day}', {height}, 0, 0, 1, '0x', 0, {cycle}, {height}, 5000, 3, 3);
    """


# By check: the day that it then fails on, and what is broken, as in test_quality.
DAY = "2024-10-29"
FIRST_SIGNER = f"ctid = (SELECT min(ctid) FROM cycle_signers WHERE day = '{DAY}')"
FAULTS_OF_STACKING = [
    ("distribution_split", DAY, distributed(DAY, 1, gross=10)),
    ("reserve_balance", DAY, distributed("2024-10-28", 1) + distributed(DAY, 2, balance=9)),
    ("signers_of_sets", DAY, f"DELETE FROM cycle_signers WHERE {FIRST_SIGNER}"),
    ("signers_of_sets", DAY, f"UPDATE cycle_signers SET stacked_ustx = stacked_ustx + 1 WHERE {FIRST_SIGNER}"),
    ("bond_yields", DAY, f"{distributed(DAY, 1)} UPDATE bond_distributions SET paid_sats = 2 WHERE day = '{DAY}'"),
    ("bond_yields", DAY, f"{distributed(DAY, 1)} DELETE FROM bond_distributions WHERE day = '{DAY}'"),
]
