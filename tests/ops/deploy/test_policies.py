"""The policies of scripts/aws allow what the code does, and nothing else."""

import ast
import json
import re

import pytest

from stacks_dataverse import catalog, paths
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public_files import files_of
from tests.ops.deploy.conftest import ROOT, Site
from tests.ops.deploy.policies import actions, allows, policy

RAW = "arn:aws:s3:::private/raw/stacks/blocks/day=2024-10-29/part-0000.parquet"
PUBLISHED = "arn:aws:s3:::public/daily_txs/latest.json.gz"
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1"
REGIONAL = "eu-west-1:123456789012"
GROUP = f"arn:aws:codedeploy:{REGIONAL}:deploymentgroup:dataverse/production"
IMAGES = f"arn:aws:ecr:{REGIONAL}:repository/dataverse"

# What a method of boto3's, or a stream of smart_open's, asks of IAM.
NEEDED = {
    "put_object": {"s3:PutObject"},
    "head_object": {"s3:GetObject"},
    "get_object": {"s3:GetObject"},
    "delete_objects": {"s3:DeleteObject"},
    "get_paginator": {"s3:ListBucket"},
    "MultipartWriter": {"s3:PutObject", "s3:AbortMultipartUpload"},
    "create_invalidation": {"cloudfront:CreateInvalidation"},
}

# What the secrets back ends of Airflow's ask.
SECRETS = {"ssm:GetParameter", "secretsmanager:GetSecretValue"}

# What a command of `aws`, and what docker's push behind it, ask.
PUSH = {"ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"}
PUSH |= {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"}
COMMANDS = {
    "ecr get-login-password": {"ecr:GetAuthorizationToken"} | PUSH,
    "ecr describe-images": {"ecr:DescribeImages"},
    "s3 cp": {"s3:PutObject"},
    "s3api head-object": {"s3:GetObject", "s3:ListBucket"},
    "deploy create-deployment": {
        "codedeploy:CreateDeployment",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:GetApplicationRevision",
        "codedeploy:RegisterApplicationRevision",
    },
    "deploy wait": {"codedeploy:GetDeployment"},
    "deploy get-deployment": {"codedeploy:GetDeployment"},
    "deploy list-deployments": {"codedeploy:ListDeployments"},
    "deploy batch-get-deployments": {"codedeploy:BatchGetDeployments"},
}


def methods() -> set[str]:
    """The methods of boto3's clients that the stores call, and the streams that they open."""
    found = set()
    for path in (ROOT / "stacks_dataverse" / "stores").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                found |= {called} & {"MultipartWriter"} | set(re.findall(r"\b_?client\.(\w+)$", called))
    return found


def test_the_tasks_may_do_what_the_code_calls_and_nothing_else() -> None:
    needed = set().union(*(NEEDED[method] for method in methods()))
    assert actions(policy("task_policy")) == needed | SECRETS


@pytest.mark.parametrize("name", [name for name in vars(paths) if name.isupper()])
def test_the_tasks_reach_every_path(name: str) -> None:
    path = getattr(paths, name)
    private = path.startswith("raw/") or path == paths.SANITY_CHECK
    for action in ("s3:GetObject", "s3:PutObject"):
        assert allows(policy("task_policy"), action, f"arn:aws:s3:::{'private' if private else 'public'}/{path}")


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::private/secrets.json"),
        ("s3:PutObject", "arn:aws:s3:::public2/index.html"),
        ("s3:DeleteObject", PUBLISHED),
        ("s3:PutObject", "arn:aws:s3:::bundles/dataverse-a.zip"),
        ("s3:GetObject", "arn:aws:s3:::private2/raw/a"),
        ("s3:PutObjectAcl", PUBLISHED),
        ("s3:PutBucketPolicy", "arn:aws:s3:::public"),
        ("s3:DeleteBucket", "arn:aws:s3:::private"),
        ("s3:DeleteObjectVersion", RAW),
        ("cloudfront:CreateInvalidation", DISTRIBUTION + "2"),
        ("cloudfront:UpdateDistribution", DISTRIBUTION),
        ("ssm:GetParameter", f"arn:aws:ssm:{REGIONAL}:parameter/other/key"),
        ("ssm:PutParameter", f"arn:aws:ssm:{REGIONAL}:parameter/dataverse/key"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGIONAL}:secret:other-a1"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/any"),
    ],
)
def test_the_tasks_may_not(action: str, resource: str) -> None:
    assert not allows(policy("task_policy"), action, resource)


@pytest.mark.parametrize("key", ["index.html", "catalog.json", "v1/blocks.parquet", "assets/0a1b2c/vendor/uplot/a.js"])
def test_the_tasks_publish_the_site_and_what_describes_the_data(key: str) -> None:
    assert allows(policy("task_policy"), "s3:PutObject", f"arn:aws:s3:::public/{key}")


@pytest.mark.parametrize("obj", [obj for obj in catalog.OBJECTS if obj.is_dated], ids=lambda obj: obj.name)
def test_the_tasks_remove_the_versions_of_a_day_and_no_other(obj: PublicObject) -> None:
    for file in files_of(obj):
        for version, is_allowed in (("2024-10-29", True), ("latest", False)):
            resource = f"arn:aws:s3:::public/{file.key(version)}"
            assert allows(policy("task_policy"), "s3:DeleteObject", resource) is is_allowed


def test_a_deletion_of_raw_files_is_allowed_to_the_tasks() -> None:
    assert allows(policy("task_policy"), "s3:DeleteObject", RAW)
    assert allows(policy("task_policy"), "cloudfront:CreateInvalidation", DISTRIBUTION)


def test_whoever_deploys_may_do_what_the_scripts_call_and_nothing_else() -> None:
    names = ("ship/deployment", "build", "ship/push", "deploy", "ship/rollback")
    text = "".join((ROOT / "scripts" / f"{name}.sh").read_text() for name in names)
    called = set(re.findall(r'(?:in_region|--region "\$AWS_REGION") (\w+ [\w-]+)', text))
    assert actions(policy("deploy_policy")) == set().union(*(COMMANDS[command] for command in called))


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("ecr:PutImage", IMAGES, True),
        ("ecr:BatchDeleteImage", IMAGES, False),
        ("ecr:PutImage", IMAGES + "2", False),
        ("s3:PutObject", "arn:aws:s3:::bundles/dataverse-a.zip", True),
        ("s3:PutObject", "arn:aws:s3:::public/dataverse-a.zip", False),
        ("s3:DeleteObject", "arn:aws:s3:::bundles/dataverse-a.zip", False),
        ("codedeploy:CreateDeployment", GROUP, True),
        ("codedeploy:CreateDeployment", f"arn:aws:codedeploy:{REGIONAL}:deploymentgroup:other/production", False),
        ("codedeploy:UpdateDeploymentGroup", GROUP, False),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/any", False),
        ("ssm:StartSession", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", False),
    ],
)
def test_whoever_deploys_may_reach_its_own_things_only(action: str, resource: str, expected: bool) -> None:
    assert allows(policy("deploy_policy"), action, resource) is expected


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("ecr:BatchGetImage", IMAGES, True),
        ("ecr:PutImage", IMAGES, False),
        ("s3:GetObject", "arn:aws:s3:::bundles/dataverse-a.zip", True),
        ("s3:PutObject", "arn:aws:s3:::bundles/dataverse-a.zip", False),
        ("s3:GetObject", RAW, False),
        ("ssm:GetParameter", f"arn:aws:ssm:{REGIONAL}:parameter/other/key", False),
        ("logs:PutLogEvents", f"arn:aws:logs:{REGIONAL}:log-group:/dataverse/container:log-stream:a", True),
        ("logs:PutLogEvents", f"arn:aws:logs:{REGIONAL}:log-group:/other:log-stream:a", False),
    ],
)
def test_the_host_may_fetch_and_log_only(action: str, resource: str, expected: bool) -> None:
    assert allows(policy("host_policy"), action, resource) is expected


@pytest.mark.parametrize("path", sorted((ROOT / "scripts" / "aws").glob("*_policy.json")), ids=lambda path: path.stem)
def test_no_policy_allows_a_whole_service(path) -> None:
    allowed = [item for item in json.loads(path.read_text())["Statement"] if item["Effect"] == "Allow"]
    assert [action for action in actions(allowed) if "*" in action] == []


def test_the_public_bucket_is_read_through_the_distribution_alone() -> None:
    statements = policy("public_bucket_policy")
    allowed = [item for item in statements if item["Effect"] == "Allow"]
    assert [item["Principal"] for item in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    assert allowed[0]["Condition"]["StringEquals"] == {"AWS:SourceArn": DISTRIBUTION}
    assert actions(allowed) == {"s3:GetObject"}


def test_commands_were_given_that_the_policy_knows(first: tuple[Site, str]) -> None:
    given = {" ".join(call[2:4]) for call in first[0].aws_calls()}
    assert given
    assert given <= set(COMMANDS)
