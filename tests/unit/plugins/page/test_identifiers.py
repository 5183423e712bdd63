"""Addresses and hashes are shortened in the middle, and have their page in the explorer of their network."""

import pytest

from plugins.page.identifiers import TESTNET, explorer_page, shorten

ADDRESS = "SP2KAF9RF86PVX3NEE27DFV1CQX0T4WGR41X3S45C"
OF_TESTNET = "ST2KAF9RF86PVX3NEE27DFV1CQX0T4WGR41X3S45C"
TX = "0x" + "ab" * 32
EXPLORER = "https://explorer.hiro.so"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ADDRESS, "SP2KAF…S45C"),
        (f"{ADDRESS}.bitcoin-monkeys", "SP2KAF…S45C.bitcoin-monkeys"),
        (f"{ADDRESS}.{'a' * 40}", f"SP2KAF…S45C.{'a' * 14}…{'a' * 9}"),
        (f"{ADDRESS}.token::coin", "SP2KAF…S45C.token::coin"),
        (TX, "0xababab…ababab"),
        ("SPECIAL", None),
        ("0x00", None),
        (f"{ADDRESS} <script>", None),
    ],
)
def test_an_identifier_is_shortened_in_the_middle(text: str, expected: str | None) -> None:
    assert shorten(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        (ADDRESS, "address", f"{EXPLORER}/address/{ADDRESS}?chain=mainnet"),
        (OF_TESTNET, "address", f"{EXPLORER}/address/{OF_TESTNET}?chain=testnet"),
        (f"{ADDRESS}.token::coin", "asset_identifier", f"{EXPLORER}/txid/{ADDRESS}.token?chain=mainnet"),
        (TX, "tx_id", f"{EXPLORER}/txid/{TX}?chain=testnet"),
        (TX, "index_block_hash", f"{EXPLORER}/block/{TX}?chain=testnet"),
        (TX, "source_sha256", None),
        ("javascript:alert(1)", "tx_id", None),
    ],
)
def test_an_identifier_has_its_page_in_the_explorer(text: str, column: str, expected: str | None) -> None:
    assert explorer_page(text, column, TESTNET) == expected
