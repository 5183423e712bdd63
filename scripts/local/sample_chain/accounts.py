"""Principals of the sample: accounts with a long tail, and contracts."""

import hashlib
from random import Random

# Crockford's base 32, the alphabet of Stacks addresses; 22 = SP, 20 = SM (mainnet single and multi signature).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SINGLE_SIGNATURE, MULTI_SIGNATURE = 22, 20

TOKENS = ("usda-token::usda", "diko-token::diko", "alex-token::alex", "wrapped-btc::xbtc")
COLLECTIONS = ("megapont-apes::apes", "crash-punks::punks", "bitcoin-monkeys::monkeys")
CONTRACTS = ("swap-router", "lending-pool", "marketplace", "dao-vault", "name-registry")


def address(seed: str, version: int = SINGLE_SIGNATURE) -> str:
    """Return a c32check address of the hash of a text: `S`, version, and hash160 with its checksum."""
    hash160 = hashlib.sha256(seed.encode()).digest()[:20]
    checksum = hashlib.sha256(hashlib.sha256(bytes([version]) + hash160).digest()).digest()[:4]
    number, letters = int.from_bytes(hash160 + checksum, "big"), ""
    while number:
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    zeros = len(hash160) - len(hash160.lstrip(b"\0"))
    return "S" + ALPHABET[version] + "0" * zeros + letters


class Accounts:
    """The accounts and contracts: `founders` hold the genesis STX; others appear when they receive something."""

    def __init__(self, random: Random, founders: int = 400) -> None:
        self._random = random
        self.founders = [
            address(f"founder {n}", MULTI_SIGNATURE if n % 20 == 0 else SINGLE_SIGNATURE) for n in range(founders)
        ]
        self.miners = [address(f"miner {n}") for n in range(6)]
        self._known = list(self.founders)
        self.funded: list[str] = []
        deployer = address("deployer")
        self.tokens = [f"{deployer}.{name}" for name in TOKENS]
        self.collections = [f"{deployer}.{name}" for name in COLLECTIONS]
        self.contracts = [f"{deployer}.{name}" for name in CONTRACTS]

    def sender(self) -> str:
        """A funded account; few send most, and one in ten was new once."""
        if self.funded and self._random.random() < 0.1:
            return self._random.choice(self.funded)
        return self.founders[int(len(self.founders) * self._random.random() ** 3)]

    def recipient(self) -> str:
        """An account, now and then one never seen before."""
        if self._random.random() < 0.1:
            self._known.append(address(f"account {len(self._known)}"))
            return self._known[-1]
        return self._known[int(len(self._known) * self._random.random() ** 2)]
