"""Docker's work by Debian's buildah and podman, which need neither a daemon nor a registry; both run as root here.

The base image cannot be pulled, so Debian's own Python 3.11 stands in for it under its name. It is made once, and stays
with the layers of earlier builds in a folder below the system's temporary one.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[3]
PROGRAMS = ("buildah", "podman", "runc", "debootstrap")
FOLDER = Path(tempfile.gettempdir()) / "stacks-dataverse-images"
BASE = "docker.io/library/python:3.11-slim-bookworm"
PACKAGES = "ca-certificates,netbase,tzdata,python3,python3-venv,python3-pip"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
PLACES = ["--root", str(FOLDER / "storage"), "--runroot", str(FOLDER / "run"), "--storage-driver", "overlay"]
BUILDAH = ["buildah", *PLACES]
PODMAN = ["podman", *PLACES, "--runtime", "runc", "--cgroup-manager", "cgroupfs", "--events-backend", "file"]
# What runc may not ask for in a container without privileges, such as the ones that tests run in.
LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]


def missing() -> str | None:
    """Return why no image can be built here; None when it can."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    if absent:
        return f"{', '.join(absent)} is not installed"
    return None if os.geteuid() == 0 else "the image is built and run as root"


def build(tag: str, *arguments: str) -> str:
    """Build the repository's Dockerfile; returns the build's output."""
    _ensure_base()
    command = [
        *BUILDAH, "bud", "--isolation", "chroot", "--network", "host", "--pull-never", "--layers", "--format", "docker",
        "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro", "--tag", tag, *arguments, str(REPOSITORY),
    ]  # fmt: skip
    return _run(command)


def inspect(tag: str) -> dict[str, Any]:
    """Return what is recorded of an image."""
    return json.loads(_run([*PODMAN, "image", "inspect", tag]))[0]


def history(tag: str) -> str:
    """Return the commands that an image was made by."""
    return _run([*PODMAN, "history", "--no-trunc", tag])


@dataclass(frozen=True)
class Container:
    """A container of an image, by its name."""

    name: str

    @classmethod
    def start(cls, name: str, tag: str, env_file: Path, options: Sequence[str] = (), *command: str) -> "Container":
        """Run an image in the background, on this machine's own network, with Docker's --env-file."""
        container = cls(name)
        container.remove()
        where = ["--detach", "--name", name, "--network", "host", "--no-healthcheck", *LIMITS]
        _run([*PODMAN, "run", *where, "--env-file", str(env_file), *options, tag, *command])
        return container

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        return subprocess.run([*PODMAN, "exec", self.name, *command], capture_output=True, text=True, check=False)

    def logs(self) -> str:
        """Return all that it wrote."""
        done = subprocess.run([*PODMAN, "logs", self.name], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def state(self) -> Mapping[str, Any]:
        """Return its state: Running, ExitCode, ..."""
        return json.loads(_run([*PODMAN, "inspect", self.name]))[0]["State"]

    def files(self) -> Path:
        """Return the folder of all its files, what it has written included."""
        return Path(_run([*PODMAN, "mount", self.name]).strip())

    def described(self) -> str:
        """Return all that is recorded of it but its environment, which its owner gave it."""
        found = json.loads(_run([*PODMAN, "inspect", self.name]))[0]
        found["Config"].pop("Env")
        return json.dumps(found)

    def stop(self, seconds: int) -> None:
        """SIGTERM, and SIGKILL after so many seconds."""
        _run([*PODMAN, "stop", "--time", str(seconds), self.name])

    def resume(self) -> None:
        """Start it again; nothing while it runs."""
        _run([*PODMAN, "start", self.name])

    def wait(self, seconds: float) -> int:
        """Wait for its end; returns its exit status."""
        return int(_run([*PODMAN, "wait", self.name], timeout=seconds))

    def remove(self) -> None:
        """End and forget it; nothing when there is none."""
        _run([*PODMAN, "rm", "--force", "--ignore", "--time", "0", self.name])


def _ensure_base() -> None:
    """The temporary root is renamed when it is whole, and the image is committed last."""
    if subprocess.run([*BUILDAH, "inspect", BASE], capture_output=True, check=False).returncode == 0:
        return
    root, partial = FOLDER / "rootfs", FOLDER / "rootfs.partial"
    if not root.exists():
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(partial)])
        _like_the_official_one(partial)
        partial.rename(root)
    container = _run([*BUILDAH, "from", "scratch"]).strip()
    _run([*BUILDAH, "add", container, str(root), "/"])
    _run([*BUILDAH, "commit", container, BASE])
    _run([*BUILDAH, "rm", container])


def _like_the_official_one(root: Path) -> None:
    (root / "usr/lib/python3.11/EXTERNALLY-MANAGED").unlink(missing_ok=True)
    for name, target in {"python": "python3", "python3": "python3", "pip": "pip3"}.items():
        (root / "usr/local/bin" / name).symlink_to(f"/usr/bin/{target}")


def _run(command: Sequence[str], timeout: float | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
