"""The page's scripts and style sheets, with a hash in each address so that a browser may keep them for good."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FILES = {str(path.relative_to(STATIC)): path for path in STATIC.rglob("*") if path.suffix in (".js", ".css")}
HASH_DIGITS = 12


def address(name: str) -> str:
    """Where a page finds a file, below its own root."""
    return f"static/{name}?v={_HASHES[name]}"


_HASHES = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_DIGITS] for name, path in FILES.items()}
