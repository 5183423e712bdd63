"""Stacks addresses as text: c32check, after SIP-005 and https://github.com/stacks-network/c32check.

An address is `S`, a character for the version (`P` and `M` on mainnet, `T` and `N` on testnet), then the 20 bytes
of the key's or script's hash and a 4-byte checksum, in Crockford's base 32.
"""

import base64
import hashlib
from string import ascii_uppercase

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HASH_BYTES = 20
CHECKSUM_BYTES = 4

# From the letters of RFC 4648's base 32 to Crockford's.
TO_C32 = bytes.maketrans(f"{ascii_uppercase}234567".encode(), ALPHABET.encode())


def encode_address(version: int, hash160: bytes) -> str:
    """Return the address of a version, 0 to 31, and a 20-byte hash; ValueError for others."""
    if not 0 <= version < len(ALPHABET):
        raise ValueError(f"{version} is not the version of an address: they go from 0 to 31.")
    if len(hash160) != HASH_BYTES:
        raise ValueError(f"The hash of an address has {HASH_BYTES} bytes, not {len(hash160)}.")
    return f"S{ALPHABET[version]}{_to_text(hash160 + _checksum(version, hash160))}"


def decode_address(address: str) -> tuple[int, bytes]:
    """Return the version and the 20-byte hash of an address; ValueError if it is malformed or fails its checksum."""
    if address[:1] != "S" or len(address) < 3 or not set(address[1:]) <= set(ALPHABET):
        raise ValueError(f"{address!r} is not a Stacks address.")
    version, payload = ALPHABET.index(address[1]), _to_bytes(address[2:])
    hash160 = payload[:-CHECKSUM_BYTES]
    if len(hash160) != HASH_BYTES or payload[HASH_BYTES:] != _checksum(version, hash160):
        raise ValueError(f"{address!r} is not a Stacks address: its checksum does not fit.")
    return version, hash160


def _checksum(version: int, hash160: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(bytes([version]) + hash160).digest()).digest()[:CHECKSUM_BYTES]


def _to_text(data: bytes) -> str:
    """One `0` for each leading zero byte, as in base 58, then the number without leading zeros."""
    # Whole groups of 5 bytes, 8 characters each, so that the last bit is the last character's.
    padded = data.rjust(-(-len(data) // 5) * 5, b"\0")
    digits = base64.b32encode(padded).translate(TO_C32).decode("ascii").lstrip("0")
    return "0" * (len(data) - len(data.lstrip(b"\0"))) + digits


def _to_bytes(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip("0"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
