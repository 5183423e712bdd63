"""Reads the keys of a public bucket over HTTP, and from the cache."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import requests

from stacks_dataverse_client.cache import Cache, Entry
from stacks_dataverse_client.errors import NetworkError, NotCachedError, NotPublishedError

CHUNK_BYTES = 65_536
FIRST_WAIT_SECONDS = 0.5
# A request that failed is tried again for so long; a machine without a network should hear of it soon.
NETWORK_PATIENCE_SECONDS = 4

# Caches on the way are to ask the server.
NO_CACHE = {"Cache-Control": "no-cache"}

OK, NOT_MODIFIED = 200, 304
# A store whose keys may not be listed says 403 of one that is not there.
MISSING = {403, 404}
TRY_AGAIN = {429, 500, 502, 503, 504}


def waits(patience: float) -> Iterator[float]:
    """Seconds to wait between tries, each twice the one before; their sum is the patience."""
    wait = FIRST_WAIT_SECONDS
    while patience > 0:
        yield min(wait, patience)
        patience -= wait
        wait *= 2


class _FailedError(NetworkError):
    """A request failed, and may succeed when it is sent again."""


@dataclass
class Bucket:
    """The files under an address. `timeout` is of a whole request, `patience` of all tries, both in seconds."""

    url: str
    cache: Cache
    offline: bool
    timeout: float
    patience: float
    _session: requests.Session = field(default_factory=requests.Session)

    def read(self, key: str) -> Entry:
        """Read a key; one that is in the cache is transferred only if it has changed.

        Raises:
            NotPublishedError: there is no such key.
            NetworkError: the server does not answer, or with an error.
            NotCachedError: offline, and it is not in the cache.
        """
        cached = self.cached(key)
        if self.offline:
            if not cached:
                raise NotCachedError(f"{self._url(key)} is not in the cache: read it once without `offline`.")
            return cached
        if not (cached and cached.etag):
            return self.transfer(key)
        return self._get(key, {"If-None-Match": cached.etag}) or cached

    def transfer(self, key: str) -> Entry:
        """Read a key from the server itself, whatever caches have. Raises as `read` does."""
        entry = self._get(key, {})
        if not entry:
            raise NetworkError(f"{self._url(key)}: the server says that it is unchanged (HTTP {NOT_MODIFIED}).")
        return entry

    def cached(self, key: str) -> Entry | None:
        """What the cache has of a key."""
        return self.cache.get(self._url(key))

    def keep(self, key: str, entry: Entry) -> None:
        """Keep what was read of a key in the cache."""
        self.cache.put(self._url(key), entry)

    def _url(self, key: str) -> str:
        return f"{self.url}/{key}"

    def _get(self, key: str, headers: Mapping[str, str]) -> Entry | None:
        """The answer of the server, after a few tries if need be; None when it is unchanged."""
        remaining = waits(min(self.patience, NETWORK_PATIENCE_SECONDS))
        while True:
            try:
                return self._get_once(self._url(key), headers)
            except _FailedError:
                if (wait := next(remaining, None)) is None:
                    raise
            time.sleep(wait)

    def _get_once(self, url: str, headers: Mapping[str, str]) -> Entry | None:
        try:
            status, entry = self._send(url, headers)
        except requests.RequestException as error:
            raise _FailedError(f"{url} could not be read: {error}. Check the address and the network.") from error
        if status in MISSING:
            raise NotPublishedError(f"There is no {url} (HTTP {status}).")
        if status in TRY_AGAIN:
            raise _FailedError(f"{url}: HTTP {status}. Try again later.")
        if status not in (OK, NOT_MODIFIED):
            raise NetworkError(f"{url}: HTTP {status}. Check the address.")
        return entry if status == OK else None

    def _send(self, url: str, headers: Mapping[str, str]) -> tuple[int, Entry]:
        deadline = time.monotonic() + self.timeout
        body = bytearray()
        with self._session.get(url, headers={**NO_CACHE, **headers}, timeout=self.timeout, stream=True) as response:
            for chunk in response.iter_content(CHUNK_BYTES):
                body += chunk
                if time.monotonic() > deadline:
                    raise requests.Timeout(f"no whole answer within {self.timeout} seconds")
            return response.status_code, Entry(bytes(body), response.headers.get("ETag"))
