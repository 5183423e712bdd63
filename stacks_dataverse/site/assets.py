"""The scripts, style sheets and icons of the site, which the Dataverse page of the web UI loads too."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

STATIC = Path(__file__).parent / "static"
SUFFIXES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILES = {str(path.relative_to(STATIC)): path for path in sorted(STATIC.rglob("*")) if path.suffix in SUFFIXES}
HASH_DIGITS = 12


def digest(body: bytes) -> str:
    """The first digits of the SHA-256 of a file: another file has another one."""
    return hashlib.sha256(body).hexdigest()[:HASH_DIGITS]


def folder(files: Mapping[str, bytes]) -> str:
    """The folder of the site's assets in the bucket: another release of any of them has another folder.

    So they may be cached indefinitely, and a page of an older release finds its own.
    """
    names = "".join(f"{name} {digest(body)}\n" for name, body in sorted(files.items()))
    return f"assets/{digest(names.encode())}"
