"""Writes frozen/crypto-pan.json: pseudonyms of addresses by Crypto-PAn (Xu et al. 2002), bit by bit, apart from our code.

Run: .venv/bin/python test/parity/crypto-pan-frozen.py
"""

import hmac
import ipaddress
import json
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def pseudonym(key: bytes, address: str) -> str:
    """Crypto-PAn with a key of 32 bytes, for addresses of 32 and of 128 bits."""
    cipher = Cipher(algorithms.AES(key[:16]), modes.ECB()).encryptor()
    pad = int.from_bytes(cipher.update(key[16:]), "big")
    parsed = ipaddress.ip_address(address)
    width = parsed.max_prefixlen
    original = int(parsed) << (128 - width)
    flips = 0
    for bit in range(width):
        low = (1 << (128 - bit)) - 1
        block = (original & ~low) | (pad & low)
        first = cipher.update(block.to_bytes(16, "big"))[0] >> 7
        flips = (flips << 1) | first
    return str(type(parsed)(int(parsed) ^ flips))


# The trace that comes with the authors' own program.
SAMPLE_KEY = bytes(
    [21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16]
    + [216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2]
)
assert pseudonym(SAMPLE_KEY, "128.11.68.132") == "135.242.180.132"
assert pseudonym(SAMPLE_KEY, "129.118.74.4") == "134.136.186.123"

KEY = bytes(range(32))
ADDRESSES = [
    "0.0.0.0",
    "192.0.2.1",
    "192.0.2.2",
    "192.0.3.1",
    "198.51.100.7",
    "255.255.255.255",
    "::",
    "::1",
    "2001:db8::1",
    "2001:db8::2",
    "2001:db8:1::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]
derived = hmac.digest(KEY, b"addresses", sha256)
frozen = {
    "key": KEY.hex(),
    "pseudonyms": {address: pseudonym(derived, address) for address in ADDRESSES},
}
path = Path(__file__).parent / "frozen" / "crypto-pan.json"
path.write_text(json.dumps(frozen, indent=2) + "\n")
