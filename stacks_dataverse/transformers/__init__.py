"""Rows in, rows out: no HTTP, no clock, no file, no database. A function is named for the table it fills."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def transformer(subject: str, name: str) -> Callable[..., Any]:
    """Return the transformer of a name, from the module of its subject."""
    return getattr(import_module(f"{__name__}.{subject}"), name)
