"""Which code makes something: a checksum over a function and all that it calls of this package."""

import ast
import functools
import hashlib
import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

PACKAGE = __package__


def version_of(*parts: Any) -> str:
    """Return a checksum over functions and plain values, such as queries or columns.

    A function counts with its code, the functions and classes of this package that it names, theirs in turn, and the
    values of the constants that any of them names, with their classes. Comments, docstrings and layout do not count,
    nor does the code of other packages.
    """
    return hashlib.sha256("\n".join(_text(part) for part in parts).encode()).hexdigest()


def names_in(*parts: Any) -> set[str]:
    """Return every word in functions, with all that they call of this package, and in plain values."""
    return set(re.findall(r"\w+", "\n".join(_text(part) for part in parts)))


def _text(part: Any) -> str:
    if isinstance(part, functools.partial):
        return "\n".join([_text(part.func), _plain(part.args), _plain(part.keywords)])
    return "\n".join(_closure(inspect.unwrap(part))) if callable(part) else _plain(part)


@functools.cache
def _closure(start: Callable[..., Any]) -> tuple[str, ...]:
    """The code of a function and of all that it reaches, in an order that does not depend on the way there."""
    seen: dict[Any, str] = {}
    waiting = [start]
    while waiting:
        definition = waiting.pop()
        if definition not in seen:
            tree = _code(definition)
            constants, callables = _find_names(definition, tree)
            seen[definition] = "\n".join([_name(definition), ast.unparse(tree), *constants])
            waiting += callables
    return tuple(sorted(seen.values()))


def _code(definition: Any) -> ast.Module:
    """The code of a function or class; of a lambda all those that begin on its line."""
    line = None if inspect.isclass(definition) else definition.__code__.co_firstlineno
    return ast.Module(_definitions(inspect.getmodule(definition))[definition.__name__, line], [])


@functools.cache
def _definitions(module: ModuleType) -> dict[tuple[str, int | None], list[ast.stmt]]:
    """What a module defines, without docstrings: classes by name, functions and lambdas by name and first line.

    A module is parsed once: `inspect` finds each definition anew, and takes longer for it than all else here.
    """
    found: dict[tuple[str, int | None], list[ast.stmt]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Lambda):
            found.setdefault(("<lambda>", node.lineno), []).append(ast.Expr(node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if ast.get_docstring(node):
                node.body = node.body[1:] or [ast.Pass()]
            is_class, first = isinstance(node, ast.ClassDef), min(each.lineno for each in (*node.decorator_list, node))
            found.setdefault((node.name, None if is_class else first), []).append(node)
    return found


def _find_names(definition: Any, tree: ast.Module) -> tuple[list[str], list[Any]]:
    """The constants that code names, with their values, and the functions and classes of this package."""
    scope = vars(inspect.getmodule(definition))
    constants: dict[str, str] = {}
    callables: list[Any] = []
    for name, value in _references(tree, scope):
        # A cached function is an object that wraps it.
        function = inspect.unwrap(value) if callable(value) else type(value)
        if (inspect.isfunction(function) or inspect.isclass(function)) and _is_ours(function):
            callables.append(function)
        if isinstance(value, functools.partial) or not (isinstance(value, ModuleType) or callable(value)):
            constants[name] = f"{name} = {_plain(value)}"
    return [constants[name] for name in sorted(constants)], callables


def _references(tree: ast.Module, scope: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Global names that code reads, and attributes of modules of this package, with their values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in scope:
            yield node.id, scope[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = scope.get(node.value.id)
            if isinstance(module, ModuleType) and module.__name__.startswith(PACKAGE) and hasattr(module, node.attr):
                yield f"{node.value.id}.{node.attr}", getattr(module, node.attr)


def _is_ours(definition: Any) -> bool:
    return str(getattr(definition, "__module__", "")).startswith(PACKAGE)


def _name(definition: Any) -> str:
    return f"{definition.__module__}.{definition.__qualname__}"


def _plain(value: Any) -> str:
    """A value as text that is the same in every process: sets in order, functions within it by their code."""
    if callable(value):
        return _text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(key)}: {_plain(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(_plain, value))) + "}"
    return repr(value)
