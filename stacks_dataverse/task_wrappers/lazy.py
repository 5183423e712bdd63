"""The wrappers as DAG files name them: a module is imported when one of its tasks runs, not when its DAG is parsed.

Airflow parses every DAG file in a process of its own, again and again; what a task needs costs seconds to import.
`from stacks_dataverse.task_wrappers.lazy import daily` imports a proxy of the module `daily` in this folder.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


class LazyModule:
    """A module of wrappers; each attribute is a function that calls the wrapper of its name."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **context: Any) -> Any:
            return resolve(call)(*arguments, **context)

        call.__name__ = call.__qualname__ = name
        call.__module__ = self._module
        return call


def resolve(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the wrapper behind a function of a LazyModule."""
    return getattr(import_module(function.__module__), function.__name__)


def __getattr__(name: str) -> LazyModule:
    module = f"{__package__}.{name}"
    if name.startswith("_") or find_spec(module) is None:
        raise AttributeError(f"there is no module {module}")
    return LazyModule(module)
