#!/usr/bin/env bash
# segwit_addr.encode and CBech32Data of python-bitcoinlib 0.12.2 write a witness program of version 1 (taproot) with the
# checksum of version 0: bech32, where BIP-350 has bech32m since 2020. Nothing fails, and what they write is no address to
# anybody else. The addresses of its wallet refuse version 1, and the right address too. Rewards of PoX go to such
# programs (version 0x06 of `pox-addr`, SIP-015): who writes their addresses with the functions that take a version gets
# ones that do not exist. Version 0 is right.
# Seen on 2026-11-29 on Python 3.11. The programs and addresses are test vectors of BIP-173 and BIP-350.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet python-bitcoinlib==0.12.2

cat >addresses.py <<'PYTHON'
from bitcoin import segwit_addr
from bitcoin.bech32 import CBech32Data
from bitcoin.core import CScript
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
assert str(CBech32Data.from_bytes(1, TAPROOT)) == written

assert segwit_addr.decode("bc", ADDRESS_OF_TAPROOT) == (None, None)
try:
    CBitcoinAddress(ADDRESS_OF_TAPROOT)
except CBitcoinAddressError as error:
    print("the right one is refused:", error)
else:
    raise AssertionError("it reads the right one")
try:
    CBitcoinAddress.from_scriptPubKey(CScript(b"\x51\x20" + TAPROOT))
except CBitcoinAddressError as error:
    print("its script is refused:", error)
else:
    raise AssertionError("it reads the script")
PYTHON
venv/bin/python addresses.py
