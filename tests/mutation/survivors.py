"""The mutants that survive and change nothing, with the reason: `survivors.toml`."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True)
class Equivalent:
    """Mutations of queries that change no row; in each text a star stands for any other text."""

    modules: tuple[str, ...]
    queries: tuple[str, ...]
    mutations: tuple[str, ...]
    reason: str

    def covers(self, module: str, query: str, mutation: str) -> bool:
        """Whether a mutant is one of them."""
        sides = ((self.modules, module), (self.queries, query), (self.mutations, mutation))
        return all(any(_is_like(text, pattern) for pattern in patterns) for patterns, text in sides)


def listed() -> list[Equivalent]:
    """All that are listed."""
    return [
        Equivalent(*(tuple(entry[name]) for name in ("modules", "queries", "mutations")), entry["reason"])
        for entry in tomllib.loads(FILE.read_text())["equivalent"]
    ]


def is_listed(entries: Sequence[Equivalent], module: str, query: str, mutation: str) -> bool:
    """Whether a mutant is in the list."""
    return any(entry.covers(module, query, mutation) for entry in entries)


def _is_like(text: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None
