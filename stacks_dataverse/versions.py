"""Which code made something: a checksum over modules of this package."""

import ast
import functools
import hashlib
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module

PACKAGE = f"{__package__}."


def code_version(*modules: str) -> str:
    """Return a checksum over modules of this package and what they import of it, comments and layout left out."""
    return _code_version(frozenset(modules))


@functools.cache
def _code_version(modules: frozenset[str]) -> str:
    found: dict[str, ast.Module] = {}
    waiting = set(modules)
    while waiting:
        name = waiting.pop()
        found[name] = ast.parse(inspect.getsource(import_module(name)))
        waiting |= set(_imported(found[name])) - found.keys()
    code = "\n".join(ast.unparse(found[name]) for name in sorted(found))
    return hashlib.sha256(code.encode()).hexdigest()


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
            yield from (name for name in names if name.startswith(PACKAGE) and name in sys.modules)
