"""A repository, a registry, a bucket and a host, as the deployment's scripts see them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/dataverse"
NOTHING = {"images": {}, "registry": {}, "containers": {}, "logins": []}
FAKES = {
    "docker": [sys.executable, "-I", "-S", str(ROOT / "tests" / "ops" / "deploy" / "fake_docker.py")],
    "aws": [sys.executable, str(ROOT / "tests" / "ops" / "deploy" / "fake_aws.py")],
}
FREE_GIGABYTES = 50
GIT = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Site:
    """The folder of the repository, of what stands behind `docker` and `aws`, and the environment of the scripts."""

    repository: Path
    home: Path
    environment: dict[str, str]

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of the repository's scripts."""
        command = [str(self.repository / "scripts" / f"{script}.sh"), *arguments]
        return subprocess.run(
            command, env=self.environment | environment, capture_output=True, text=True, check=False, timeout=300
        )

    def commit(self, behaviour: str = "healthy") -> str:
        """Commit a change of which the container will behave in a way that fake_docker.py knows; returns its hash."""
        marker = self.repository / "Dockerfile"
        marker.write_text(f"{marker.read_text() if marker.exists() else ''}# {behaviour}\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", behaviour)
        head = self.git("rev-parse", "HEAD")
        self.behave(head, behaviour)
        return head

    def behave(self, commit: str, behaviour: str) -> None:
        """Have containers of a commit behave in a way that fake_docker.py knows, from their next start on."""
        self._put("behaviours.json", self._get("behaviours.json") | {commit: behaviour})

    def add_image(self, reference: str) -> None:
        """Put an image on the host that nothing was made of."""
        images = self.docker["images"] | {"sha256:id-of-another": {"names": [reference]}}
        self._put("docker.json", self.docker | {"images": images})

    def leave_free(self, gigabytes: int) -> None:
        """Have the host's disk say how much of it is free."""
        (self.home / "free_kilobytes").write_text(str(gigabytes << 20))

    def forget_containers(self) -> None:
        """Make it a host on which nothing ever ran."""
        self._put("docker.json", self.docker | {"containers": {}})

    def ship(self, behaviour: str = "healthy", **environment: str) -> tuple[str, subprocess.CompletedProcess[str]]:
        """Commit, build, push and deploy; returns the commit and how deploying went."""
        commit = self.commit(behaviour)
        for script in ("build", "ship/push"):
            done = self.run(script)
            assert done.returncode == 0, done.stderr
        return commit, self.run("deploy", **environment)

    @property
    def hooks(self) -> Path:
        """The folder of scripts of the bundle that was installed last."""
        last = max((self.home / "host").iterdir(), key=lambda folder: int(folder.name.removeprefix("d-")))
        return last / "deployment-archive" / "scripts"

    def hook(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the bundle that was installed last, on the host."""
        command, given = [str(self.hooks / f"{script}.sh")], self.environment | environment
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=300)

    def copy(self, folder: Path) -> "Site":
        """The same in another folder, to go on from."""
        old = self.home.parent
        shutil.copytree(old, folder, dirs_exist_ok=True, symlinks=True)
        environment = {name: value.replace(str(old), str(folder)) for name, value in self.environment.items()}
        return Site(folder / "repository", folder / "home", environment)

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        return subprocess.check_output(["git", *GIT, *arguments], cwd=self.repository, text=True).strip()

    @property
    def docker(self) -> dict[str, Any]:
        """What docker holds: images, registry, containers by name, logins."""
        return self._get("docker.json")

    def running(self) -> list[str]:
        """The commits of the containers that run."""
        return [item["commit"] for item in self.docker["containers"].values() if item["status"] == "running"]

    def aws_calls(self) -> list[list[str]]:
        """The commands given to `aws`."""
        log = self.home / "aws.log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def agent_log(self) -> str:
        """All that the hooks wrote on the host."""
        log = self.home / "agent.log"
        return log.read_text() if log.exists() else ""

    def _get(self, name: str) -> Any:
        return json.loads((self.home / name).read_text())

    def _put(self, name: str, value: Any) -> None:
        (self.home / name).write_text(json.dumps(value))


def make_site(folder: Path, programs: dict[str, list[str]], **environment: str) -> Site:
    """Make a repository with the project's deployment files, and put programs on the path of its scripts.

    `df` is one of them always, so that nothing depends on the disk of the machine that runs the tests.
    """
    repository, home, path = folder / "repository", folder / "home", folder / "bin"
    for made in (repository, home / "bucket", path):
        made.mkdir(parents=True)
    for file in (*(ROOT / "scripts").rglob("*.sh"), ROOT / "appspec.yml", ROOT / ".gitignore"):
        copy = repository / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", repository], check=True)
    for name, command in programs.items():
        (path / name).write_text(f'#!/bin/sh\nexec {" ".join(command)} "$@"\n')
        (path / name).chmod(0o755)
    df = path / "df"
    df.write_text(
        '#!/bin/sh\necho "Available"\nexec awk \'{ print "/dev/disk", 0, 0, $1 }\' "$FAKE_HOME/free_kilobytes"\n'
    )
    df.chmod(0o755)
    env_file = folder / "env.list"
    env_file.write_text("A=1\n")
    env_file.chmod(0o600)
    given = {"PATH": f"{path}:{os.environ['PATH']}", "HOME": str(folder), "FAKE_HOME": str(home)}
    given |= {"FAKE_PROJECT": str(ROOT), "DATAVERSE_REPOSITORY": REPOSITORY, "DATAVERSE_BUNDLE_BUCKET": "bundles"}
    given |= {"AWS_REGION": "eu-west-1", "DATAVERSE_ENV_FILE": str(env_file), "DATAVERSE_POLL_SECONDS": "0.01"}
    given |= {"DATAVERSE_HOST_SETTINGS": str(folder / "host.env")}
    site = Site(repository, home, given | environment)
    for name, value in (("docker", NOTHING), ("behaviours", {}), ("deployments", [])):
        (home / f"{name}.json").write_text(json.dumps(value))
    site.leave_free(FREE_GIGABYTES)
    return site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A repository and a host with a recording `docker` and a recording `aws`."""
    return make_site(tmp_path, FAKES)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, str]:
    """A site that runs its first commit, and that commit. Only to look at, and to copy."""
    made = make_site(tmp_path_factory.mktemp("first"), FAKES)
    commit, deployed = made.ship()
    assert deployed.returncode == 0, deployed.stderr + made.agent_log()
    return made, commit


@pytest.fixture
def installed(first: tuple[Site, str], tmp_path: Path) -> Site:
    """A site of one's own that runs its first commit."""
    return first[0].copy(tmp_path)
