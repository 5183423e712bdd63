"""An `aws` of the few commands that the deployment's scripts give; it writes down each, and answers from `FAKE_HOME`.

`deploy wait` is where time passes: it installs the bundle as CodeDeploy's agent would.
"""

import json
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, os.environ["FAKE_PROJECT"])

from tests.ops.deploy import fake_docker

HOME = Path(os.environ["FAKE_HOME"])
BUCKET = HOME / "bucket"


def option(arguments, name):
    """The value after an option."""
    return arguments[arguments.index(name) + 1]


def describe_images(arguments, deployments):
    registry = json.loads((HOME / "docker.json").read_text())["registry"]
    tag = option(arguments, "--image-ids").removeprefix("imageTag=")
    found = [name.split("@")[1] for name, reference in registry.items() if reference.endswith(f":{tag}")]
    return found[0] if found else sys.exit("ImageNotFoundException")


def copy(arguments, deployments):
    source, target = arguments[-2:]
    shutil.copyfile(source, BUCKET / target.rsplit("/", 1)[1])


def head_object(arguments, deployments):
    return "{}" if (BUCKET / option(arguments, "--key")).exists() else sys.exit("Not Found")


def create_deployment(arguments, deployments):
    key = option(arguments, "--s3-location").rsplit("key=", 1)[1]
    deployments.append({"id": f"d-{len(deployments) + 1}", "key": key, "status": "Created", "error": None})
    return deployments[-1]["id"]


def wait(arguments, deployments):
    from tests.ops.deploy import agent

    deployment = next(item for item in deployments if item["id"] == option(arguments, "--deployment-id"))
    outcome = agent.install(BUCKET / deployment["key"], HOME / "host", deployment["id"])
    deployment |= {"status": "Failed" if outcome.error else "Succeeded", "error": outcome.error}
    with (HOME / "agent.log").open("a") as log:
        log.write(outcome.log)
    if outcome.error:
        sys.exit("Waiter DeploymentSuccessful failed")


def get_deployment(arguments, deployments):
    deployment = next(item for item in deployments if item["id"] == option(arguments, "--deployment-id"))
    return f"{deployment['status']}\t{deployment['error']}"


def list_deployments(arguments, deployments):
    return "\t".join(item["id"] for item in deployments if item["status"] == "Succeeded")


def batch_get_deployments(arguments, deployments):
    ids = arguments[arguments.index("--deployment-ids") + 1 :]
    return "\n".join(f"{item['id']}\t{item['key']}" for item in deployments if item["id"] in ids)


ANSWERS = {
    ("ecr", "get-login-password"): lambda arguments, deployments: fake_docker.digest_of("password")[:20],
    ("ecr", "describe-images"): describe_images,
    ("s3", "cp"): copy,
    ("s3api", "head-object"): head_object,
    ("deploy", "create-deployment"): create_deployment,
    ("deploy", "wait"): wait,
    ("deploy", "get-deployment"): get_deployment,
    ("deploy", "list-deployments"): list_deployments,
    ("deploy", "batch-get-deployments"): batch_get_deployments,
}


def main(arguments):
    """Answer one command."""
    with (HOME / "aws.log").open("a") as log:
        log.write(json.dumps(arguments) + "\n")
    words = arguments[2:] if arguments[0] == "--region" else arguments
    path = HOME / "deployments.json"
    deployments = json.loads(path.read_text())
    try:
        print(ANSWERS[words[0], words[1]](words[2:], deployments) or "")
    finally:
        path.write_text(json.dumps(deployments))


if __name__ == "__main__":
    main(sys.argv[1:])
