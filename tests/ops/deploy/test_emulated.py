"""The document and the scripts against an emulated AWS account, with the real `aws` and a recording docker."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.ops.deploy.conftest import FAKES, ROOT, Site, make_site

pytestmark = pytest.mark.slow

ENVIRONMENT = Path(os.environ.get("DATAVERSE_HOME", Path(sys.prefix).parent)) / "aws-venv"
DOCUMENT = (ROOT / "docs" / "aws.md").read_text()
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"

# What the real registry would do with a push: keep its manifest, and name it by digest.
PUSH = """#!/bin/sh
aws ecr put-image --repository-name dataverse --image-tag "$2" --query image.imageId.imageDigest --output text \
  --image-manifest '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    "config": {"digest": "sha256:a", "size": 1}, "layers": [{"digest": "'"$2"'", "size": 1}]}'
"""


# The emulator refuses what a policy denies under a condition, whether it is met or not.
UNCONDITIONAL = 'aws s3api delete-bucket-policy --bucket "$BUNDLE_BUCKET"'


@dataclass(frozen=True)
class Account:
    """An emulated account, and a repository that deploys to it."""

    site: Site

    def aws(self, *arguments: str) -> str:
        """What a command of `aws` answers."""
        command = ["aws", "--region", "eu-west-1", *arguments]
        return subprocess.check_output(command, env=self.site.environment, text=True).strip()


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """An empty account."""
    if not (ENVIRONMENT / "bin" / "aws").exists():
        pytest.skip(f"{ENVIRONMENT} with aws and moto is not here; run_tests.sh --all makes it")
    programs = {"docker": FAKES["docker"], "aws": [str(ENVIRONMENT / "bin" / "aws")]}
    site = make_site(tmp_path, programs, AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", NO_PROXY="127.0.0.1")
    push = tmp_path / "push"
    push.write_text(PUSH)
    push.chmod(0o755)
    given = site.environment | {"AWS_DEFAULT_REGION": "eu-west-1", "FAKE_PUSH": str(push), "PYTHONPATH": str(ROOT)}
    given |= {"DATAVERSE_HEALTH_LIMIT": "30"}
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "tests.ops.deploy.account", str(site.home)]
    process = subprocess.Popen(command, env=given, text=True, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL)
    for line in process.stdout:
        if line.strip().isdecimal():
            break
    yield Account(replace(site, environment=given | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{line.strip()}"}))
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()


def blocks() -> list[str]:
    """The commands that the document has its reader run, in their order."""
    return re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)


def followed(account: Account) -> subprocess.CompletedProcess[str]:
    """Follow the document from an empty account to the end, in one shell, and say what the variables came to."""
    site = account.site
    shutil.copytree(ROOT / "scripts", site.repository / "scripts", dirs_exist_ok=True)
    (site.repository / ".local" / "venv" / "bin").mkdir(parents=True)
    (site.repository / ".local" / "venv" / "bin" / "python").symlink_to(sys.executable)
    site.commit()
    first = next(number for number, block in enumerate(blocks()) if "deploy.sh" in block)
    commands = [*blocks()[:first], UNCONDITIONAL, *blocks()[first:]]
    script = "\n".join(["set -euo pipefail", "cd " + str(site.repository), *commands, "env"])
    given = {name: value for name, value in site.environment.items() if not name.startswith("DATAVERSE_BUNDLE")}
    return subprocess.run(["bash", "-c", script], env=given, capture_output=True, text=True, check=False)


def test_who_follows_the_document_ends_with_a_running_container(account: Account) -> None:
    done = followed(account)
    assert done.returncode == 0, done.stderr[-3000:] + account.site.agent_log()
    names = dict(line.split("=", 1) for line in done.stdout.splitlines() if re.match(r"[A-Z_]+=", line))
    assert len(account.site.running()) == 1
    for bucket in (names["PRIVATE_BUCKET"], names["PUBLIC_BUCKET"]):
        blocked = json.loads(account.aws("s3api", "get-public-access-block", "--bucket", bucket))
        assert set(blocked["PublicAccessBlockConfiguration"].values()) == {True}
        assert "AES256" in account.aws("s3api", "get-bucket-encryption", "--bucket", bucket)
        assert "Enabled" in account.aws("s3api", "get-bucket-versioning", "--bucket", bucket)
        assert "aws:SecureTransport" in account.aws("s3api", "get-bucket-policy", "--bucket", bucket)
    policy = account.aws("s3api", "get-bucket-policy", "--bucket", names["PUBLIC_BUCKET"])
    assert names["DISTRIBUTION_ID"] in policy
    tasks = account.aws("iam", "get-role-policy", "--role-name", "dataverse-host", "--policy-name", "tasks")
    assert f"distribution/{names['DISTRIBUTION_ID']}" in tasks
    assert "$" not in tasks + policy
    opened = account.aws("ec2", "describe-security-groups", "--group-ids", names["HOST_GROUP"], names["DATABASE_GROUP"])
    assert re.findall(r'"FromPort": (\d+)', opened) == ["8080", "5432"]
    assert "0.0.0.0/0" not in re.sub(r'"IpPermissionsEgress".*?\]\s+\}\s+\]', "", opened, flags=re.DOTALL)
    instance = json.loads(account.aws("ec2", "describe-instances", "--query", "Reservations[0].Instances[0]"))
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert "KeyName" not in instance


@pytest.fixture
def ready(account: Account) -> Account:
    """An account with a registry, a bucket of bundles, and CodeDeploy."""
    role = "arn:aws:iam::123456789012:role/dataverse-codedeploy"
    account.aws("ecr", "create-repository", "--repository-name", "dataverse", "--image-tag-mutability", "IMMUTABLE")
    account.aws("s3", "mb", "s3://bundles")
    account.aws("deploy", "create-application", "--application-name", "dataverse")
    group = ("--application-name", "dataverse", "--deployment-group-name", "production")
    account.aws("deploy", "create-deployment-group", *group, "--service-role-arn", role)
    return account


def test_a_bad_commit_fails_and_a_rollback_goes_back(ready: Account) -> None:
    site = ready.site
    first, deployed = site.ship()
    assert deployed.returncode == 0, deployed.stderr
    second, deployed = site.ship()
    assert deployed.returncode == 0, deployed.stderr
    assert site.run("ship/push").returncode == 0
    _, deployed = site.ship("crashing")
    assert deployed.returncode != 0
    assert "Failed" in deployed.stderr
    assert site.running() == [second]
    rolled = site.run("ship/rollback")
    assert rolled.returncode == 0, rolled.stderr + site.agent_log()
    assert site.running() == [first]
    assert site.run("ship/rollback").returncode == 0
    assert site.running() == [second]
    image = site.docker["containers"]["dataverse"]["image"]
    known = ready.aws(
        "ecr", "describe-images", "--repository-name", "dataverse", "--query", "imageDetails[].imageDigest"
    )
    assert image.split("@")[1] in known
