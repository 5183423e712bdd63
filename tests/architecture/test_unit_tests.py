"""tests/unit mirrors the package, `scripts/` and `plugins/`: a unit test stands where its module does."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "tests" / "unit"


def has_a_module(test: Path) -> bool:
    """Whether a test is called after a module or package, perhaps with a word about which part of it."""
    folder, words = test.parent, test.stem.removeprefix("test_").split("_")
    names = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    places = [top / folder / name for top in (ROOT / "stacks_dataverse", ROOT) for name in names]
    return any(place.with_suffix(".py").is_file() or (place / "__init__.py").is_file() for place in places)


@pytest.mark.parametrize("test", sorted(path.relative_to(UNIT) for path in UNIT.rglob("test_*.py")), ids=str)
def test_a_unit_test_stands_where_its_module_does(test: Path) -> None:
    assert has_a_module(test)


@pytest.mark.parametrize("test", ["test_cdn.py", "stores/test_c32.py", "scripts/test_cli.py", "test_no_such.py"])
def test_a_test_out_of_place_is_seen(test: str) -> None:
    assert not has_a_module(Path(test))
