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
