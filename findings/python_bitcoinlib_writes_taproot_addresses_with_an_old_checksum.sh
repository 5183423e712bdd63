#!/usr/bin/env bash
# python-bitcoinlib 0.12.2 writes a witness program of version 1 (taproot) with the checksum of version 0: bech32, where
# BIP-350 has bech32m since 2020. Nothing fails, and what it writes is no address to anybody else; it refuses the right
# one. Rewards of PoX go to such programs too (version 0x06 of `pox-addr`, SIP-022): who turns what the chain says into
# an address with this library gets one that does not exist. Versions 0x04 and 0x05, of witness version 0, are right.
# Seen on 2026-11-29 on Python 3.11. The programs and addresses are test vectors of BIP-173 and BIP-350.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet python-bitcoinlib==0.12.2

cat >addresses.py <<'PYTHON'
from bitcoin import segwit_addr
from bitcoin.wallet import CBitcoinAddress, CBitcoinAddressError

KEY_HASH = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
TAPROOT = bytes.fromhex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
ADDRESS_OF_KEY_HASH = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ADDRESS_OF_TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"

assert segwit_addr.encode("bc", 0, list(KEY_HASH)) == ADDRESS_OF_KEY_HASH
written = segwit_addr.encode("bc", 1, list(TAPROOT))
print("right:  ", ADDRESS_OF_TAPROOT)
print("written:", written)
# All but the six characters of the checksum are the same.
assert written[:-6] == ADDRESS_OF_TAPROOT[:-6]
assert written[-6:] != ADDRESS_OF_TAPROOT[-6:]

assert segwit_addr.decode("bc", ADDRESS_OF_TAPROOT) == (None, None)
try:
    CBitcoinAddress(ADDRESS_OF_TAPROOT)
except CBitcoinAddressError as error:
    print("the right one is refused:", error)
else:
    raise AssertionError("it reads the right one")
PYTHON
venv/bin/python addresses.py
