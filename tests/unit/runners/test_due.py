"""What the version of a figure depends on."""

from dataclasses import replace

from stacks_dataverse import catalog
from stacks_dataverse.network import MAINNET
from stacks_dataverse.runners.due import figure_version
from stacks_dataverse.state import First


def test_a_state_of_another_rule_makes_another_version_of_its_figures() -> None:
    figure = next(table for table in catalog.TABLES if table.name == "daily_stacking")
    (locks,) = figure.end_of_day_states
    first = replace(locks, state=replace(locks.state, rule=First(locks.state.rule.order)))
    assert first.daily_changes == locks.daily_changes
    other = replace(figure, end_of_day_states=(first,))
    assert figure_version(other, MAINNET) != figure_version(figure, MAINNET)
