"""From a commit to a container that runs, and back: the scripts run for real, against a recording docker and aws."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.ops.deploy.conftest import REPOSITORY, Site

AT_ONCE = {"DATAVERSE_HEALTH_LIMIT": "0"}


def test_the_container_is_of_the_very_image_that_was_pushed(first: tuple[Site, str]) -> None:
    site, commit = first
    container = site.docker["containers"]["dataverse"]
    assert container["image"].startswith(f"{REPOSITORY}@sha256:")
    assert site.docker["registry"][container["image"]] == f"{REPOSITORY}:{commit}"
    assert site.running() == [commit]


def test_one_bundle_is_written_uploaded_and_installed(first: tuple[Site, str]) -> None:
    site, commit = first
    name = f"dataverse-{commit}.zip"
    assert [path.name for path in (site.repository / "build").glob("*.zip")] == [name]
    assert [path.name for path in (site.home / "bucket").iterdir()] == [name]
    created = next(call for call in site.aws_calls() if "create-deployment" in call)
    assert f"bucket=bundles,bundleType=zip,key={name}" in created


def test_the_container_is_limited_and_stops_in_order(first: tuple[Site, str]) -> None:
    options = first[0].docker["containers"]["dataverse"]["options"]
    assert options["--stop-timeout"] == ["30"]
    assert options["--restart"] == ["unless-stopped"]
    assert options["--memory"] == ["6g"]
    assert options["--cap-drop"] == ["ALL"]
    assert options["--log-driver"] == ["journald"]
    assert options["--env-file"] == [first[0].environment["DATAVERSE_ENV_FILE"]]


def test_the_password_of_the_registry_is_on_no_command_line(first: tuple[Site, str]) -> None:
    registry, password = first[0].docker["logins"][-1]
    assert registry == REPOSITORY.split("/")[0]
    assert password
    assert password not in json.dumps(first[0].aws_calls())


def test_a_commit_that_was_pushed_is_not_pushed_again(installed: Site) -> None:
    before = installed.docker
    done = installed.run("ship/push")
    assert done.returncode == 0, done.stderr
    assert "is in the registry already" in done.stdout
    assert installed.docker == before


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param("unhealthy", "was not within 0 seconds", id="never healthy"),
        pytest.param("crashing", "it died 10 times", id="dying again and again"),
    ],
)
def test_after_a_bad_container_the_old_one_runs_again(
    installed: Site, first: tuple[Site, str], behaviour: str, words: str
) -> None:
    environment = {} if behaviour == "crashing" else AT_ONCE
    bad, deployed = installed.ship(behaviour, **environment)
    assert deployed.returncode != 0
    assert "scripts/host/validate.sh failed with exit code 1" in deployed.stderr
    for said in (words, f"a line of log of {bad}", "scheduler: "):
        assert said in installed.agent_log()
    assert installed.running() == [first[1]]
    assert installed.docker["containers"]["dataverse"]["restart"] == "unless-stopped"
    assert bad not in [container["commit"] for container in installed.docker["containers"].values()]


def test_a_container_that_cannot_even_start_gives_way_to_the_old_one(installed: Site, first: tuple[Site, str]) -> None:
    assert installed.hook("stop_container").returncode == 0
    installed.behave(first[1], "refused")
    started = installed.hook("start_container")
    assert started.returncode != 0
    assert "failed to create the container" in started.stderr
    assert installed.running() == [first[1]]


def test_a_first_container_that_fails_leaves_nothing_running(installed: Site, first: tuple[Site, str]) -> None:
    installed.behave(first[1], "unhealthy")
    installed.forget_containers()
    assert installed.hook("stop_container").returncode == 0
    assert installed.hook("start_container").returncode == 0
    validated = installed.hook("host/validate", **AT_ONCE)
    assert validated.returncode != 0
    assert "no earlier container" in validated.stderr
    assert installed.docker["containers"] == {}


def test_images_but_the_present_and_the_one_before_are_removed(installed: Site, first: tuple[Site, str]) -> None:
    second, _ = installed.ship()
    third, deployed = installed.ship()
    assert deployed.returncode == 0, deployed.stderr
    registry = installed.docker["registry"]
    names = [name for image in installed.docker["images"].values() for name in image["names"]]
    assert {registry[name] for name in names} == {f"{REPOSITORY}:{commit}" for commit in (second, third)}
    aside = installed.docker["containers"]["dataverse-previous"]
    assert (aside["commit"], aside["status"], aside["restart"]) == (second, "exited", "no")


def test_when_the_old_container_does_not_stop_it_serves_on(installed: Site, first: tuple[Site, str]) -> None:
    (installed.home / "stop_fails").touch()
    assert installed.hook("stop_container").returncode != 0
    assert installed.running() == [first[1]]
    assert installed.docker["containers"]["dataverse"]["restart"] == "unless-stopped"


def test_a_wait_that_is_ended_goes_back_too(installed: Site, first: tuple[Site, str]) -> None:
    assert installed.hook("stop_container").returncode == 0
    installed.behave(first[1], "unhealthy")
    assert installed.hook("start_container").returncode == 0
    command = [str(installed.hooks / "host" / "validate.sh")]
    waiting = subprocess.Popen(command, env=installed.environment, text=True, stderr=-1, start_new_session=True)
    _until_asked(installed)
    os.killpg(waiting.pid, signal.SIGTERM)
    _, words = waiting.communicate(timeout=60)
    assert waiting.returncode != 0
    assert "CodeDeploy ended the wait" in words
    assert installed.running() == [first[1]]


def _until_asked(site: Site) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        text = (site.home / "docker.json").read_text()
        if text and json.loads(text)["containers"]["dataverse"]["asked"] > 1:
            return
        time.sleep(0.02)
    raise AssertionError("the container's health was never asked for")


@pytest.mark.parametrize(
    ("mode", "words"),
    [pytest.param(0o644, "others can read", id="for all"), pytest.param(0o640, "others can read", id="for a group")],
)
def test_secrets_that_others_can_read_are_refused_while_the_old_container_runs(
    installed: Site, first: tuple[Site, str], mode: int, words: str
) -> None:
    Path(installed.environment["DATAVERSE_ENV_FILE"]).chmod(mode)
    checked = installed.hook("host/check_host")
    assert checked.returncode != 0
    assert words in checked.stderr
    assert installed.running() == [first[1]]


@pytest.mark.parametrize(("gigabytes", "is_enough"), [(4, False), (5, True)])
def test_a_disk_that_is_short_is_refused_while_the_old_container_runs(
    installed: Site, first: tuple[Site, str], gigabytes: int, is_enough: bool
) -> None:
    installed.leave_free(gigabytes)
    checked = installed.hook("host/check_host")
    assert (checked.returncode == 0) is is_enough, checked.stderr
    assert (f"has {gigabytes} GB free; a new image needs 5" in checked.stderr) is not is_enough
    assert installed.running() == [first[1]]


def test_a_start_with_secrets_that_others_can_read_goes_back(installed: Site, first: tuple[Site, str]) -> None:
    assert installed.hook("stop_container").returncode == 0
    Path(installed.environment["DATAVERSE_ENV_FILE"]).chmod(0o644)
    assert installed.hook("start_container").returncode != 0
    assert installed.running() == [first[1]]


def test_a_second_start_does_not_touch_what_runs(installed: Site, first: tuple[Site, str]) -> None:
    assert installed.hook("start_container").returncode != 0
    assert installed.running() == [first[1]]


def test_a_container_of_another_image_is_not_taken_for_the_new_one(installed: Site, first: tuple[Site, str]) -> None:
    carried = installed.hooks.parent / "image.env"
    another = f"{REPOSITORY}@sha256:another"
    carried.write_text(f"{carried.read_text()}DATAVERSE_IMAGE={another}\n")
    installed.add_image(another)
    validated = installed.hook("host/validate")
    assert validated.returncode != 0
    assert "start_container.sh has not run" in validated.stderr
    assert installed.running() == [first[1]]


def test_settings_of_the_host_come_from_its_file(installed: Site) -> None:
    settings = "DATAVERSE_LOG_GROUP=/dataverse/container\nDATAVERSE_PUBLISH=127.0.0.1:9000:8080\nDATAVERSE_MEMORY=3g\n"
    Path(installed.environment["DATAVERSE_HOST_SETTINGS"]).write_text(settings)
    for script in ("stop_container", "start_container"):
        assert installed.hook(script).returncode == 0
    options = installed.docker["containers"]["dataverse"]["options"]
    assert options["--log-driver"] == ["awslogs"]
    assert "awslogs-group=/dataverse/container" in options["--log-opt"]
    assert "awslogs-region=eu-west-1" in options["--log-opt"]
    assert (options["--publish"], options["--memory"]) == (["127.0.0.1:9000:8080"], ["3g"])


@pytest.mark.parametrize("script", ["build", "ship/push", "deploy"])
def test_what_no_commit_names_is_not_shipped(installed: Site, script: str) -> None:
    (installed.repository / "stray.py").touch()
    done = installed.run(script)
    assert done.returncode != 0
    assert "stray.py" in done.stderr


@pytest.mark.parametrize(
    ("script", "setting"),
    [
        ("build", "DATAVERSE_REPOSITORY"),
        ("ship/push", "AWS_REGION"),
        ("deploy", "DATAVERSE_BUNDLE_BUCKET"),
        ("ship/rollback", "DATAVERSE_BUNDLE_BUCKET"),
    ],
)
def test_a_setting_that_is_missing_is_named(installed: Site, script: str, setting: str) -> None:
    done = installed.run(script, **{setting: ""})
    assert done.returncode != 0
    assert f"{setting} is not set" in done.stderr


def test_a_bundle_that_was_not_made_is_not_deployed(installed: Site) -> None:
    installed.commit()
    done = installed.run("deploy")
    assert done.returncode != 0
    assert "push.sh" in done.stderr
