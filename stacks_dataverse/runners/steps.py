"""Run steps of which one that fails keeps no other from being run."""

from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn, TypeVar

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.stores.warehouse import Warehouse

# At most so many failures are named in one message; the log and the load logs have them all.
MAX_NAMED = 20

Result = TypeVar("Result")


def run_all(warehouse: Warehouse, steps: Mapping[str, Callable[[], Iterable[str]]]) -> list[str]:
    """Run every step, also after one has failed; return all that they return.

    Args:
        steps: by the name of what each publishes or writes.
    Raises:
        Retryable: steps failed, one of them so that it may succeed later.
        Terminal: steps failed, all of them for good. The message names them and says why.
    """
    done, failed = attempt_all(warehouse, steps)
    if failed:
        raise_failed(failed, len(steps))
    return [each for results in done.values() for each in results]


def attempt_all(
    warehouse: Warehouse, steps: Mapping[str, Callable[[], Result]]
) -> tuple[dict[str, Result], dict[str, Exception]]:
    """Run every step; return what each returns, and why others failed, by name."""
    done: dict[str, Result] = {}
    failed: dict[str, Exception] = {}
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception as error:
            warehouse.roll_back()
            failed[name] = error
    return done, failed


def raise_failed(failed: Mapping[str, Exception], of: int) -> NoReturn:
    """Raise one error for all; Retryable if one of them is."""
    kind = Retryable if any(isinstance(error, Retryable) for error in failed.values()) else Terminal
    shown = list(failed.items())[:MAX_NAMED]
    reasons = "; ".join(f"{name}: {str(error) or type(error).__name__}" for name, error in shown)
    message = f"{len(failed)} of {of} failed; the others are published. {reasons}"
    raise kind(message) from ExceptionGroup("what failed", list(failed.values()))
