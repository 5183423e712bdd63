"""Days of real databases, as they were made, have no difference when they are made again."""

from collections.abc import Callable

import pytest

from stacks_dataverse.runners import raw_archive
from tests.integration.test_audit import audited
from tests.support.pipeline import Pipeline


@pytest.mark.slow
@pytest.mark.parametrize("name", ["stacks_reorg1", "stacks_pox5_bonds"])
def test_no_day_of_a_real_database_differs(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    run = whole_chain(name)
    days = sorted(raw_archive.list_landed_days(run.archive))
    assert days
    assert {day: audited(run, day).differences for day in days[-3:]} == {day: [] for day in days[-3:]}
