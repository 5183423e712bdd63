"""One stack for all that is looked at and done on the page."""

from collections.abc import Callable, Iterator

import pytest

from scripts.local import sample_chain
from stacks_dataverse.stores.warehouse import migrate
from tests.ops.browser.conftest import stack_of_two_days
from tests.ops.browser.person import Person
from tests.support.history import preload
from tests.support.local_stack import LocalStack

DAYS, ACCOUNTS = 2000, 20_000
DAY_BEFORE, DAY, PRICED_FROM = "2024-10-28", "2024-10-29", "2024-05-01"


@pytest.fixture(scope="package")
def stack(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack whose warehouse holds 2,000 days of a past, two days of the sample, prices and a look at the tip."""
    with stack_of_two_days(tmp_path_factory) as local:
        pipeline = local.pipeline()
        migrate(pipeline.warehouse_dsn)
        preload(pipeline.warehouse_dsn, DAYS, ACCOUNTS, sample_chain.FIRST_DAY)
        pipeline.run(DAY_BEFORE, DAY)
        assert pipeline.failures() == {}
        local.command("market", PRICED_FROM, DAY)
        local.command("tip")
        yield local


@pytest.fixture
def viewer(logged_in: Callable[[str], Person]) -> Person:
    """A Viewer who has logged in."""
    person = logged_in("Viewer")
    person.complaints()
    return person


@pytest.fixture
def replaced(stack: LocalStack) -> Iterator[Callable[[str, object], None]]:
    """Put another value in the place of a published one, until the end of the test."""
    public, before = stack.pipeline().public, {}

    def replace(key: str, value: object) -> None:
        before[key] = public.get(key)
        public.put_json(key, value)

    yield replace
    for key, body in before.items():
        public.put(key, body)
