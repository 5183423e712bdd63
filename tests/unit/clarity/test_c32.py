"""Addresses as text: c32check, both ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks_dataverse.clarity import c32

# The boot address, one with leading zeros, and the four kinds of account.
ADDRESSES = [
    ("SP000000000000000000002Q6VF78", 22, "00" * 20),
    ("ST000000000000000000002AMW42H", 26, "00" * 20),
    ("SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7", 22, "a46ff88886c2ef9762d970b4d2c63678835bd39d"),
    ("SM2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKQVX8X0G", 20, "a46ff88886c2ef9762d970b4d2c63678835bd39d"),
    ("ST2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKQYAC0RQ", 26, "a46ff88886c2ef9762d970b4d2c63678835bd39d"),
    ("SN2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKP6D2ZK9", 21, "a46ff88886c2ef9762d970b4d2c63678835bd39d"),
]


@pytest.mark.parametrize(("address", "version", "hash160"), ADDRESSES, ids=[address for address, *_ in ADDRESSES])
def test_known_addresses(address: str, version: int, hash160: str) -> None:
    assert c32.encode_address(version, bytes.fromhex(hash160)) == address
    assert c32.decode_address(address) == (version, bytes.fromhex(hash160))


@settings(deadline=None)
@given(version=st.integers(0, 31), zeros=st.integers(0, 20), tail=st.binary(min_size=20, max_size=20))
def test_every_address_comes_back(version: int, zeros: int, tail: bytes) -> None:
    hash160 = bytes(zeros) + tail[zeros:]
    assert c32.decode_address(c32.encode_address(version, hash160)) == (version, hash160)


@settings(deadline=None)
@given(st.text(alphabet=c32.ALPHABET, max_size=60))
def test_other_text_is_refused_or_is_an_address(text: str) -> None:
    try:
        version, hash160 = c32.decode_address(f"S{text}")
    except ValueError:
        return
    assert c32.encode_address(version, hash160) == f"S{text}"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("", id="nothing"),
        pytest.param("S", id="one character"),
        pytest.param("SP", id="no hash"),
        pytest.param("SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ8", id="another checksum"),
        pytest.param("SM2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7", id="another version"),
        pytest.param("SP02J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7", id="a zero too many"),
        pytest.param("XP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7", id="another first letter"),
        pytest.param("SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJO", id="a letter of no digit"),
        pytest.param("sp2j6zy48gv1ez5v2v5rb9mp66sw86pykknrv9ej7", id="lower case"),
        pytest.param("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", id="an address of Bitcoin"),
    ],
)
def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is not a Stacks address"):
        c32.decode_address(address)


@pytest.mark.parametrize(("version", "hash160"), [(32, bytes(20)), (-1, bytes(20)), (22, bytes(19)), (22, b"")])
def test_there_is_no_address_of_other_parts(version: int, hash160: bytes) -> None:
    with pytest.raises(ValueError, match="address"):
        c32.encode_address(version, hash160)
