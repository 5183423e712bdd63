"""The files that machines read: scripts, appspec.yml, pipelines; that they are well formed and name what exists."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ops.deploy.agent import EVENTS
from tests.ops.deploy.conftest import ROOT, Site

BIN = Path(sys.executable).parent
BITBUCKET = ROOT / "bitbucket-pipelines.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PIPELINES = [BITBUCKET, *WORKFLOWS]
APPSPEC = yaml.safe_load((ROOT / "appspec.yml").read_text())
DOCUMENTED = (ROOT / "docs" / "deployment.md").read_text()
ON_A_LAPTOP = ["build", "ship/push", "deploy", "ship/rollback", "ship/deployment", "ship/web_identity"]
ON_THE_HOST = ["host/host", "host/check_host", "pull_image", "stop_container", "start_container", "host/validate"]
DEPLOYING = ON_A_LAPTOP + ON_THE_HOST

# Bitbucket's own schema lets any key pass.
STEP_KEYS = {
    "name",
    "image",
    "size",
    "max-time",
    "script",
    "deployment",
    "oidc",
    "services",
    "clone",
    "caches",
    "artifacts",
}

# What tools of others read, and no reader has to set.
INTERNAL = {"AWS_PAGER", "AWS_WEB_IDENTITY_TOKEN_FILE"}

# `aws deploy wait` gives up after so long.
WAITED_SECONDS = 1800


def lint(*command: str | Path) -> None:
    program, *arguments = map(str, command)
    done = subprocess.run([str(BIN / program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scripts_are_sound_shell() -> None:
    lint("shellcheck", *sorted((ROOT / "scripts").rglob("*.sh")))


def test_the_pipelines_are_what_their_hosts_ask_for() -> None:
    lint("yamllint", "--strict", "--config-file", ".yamllint", "appspec.yml", *PIPELINES)
    lint("check-jsonschema", "--builtin-schema", "vendor.bitbucket-pipelines", BITBUCKET)
    lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)


def steps(node: Any) -> Iterator[dict[str, Any]]:
    """Every step of Bitbucket's pipelines, however deep."""
    if isinstance(node, dict):
        if isinstance(node.get("step"), dict):
            yield node["step"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from steps(item)


def test_every_step_of_bitbucket_is_complete_and_knows_no_other_key() -> None:
    found = list(steps(yaml.safe_load(BITBUCKET.read_text())["pipelines"]))
    assert len(found) >= 6
    assert [step["name"] for step in found if not step.get("script") or set(step) - STEP_KEYS] == []


@pytest.mark.parametrize("path", [*PIPELINES, ROOT / "docs" / "deployment.md"], ids=lambda path: path.name)
def test_every_script_that_is_named_can_be_run(path: Path) -> None:
    text = path.read_text()
    run = set(re.findall(r"\./(scripts/[\w/]+\.sh)", text))
    sourced = set(re.findall(r"source (scripts/[\w/]+\.sh)", text))
    assert run
    assert [name for name in run if not os.access(ROOT / name, os.X_OK)] == []
    assert [name for name in sourced if not (ROOT / name).exists()] == []


def test_both_hosts_run_the_same_scripts() -> None:
    named = re.compile(r"(?:\./|source )(scripts/[\w/]+\.sh.*)")
    bitbucket = set(named.findall(BITBUCKET.read_text()))
    github = {line for path in WORKFLOWS for line in named.findall(path.read_text())}
    assert bitbucket == github


def test_actions_of_others_are_pinned_by_commit() -> None:
    used = [line for path in WORKFLOWS for line in re.findall(r"uses: (\S+)", path.read_text())]
    assert used
    assert [action for action in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)] == []


@pytest.mark.parametrize(
    "path", [*PIPELINES, *(ROOT / "scripts" / f"{name}.sh" for name in DEPLOYING)], ids=lambda path: path.name
)
def test_every_setting_is_documented(path: Path) -> None:
    used = set(re.findall(r"\b(?:AWS|DATAVERSE)_[A-Z_]+", path.read_text())) - INTERNAL
    assert {name for name in used if f"`{name}`" not in DOCUMENTED} == set()


def test_every_documented_setting_is_read() -> None:
    scripts = "".join((ROOT / "scripts" / f"{name}.sh").read_text() for name in DEPLOYING)
    documented = set(re.findall(r"^\| `((?:AWS|DATAVERSE)_[A-Z_]+)`", DOCUMENTED, re.MULTILINE))
    assert {name for name in documented if name not in scripts} == set()


def hooks() -> list[dict[str, Any]]:
    return [script for scripts in APPSPEC["hooks"].values() for script in scripts]


def test_the_appspec_names_events_and_scripts_that_are_there() -> None:
    assert (APPSPEC["version"], APPSPEC["os"]) == (0.0, "linux")
    assert tuple(APPSPEC["hooks"]) == EVENTS
    assert [hook for hook in hooks() if not os.access(ROOT / hook["location"], os.X_OK)] == []


def test_the_bundle_holds_every_hook_and_nothing_that_is_secret(first: tuple[Site, str]) -> None:
    site, commit = first
    with zipfile.ZipFile(site.home / "bucket" / f"dataverse-{commit}.zip") as bundle:
        names = {name for name in bundle.namelist() if not name.endswith("/")}
    assert names == {"appspec.yml", "image.env", "scripts/host/host.sh"} | {hook["location"] for hook in hooks()}


def test_time_outs_leave_every_script_its_time() -> None:
    limits = {hook["location"]: hook["timeout"] for hook in hooks()}
    found = re.search(r"DATAVERSE_HEALTH_LIMIT:-(\d+)", (ROOT / "scripts" / "host" / "validate.sh").read_text())
    assert found
    assert int(found[1]) < limits["scripts/host/validate.sh"]
    assert sum(limits.values()) < WAITED_SECONDS
