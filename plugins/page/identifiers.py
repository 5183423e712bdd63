"""Addresses, contracts, transactions and hashes, shortened for readers, with their page of the Stacks Explorer."""

import re

EXPLORER = "https://explorer.hiro.so"
MAINNET, TESTNET = "mainnet", "testnet"

PRINCIPAL = re.compile(r"(S[PMTN][0-9A-Z]{26,42})(?:\.([a-zA-Z][\w-]*))?(?:::([\w-]+))?")
HASH = re.compile(r"0x[0-9a-f]{40,}")
# An address of testnet begins with one of these.
OF_TESTNET = ("ST", "SN")
KEPT_OF_ADDRESS, KEPT_OF_HASH, MAX_NAME = (6, 4), (8, 6), 28
PAGE_OF_COLUMN = {"tx_id": "txid", "index_block_hash": "block"}


def shorten(text: str) -> str | None:
    """An address or hash with its middle left out; None for any other text."""
    if HASH.fullmatch(text):
        return _middle_out(text, *KEPT_OF_HASH)
    named = PRINCIPAL.fullmatch(text)
    if named is None:
        return None
    address, contract, asset = named.groups()
    name = f".{_short_name(contract)}" if contract else ""
    return f"{_middle_out(address, *KEPT_OF_ADDRESS)}{name}{f'::{_short_name(asset)}' if asset else ''}"


def explorer_page(text: str, column: str, chain: str = MAINNET) -> str | None:
    """The page of an address, a contract, a transaction or a block in the Stacks Explorer; None where it has none.

    Args:
        text: as in the data.
        column: the name of its column, which tells a transaction from another hash.
        chain: the network of hashes; an address says itself of which network it is.
    """
    if named := PRINCIPAL.fullmatch(text):
        address, contract, _ = named.groups()
        path = f"txid/{address}.{contract}" if contract else f"address/{address}"
        chain = TESTNET if address.startswith(OF_TESTNET) else MAINNET
    elif HASH.fullmatch(text) and column in PAGE_OF_COLUMN:
        path = f"{PAGE_OF_COLUMN[column]}/{text}"
    else:
        return None
    return f"{EXPLORER}/{path}?chain={chain}"


def _short_name(name: str) -> str:
    return name if len(name) <= MAX_NAME else _middle_out(name, MAX_NAME // 2, MAX_NAME // 3)


def _middle_out(text: str, first: int, last: int) -> str:
    return f"{text[:first]}…{text[-last:]}"
