"""A public file that changes with a release of the code, not with the data: a schema, a description, a page."""

import hashlib
from dataclasses import dataclass

# Readers may keep one for an hour; a release changes it.
CACHE_SECONDS = 3600


@dataclass(frozen=True)
class StaticFile:
    """A file at the root of the public bucket or below; `body` is as a reader gets it, and gzipped in the bucket.

    One that describes the files of a `dataset` is written with these: what is published is never of another form.
    """

    key: str
    body: bytes
    media_type: str = "application/json"
    cache_seconds: int = CACHE_SECONDS
    dataset: str = ""

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def headers(self) -> dict[str, str]:
        """Its HTTP headers, as put_object's parameters."""
        return {
            "ContentType": self.media_type,
            "ContentEncoding": "gzip",
            "CacheControl": f"public, max-age={self.cache_seconds}",
        }
