"""The page's scripts, style sheets and icons; each address has a hash, so that browsers may cache them indefinitely."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FILES = {str(path.relative_to(STATIC)): path for path in STATIC.rglob("*") if path.suffix in (".js", ".css", ".svg")}
HASH_DIGITS = 12


def address(name: str) -> str:
    """The address of a file, relative to the page's root."""
    return f"static/{name}?v={_HASHES[name]}"


_HASHES = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_DIGITS] for name, path in FILES.items()}
