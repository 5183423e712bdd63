"""Lists, describes and fetches the datasets of a public bucket."""

import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload
from urllib.parse import urlsplit

from stacks_dataverse_client import tables
from stacks_dataverse_client.bucket import Bucket, waits
from stacks_dataverse_client.cache import Cache, Entry
from stacks_dataverse_client.catalogue import Catalogue, Dataset, File
from stacks_dataverse_client.errors import DamagedError, NotPublishedError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

CATALOGUE = "catalog.json"
DEFAULT_CACHE = Path("~/.cache/stacks-dataverse")


class Client:
    """The public datasets at an address. catalog.json is read once; `refresh` reads it again.

    Args:
        url: where catalog.json is, such as https://data.example.org.
        cache: a folder for files on disk, for any number of processes; None keeps nothing.
        offline: read from the cache alone.
        timeout: seconds for a request.
        patience: seconds that a file is read again while it is not the one that the catalogue describes, as during
            a publish.
    """

    def __init__(
        self,
        url: str,
        *,
        cache: Path | str | None = DEFAULT_CACHE,
        offline: bool = False,
        timeout: float = 30,
        patience: float = 60,
    ) -> None:
        if "@" in urlsplit(url).netloc:
            # It would be in messages, and in the cache.
            raise ValueError("The url holds a user or a password. The files are public: leave it out.")
        base = url.removesuffix(CATALOGUE).rstrip("/")
        folder = None if cache is None else Path(cache).expanduser()
        self._bucket = Bucket(base, Cache(folder), offline, timeout, patience)
        self._catalogue: Catalogue | None = None

    @property
    def catalogue(self) -> Catalogue:
        """What catalog.json says, as it was read."""
        return self._catalogue or self.refresh()

    def refresh(self) -> Catalogue:
        """Read catalog.json again. Raises DamagedError, NetworkError, NotCachedError, UnsupportedError."""
        entry = self._bucket.read(CATALOGUE)
        self._catalogue = Catalogue.parse(entry.body)
        self._bucket.keep(CATALOGUE, entry)
        return self._catalogue

    def datasets(self, group: str | None = None) -> list[Dataset]:
        """All datasets, or those of a group."""
        return [each for each in self.catalogue.datasets.values() if group in (None, each.group)]

    def describe(self, name: str) -> Dataset:
        """Title, method, warnings, fields and files of a dataset. Raises UnknownDatasetError."""
        return self.catalogue.find(name)

    @overload
    def fetch(self, name: str, as_: Literal["pandas"] = "pandas", day: date | str | None = None) -> "pd.DataFrame":
        """The rows as pandas has them."""

    @overload
    def fetch(self, name: str, as_: Literal["polars"], day: date | str | None = None) -> "pl.DataFrame":
        """The rows as polars has them."""

    @overload
    def fetch(self, name: str, as_: Literal["arrow"], day: date | str | None = None) -> "pa.Table":
        """The rows as Arrow has them."""

    @overload
    def fetch(self, name: str, as_: Literal["records"], day: date | str | None = None) -> list[dict[str, Any]]:
        """The rows as dictionaries; this needs no other package."""

    def fetch(self, name: str, as_: str = "pandas", day: date | str | None = None) -> Any:
        """Fetch the rows of a dataset, checked against the catalogue: the newest, or those of a day.

        Args:
            as_: pandas, polars and arrow read the Parquet file, records the JSON.
            day: of a dataset of which every day keeps a version; as a date, or in ISO 8601.
        Raises:
            UnknownDatasetError: there is no such dataset; the message names those that are alike.
            NotPublishedError: there is no version of that day.
            DamagedError: the file stayed different from what the catalogue says, or cannot be read.
            NetworkError, NotCachedError: the file cannot be had.
            ImportError: pandas, polars or pyarrow is not installed.
        """
        reader = tables.reader(as_)
        dataset = self.describe(name)
        file = dataset.file(reader.file_format)
        key = _key_of_day(dataset, file, day) if day else file.key
        entry = self._read_day(file, key) if day else self._read_latest(name, reader.file_format)
        try:
            rows = reader.read(entry.body, dataset.fields)
        except Exception as error:
            raise DamagedError(f"{key} cannot be read: {error}. Report it to the publisher.") from error
        self._bucket.keep(key, entry)
        return rows

    def _read_day(self, file: File, key: str) -> Entry:
        try:
            return self._bucket.read(key)
        except NotPublishedError as error:
            days = f"from {file.first_day} to {file.last_day}"
            raise NotPublishedError(f"{error} Versions are kept of days {days}.") from error

    def _read_latest(self, name: str, file_format: str) -> Entry:
        """Read a file whose sha256 is the catalogue's: one that differs was published since, so both are read again."""
        file = self.describe(name).file(file_format)
        cached = self._bucket.cached(file.key)
        if cached and (self._bucket.offline or cached.sha256 == file.sha256):
            return cached
        read = partial(self._bucket.read, file.key)
        for wait in (0, 0, *waits(self._bucket.patience)):
            time.sleep(wait)
            entry = read()
            if entry.sha256 == file.sha256:
                return entry
            self.refresh()
            file = self.describe(name).file(file_format)
            if entry.sha256 == file.sha256:
                return entry
            read = partial(self._bucket.transfer, file.key)
        raise DamagedError(
            f"{file.key} has sha256 {entry.sha256}, and {CATALOGUE} says {file.sha256}, also after "
            f"{self._bucket.patience} seconds. It is damaged, or being published: try again later."
        )


def _key_of_day(dataset: Dataset, file: File, day: date | str) -> str:
    if not file.dated:
        raise NotPublishedError(f"{dataset.name} has one version only, with all days: fetch it without a day.")
    return file.dated.replace("{day}", str(day))
