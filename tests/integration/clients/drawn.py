"""A plotting backend of pandas that keeps what it was to draw."""

from typing import Any

DRAWN: list[dict[str, Any]] = []


def plot(data: Any, kind: str, **options: Any) -> None:
    """Keep a chart: its columns by the axes, and its title."""
    x, y = data[options["x"]], data[options["y"]]
    DRAWN.append({"kind": kind, "x": list(map(str, x)), "y": y.tolist(), "title": options["title"]})
