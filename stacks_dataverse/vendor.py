"""What a vendor declares: how it is reached, what is requested of it, and which rows its answers become."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from stacks_dataverse.window import MarketWindow, Span

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One series of a vendor's answers, and the table of the warehouse that it fills.

    Attributes:
        series: its folder in the raw archive, such as `STX/hours`; `span` names the folder below.
        ask: calls the vendor with its client; returns answers, the newest first.
        table: where the rows go, in the place of those of the same key.
        rows: makes them of landed answers and of what `stored` returns.
        stored: a query of the warehouse, with `values`; None for an empty table.
    """

    series: str
    span: Span | str
    ask: Callable[[Any], Iterable[Answer]]
    table: str
    rows: Callable[[Sequence[Answer], pa.Table], pa.Table]
    stored: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Vendor:
    """A vendor. Its name is its Airflow Connection, whose password is the key, and its folder of the raw archive.

    Attributes:
        title: its name in sentences.
        client: makes a client of base URL (empty for its own host), key, and the options by name.
        host: its own base URL, by the options.
        feeds: what a run of `market_daily` requests, by the feed's name: `prices`, `social`.
        retention: what is lost with its raw files.
        options: extras of the connection, each with what it may be, the default first.
    """

    name: str
    title: str
    client: Callable[..., Any]
    host: Callable[..., str]
    feeds: Mapping[str, Callable[[MarketWindow], Iterable[Request]]]
    retention: str
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of the local stack, by the field or extra of the connection that each one is."""
        names = {"password": "API_KEY", "host": "BASE_URL"} | {name: name.upper() for name in self.options}
        return {name: f"{self.name.upper()}_{suffix}" for name, suffix in names.items()}

    @property
    def raw_prefix(self) -> str:
        """Where its raw files are in the private bucket."""
        return f"raw/{self.name}/"

    def choose_options(self, extra: Mapping[str, Any]) -> dict[str, str]:
        """The options that a connection's extra names, as text; the default for what it does not name."""
        return {name: str(extra.get(name) or allowed[0]) for name, allowed in self.options.items()}
