"""What CodeDeploy's agent does on a host: unpack a bundle and run the hooks of its appspec.yml, one after another."""

import os
import signal
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import yaml

EVENTS = ("BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService")
APPLICATION, GROUP = "dataverse", "production"


@dataclass(frozen=True)
class Outcome:
    """What went wrong, or None; and all that the scripts wrote."""

    error: str | None
    log: str


def install(bundle: Path, host: Path, deployment_id: str) -> Outcome:
    """Install a bundle in a folder of the host's; returns how that ended."""
    folder = host / deployment_id / "deployment-archive"
    unpack(bundle, folder)
    hooks, log = yaml.safe_load((folder / "appspec.yml").read_text())["hooks"], ""
    for event in EVENTS:
        for script in hooks.get(event, ()):
            status, output = _run(folder / script["location"], event, deployment_id, script["timeout"])
            log += output
            if status:
                return Outcome(f"{script['location']} failed with exit code {status}", log)
    return Outcome(None, log)


def unpack(bundle: Path, folder: Path) -> None:
    """Unpack a zip file with the modes that it gives its files."""
    with zipfile.ZipFile(bundle) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, folder))
            path.chmod((entry.external_attr >> 16) & 0o777 or 0o644)


def _run(script: Path, event: str, deployment_id: str, timeout: int) -> tuple[int, str]:
    given = {"LIFECYCLE_EVENT": event, "DEPLOYMENT_ID": deployment_id}
    given |= {"APPLICATION_NAME": APPLICATION, "DEPLOYMENT_GROUP_NAME": GROUP}
    process = subprocess.Popen(
        [str(script)],
        env=os.environ | given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        output, _ = process.communicate()
        return 1, output
    return process.returncode, output
