"""The version of a function changes with its code, with what it calls and names, and with nothing else."""

import functools
import importlib.util
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stacks_dataverse import api_spelling, catalog, versions
from stacks_dataverse.transformers import activity, balances, nfts

NUMBERS = itertools.count()
BASE = '''
import functools

LIMIT = 5
WORDS = {"a": 1}

def helper(x):
    return x + LIMIT

def other(x):
    return x

@functools.cache
def cached(x):
    return x * 10

class Scale:
    def __repr__(self):
        return "Scale"

    def apply(self, x):
        return x * 20

SCALE = Scale()

def made(x):
    """What it makes."""
    # Why it does so.
    return helper(x) + WORDS["a"] + SCALE.apply(cached(x))
'''


@pytest.fixture
def version(tmp_path: Path) -> Any:
    """The version of the function `made` of a module's text."""

    def of(text: str) -> str:
        name = f"stacks_dataverse.made_up_{next(NUMBERS)}"
        file = tmp_path / f"{name}.py"
        file.write_text(text)
        spec = importlib.util.spec_from_file_location("stacks_dataverse.made_up", file)
        module = importlib.util.module_from_spec(spec)
        # inspect looks the module up by its name.
        sys.modules["stacks_dataverse.made_up"] = module
        spec.loader.exec_module(module)
        try:
            return versions.version_of(module.made)
        finally:
            del sys.modules["stacks_dataverse.made_up"]

    return of


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("helper(x) + WORDS", "helper(x) - WORDS"),
        ("return x + LIMIT", "return x - LIMIT"),
        ("LIMIT = 5", "LIMIT = 6"),
        ('{"a": 1}', '{"a": 2}'),
        ("return x * 10", "return x * 11"),
        ("return x * 20", "return x * 21"),
    ],
    ids=[
        *("its code", "a function that it calls", "a constant that that one names", "a constant that it names"),
        *("a cached function that it calls", "a method of a constant that it names"),
    ],
)
def test_another_version(version: Any, old: str, new: str) -> None:
    assert BASE.count(old) == 1
    assert version(BASE.replace(old, new)) != version(BASE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Why it does so.", "# For another reason."),
        ("What it makes.", "What it makes, in other words."),
        ("    return x\n", "    return x * 2\n"),
        ("return helper(x) + WORDS", "return (helper(x)  +\n            WORDS"),
    ],
    ids=["a comment", "a docstring", "a function that it does not call", "layout"],
)
def test_the_same_version(version: Any, old: str, new: str) -> None:
    assert BASE.count(old) == 1
    text = BASE.replace(old, new)
    assert version(text + (")" if "return (" in text else "")) == version(BASE)


def test_each_transformer_has_a_version_of_its_own() -> None:
    made = {table.name: versions.version_of(table.transform) for table in catalog.TABLES if table.transform}
    assert len(set(made.values())) == len(made) > 20


def test_a_shared_constant_touches_those_that_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(*functions: Any) -> list[str]:
        versions._closure.cache_clear()
        return [versions.version_of(function) for function in functions]

    functions = (activity.daily_transactions, balances.daily_balances, nfts.nft_moves)
    before = of(*functions)
    monkeypatch.setattr(activity, "TX_TYPES", activity.TX_TYPES | {9: "new"})
    after = of(*functions)
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]
    versions._closure.cache_clear()


def test_it_is_the_same_in_every_process() -> None:
    code = (
        "from stacks_dataverse import versions; from stacks_dataverse.transformers import nfts;"
        "print(versions.version_of(nfts.nft_sales, {'b', 'a', 'c'}))"
    )
    asked = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
             for _ in range(2)}  # fmt: skip
    assert asked == {versions.version_of(nfts.nft_sales, {"a", "b", "c"})}


def test_a_partial_counts_with_its_arguments() -> None:
    words = [functools.partial(api_spelling.code_labels, column) for column in ("type_id", "status", "type_id")]
    one, other, again = map(versions.version_of, words)
    assert one == again != other
