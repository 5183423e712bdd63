"""One command goes back to the bundle before, or to that of a commit."""

from pathlib import Path

import pytest

from tests.ops.deploy.conftest import Site


@pytest.fixture(scope="module")
def after_two(first: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, list[str]]:
    """A site that installed two commits, and the commits."""
    site = first[0].copy(tmp_path_factory.mktemp("two"))
    second, _ = site.ship()
    return site, [first[1], second]


def test_it_goes_to_the_commit_before(after_two: tuple[Site, list[str]], tmp_path: Path) -> None:
    site, commits = after_two[0].copy(tmp_path), after_two[1]
    done = site.run("ship/rollback")
    assert done.returncode == 0, done.stderr
    assert site.running() == [commits[0]]


def test_it_goes_to_a_commit_that_is_named_in_short(after_two: tuple[Site, list[str]], tmp_path: Path) -> None:
    site, commits = after_two[0].copy(tmp_path), after_two[1]
    (site.repository / "not_committed.py").touch()
    done = site.run("ship/rollback", commits[0][:10])
    assert done.returncode == 0, done.stderr
    assert site.running() == [commits[0]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param((), "no other bundle", id="nothing before"),
        pytest.param(("nonsense",), "nonsense is no commit", id="no commit"),
    ],
)
def test_where_there_is_nothing_to_go_to_it_says_so(
    first: tuple[Site, str], arguments: tuple[str, ...], words: str
) -> None:
    done = first[0].run("ship/rollback", *arguments)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_commit_that_was_never_shipped_is_refused(installed: Site) -> None:
    done = installed.run("ship/rollback", installed.commit())
    assert done.returncode != 0
    assert "cannot be read" in done.stderr
