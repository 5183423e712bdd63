"""Write the checks into the runbook, docs/runbook.md, from the catalogue: `python -m scripts.docs.runbook`.

The text above the heading of the checks is written by hand.
"""

from pathlib import Path

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Check

PAGE = Path(__file__).parents[2] / "docs" / "runbook.md"
HEADING = "## Checks\n"

HEAD = """
Written by `python -m scripts.docs.runbook` from `checks.py` and `market.py` in `stacks_dataverse/catalog`; change them
there. A failed check of kind error blocks publishing of its day and of all later days; a failed warning does not.
The audit `made_again` blocks nothing: it is of a day that is public already.
Limits and exemptions are in the [data dictionary](data_dictionary.md#checks).

| check | kind | passes if | when it fails |
|---|---|---|---|
"""


def page() -> str:
    """The whole page, as Markdown: the part written by hand, and one row per check."""
    by_hand = PAGE.read_text(encoding="utf-8").split(HEADING)[0]
    return by_hand + HEADING + HEAD + "".join(map(_row, catalog.RUNBOOK_CHECKS))


def _row(check: Check) -> str:
    return f"| `{check.name}` | {check.kind.value} | {check.method} | {check.remedy} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
