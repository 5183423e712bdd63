"""Scanning for secrets, refreshing the locks, and the identity of a pipeline."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.ops.deploy.conftest import ROOT, Site, make_site

BIN = Path(sys.executable).parent
LOCKS = [ROOT / "requirements.txt", *sorted((ROOT / "requirements").glob("*.txt"))]
AUTHOR = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

# In two parts, lest this file be found.
PLANTED = {
    "a key of AWS": "AKIA" + "Z3MSJV4WXIV7Q2LT",
    "a private key": "-----BEGIN RSA PRIVATE " + "KEY-----",
    "a password": "password = 'h7Kq" + "2vXw9LmZ'",
    "a webhook": "https://hooks.slack.com/" + "services/T01AB2CD3/B04EF5GH6/" + "x7Yz8Wv9U" + "t0Sr1Qp2On3Ml4K",
}


def scan(*files: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    command = [str(ROOT / "scripts" / "checks" / "scan_secrets.sh"), *map(str, files)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_project_holds_no_secret() -> None:
    if subprocess.run(["git", "-C", str(ROOT), "rev-parse"], check=False, capture_output=True).returncode:
        pytest.skip("the project is not in a git repository, which would say which files are its own")
    done = scan()
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("secret", PLANTED.values(), ids=list(PLANTED))
def test_a_planted_secret_is_found(tmp_path: Path, secret: str) -> None:
    path = tmp_path / "planted.py"
    path.write_text(f"{secret}\n")
    done = scan(path)
    assert done.returncode != 0
    assert "planted.py:1" in done.stdout


UV = """#!/bin/sh
while [ $# -gt 0 ]; do
  [ "$1" != --upgrade ] || upgraded=" upgraded"
  [ "$1" != --output-file ] || echo "newer==2$upgraded" >"$2"
  shift
done
"""


@pytest.fixture
def upkeep(tmp_path: Path) -> Site:
    """A repository with locks, a stand-in for uv, and tests that pass when there is no file `broken`."""
    site = make_site(tmp_path, {})
    (tmp_path / "bin" / "uv").write_text(UV)
    (tmp_path / "bin" / "uv").chmod(0o755)
    (site.repository / "scripts" / "run_tests.sh").write_text("#!/bin/sh\n[ ! -f broken ]\n")
    for lock in LOCKS:
        copy = site.repository / lock.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text("older==1\n")
    site.commit()
    return site


def test_refreshed_locks_are_tested_and_committed_to_a_branch(upkeep: Site) -> None:
    done = upkeep.run("checks/refresh_locks", "--branch", "refresh-locks", **AUTHOR)
    assert done.returncode == 0, done.stderr
    assert "+newer==2 upgraded" in done.stdout
    changed = upkeep.git("show", "--name-only", "--format=", "refresh-locks").split()
    assert changed == [str(lock.relative_to(ROOT)) for lock in LOCKS]
    assert upkeep.git("log", "--format=%s", "main", "-1") == "healthy"


def test_locks_that_break_the_tests_are_not_committed(upkeep: Site) -> None:
    (upkeep.repository / "broken").touch()
    done = upkeep.run("checks/refresh_locks", "--branch", "refresh-locks", **AUTHOR)
    assert done.returncode != 0
    assert upkeep.git("branch", "--format=%(refname:short)") == "main"


def test_locks_that_are_kept_are_not_upgraded(upkeep: Site) -> None:
    done = upkeep.run("checks/refresh_locks", "--keep")
    assert done.returncode == 0, done.stderr
    assert "+newer==2\n" in done.stdout


# Finds something in one lock only.
PIP_AUDIT = """#!/bin/sh
echo "audited $*"
case "$*" in *s3.txt*) exit 1 ;; esac
"""


def test_every_lock_is_audited_and_one_vulnerability_fails(upkeep: Site, tmp_path: Path) -> None:
    (tmp_path / "bin" / "pip-audit").write_text(PIP_AUDIT)
    (tmp_path / "bin" / "pip-audit").chmod(0o755)
    done = upkeep.run("checks/audit_dependencies")
    assert done.returncode == 1
    assert done.stdout.count("audited --strict") == len(LOCKS) == 5
    assert upkeep.run("checks/audit_dependencies", "requirements.txt").returncode == 0


IDENTITY = (
    'source scripts/ship/web_identity.sh; cat "$AWS_WEB_IDENTITY_TOKEN_FILE"; stat -c %a "$AWS_WEB_IDENTITY_TOKEN_FILE"'
)


def identity(**environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "AWS_ROLE_ARN": "arn:aws:iam::1:role/a", "no_proxy": "127.0.0.1"}
    command = ["bash", "-euc", IDENTITY]
    return subprocess.run(command, cwd=ROOT, env=given | environment, capture_output=True, text=True, check=False)


def test_bitbucket_vouches_for_a_pipeline() -> None:
    assert identity(BITBUCKET_STEP_OIDC_TOKEN="a.b.c").stdout == "a.b.c600\n"


def test_github_vouches_for_a_pipeline(vendor: HTTPServer) -> None:
    asked = vendor.expect_oneshot_request(
        "/token", query_string="a=1&audience=sts.amazonaws.com", headers={"Authorization": "bearer request"}
    )
    asked.respond_with_json({"value": "d.e.f"})
    url = vendor.url_for("/token?a=1")
    done = identity(ACTIONS_ID_TOKEN_REQUEST_URL=url, ACTIONS_ID_TOKEN_REQUEST_TOKEN="request")
    assert done.stdout == "d.e.f600\n", done.stderr


@pytest.mark.parametrize(
    "environment", [pytest.param({}, id="nobody"), pytest.param({"AWS_ROLE_ARN": ""}, id="for no role")]
)
def test_where_nobody_vouches_it_stops(environment: dict[str, str]) -> None:
    assert identity(**environment).returncode != 0
