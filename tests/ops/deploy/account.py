"""An AWS account of a test's own: moto's server, and an agent that installs what CodeDeploy is told to.

Run by the Python that has moto: `python -m tests.ops.deploy.account FOLDER`. It says its port, and ends with its input.
"""

import os
import sys
import threading
from pathlib import Path
from typing import Any

import boto3
from moto.codedeploy.models import codedeploy_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer

from tests.ops.deploy import agent

REGION = "eu-west-1"


def install_all(folder: Path, ended: threading.Event) -> None:
    """Install each deployment once it is created, until told to end."""
    s3 = boto3.client("s3", region_name=REGION)
    done = 0
    while not ended.wait(0.2):
        deployments = list(codedeploy_backends[DEFAULT_ACCOUNT_ID][REGION].deployments.values())
        for deployment in deployments[done:]:
            _install(folder, s3, deployment, f"d-{done}")
            done += 1


def _install(folder: Path, s3: Any, deployment: Any, name: str) -> None:
    where = deployment.revision["s3Location"]
    bundle = folder / f"{name}.zip"
    bundle.write_bytes(s3.get_object(Bucket=where["bucket"], Key=where["key"])["Body"].read())
    outcome = agent.install(bundle, folder / "host", name)
    with (folder / "agent.log").open("a") as log:
        log.write(outcome.log)
    deployment.status = "Failed" if outcome.error else "Succeeded"


def main(folder: Path) -> None:
    """Serve until the input ends."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    os.environ["AWS_ENDPOINT_URL"] = f"http://{host}:{port}"
    ended = threading.Event()
    worker = threading.Thread(target=install_all, args=(folder, ended))
    worker.start()
    print(port, flush=True)
    sys.stdin.read()
    ended.set()
    worker.join()
    server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
