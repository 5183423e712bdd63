"""The page's scripts, style sheets and icons, its own and the public site's.

Each address has a hash, so that browsers may cache them indefinitely.
"""

from pathlib import Path

from stacks_dataverse.site import assets

STATIC = Path(__file__).parent / "static"
OWN = {path.name: path for path in STATIC.iterdir() if path.suffix in assets.SUFFIXES}
FILES = assets.FILES | OWN


def address(name: str) -> str:
    """The address of a file, relative to the page's root."""
    return f"static/{name}?v={_HASHES[name]}"


_HASHES = {name: assets.digest(path.read_bytes()) for name, path in FILES.items()}
