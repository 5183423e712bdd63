"""From a commit to a container that runs, and back: the scripts run for real, against a recording docker and aws."""

import pytest

from tests.deploy.conftest import REPOSITORY, Site


def test_a_commit_is_built_pushed_and_runs(site: Site) -> None:
    commit, deployed = site.ship()
    assert deployed.returncode == 0, deployed.stderr + site.agent_log()
    assert site.running() == [commit]
    assert f"is healthy after" in site.agent_log()


def test_the_container_is_of_the_very_image_that_was_pushed(site: Site) -> None:
    commit, _ = site.ship()
    container = site.docker["containers"]["dataverse"]
    assert container["image"].startswith(f"{REPOSITORY}@sha256:")
    assert site.docker["registry"][container["image"]] == f"{REPOSITORY}:{commit}"
