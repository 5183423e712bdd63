"""The packages of both clients are built without a network, and hold what their users need."""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.integration.clients.conftest import JAVASCRIPT, MAX_SECONDS, PYTHON, ROOT
from tests.support.public_bucket import PublicBucket, parquet, rows_of

MODULES = "src/stacks_dataverse_client/*"
BUILD = ROOT / "scripts" / "checks" / "build_clients.sh"
IMPORT = "import stacks_dataverse_client as package; print(package.__file__, package.Client)"
READ = """
import { parquetReadObjects } from "hyparquet";
import { Client } from "stacks-dataverse-client";

const client = new Client(process.argv[2]);
const rows = await parquetReadObjects({ file: await client.bytes("blocks") });
console.log(JSON.stringify(rows.map(({ day, seen_at, blocks }) => [day, seen_at, Number(blocks)])));
"""


def build(client: str, folder: Path) -> list[Path]:
    """Build the packages of a client in a folder; returns their files."""
    subprocess.run([BUILD, client, folder], check=True, capture_output=True, timeout=MAX_SECONDS)
    return sorted(folder.iterdir())


def files_of(client: Path, sources: str) -> set[str]:
    """The files of a client's package, relative to its folder; others may be there from an installation."""
    return {str(path.relative_to(client)) for path in client.glob(sources) if path.is_file()}


@pytest.fixture(scope="session")
def npm_folder(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The JavaScript client with the packages that only its tests need; skips where npm cannot install them."""
    folder = tmp_path_factory.mktemp("npm") / "client"
    shutil.copytree(JAVASCRIPT, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=3 * MAX_SECONDS)
    if done.returncode:
        pytest.skip(f"npm could not install TypeScript: {done.stderr.strip()[-200:]}")
    return folder


def test_the_python_package_can_be_used_where_it_is_installed(tmp_path: Path) -> None:
    wheel, source = build("python", tmp_path / "packages")
    assert (wheel.suffix, source.suffixes[-2:]) == (".whl", [".tar", ".gz"])
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
        assert {f"src/{name}" for name in packed.namelist() if "dist-info" not in name} == files_of(PYTHON, MODULES)
        assert any(name.endswith("licenses/LICENSE") for name in packed.namelist())
    done = subprocess.run(
        [sys.executable, "-P", "-c", IMPORT],
        env={"PYTHONPATH": str(tmp_path / "installed")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(tmp_path / "installed"))


def test_the_source_of_the_python_package_is_whole(tmp_path: Path) -> None:
    _, source = build("python", tmp_path)
    with tarfile.open(source) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert files_of(PYTHON, MODULES) | {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_the_javascript_package_is_its_source_and_nothing_else(node: str, tmp_path: Path) -> None:
    [package] = build("typescript", tmp_path)
    with tarfile.open(package) as packed:
        names = {name.removeprefix("package/") for name in packed.getnames()}
    assert names == files_of(JAVASCRIPT, "src/*") | {"package.json", "README.md", "LICENSE"}


@pytest.mark.parametrize("client", [PYTHON, JAVASCRIPT], ids=lambda path: path.name)
def test_building_leaves_no_file_behind(client: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if client is JAVASCRIPT:
        request.getfixturevalue("node")
    before = set(client.rglob("*.*"))
    build(client.name, tmp_path)
    assert set(client.rglob("*.*")) == before


def test_an_unknown_client_is_refused(tmp_path: Path) -> None:
    done = subprocess.run([BUILD, "cobol", tmp_path], check=False, capture_output=True, text=True)
    assert done.returncode
    assert done.stderr


def test_the_types_say_what_may_be_done_and_what_not(npm_folder: Path) -> None:
    """`test/usage.ts` has lines that must not compile, marked as such."""
    done = subprocess.run(["npm", "test"], cwd=npm_folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_hyparquet_reads_the_bytes(npm_folder: Path, node: str, bucket: PublicBucket) -> None:
    assert bucket.objects["v1/blocks.parquet"] == parquet(rows_of(139, 138, 140))
    (npm_folder / "read.mjs").write_text(READ)
    command = [node, "read.mjs", bucket.url]
    done = subprocess.run(command, cwd=npm_folder, capture_output=True, text=True, check=True, timeout=MAX_SECONDS)
    days = [[row["day"], row["seen_at"], row["blocks"]] for row in rows_of(139, 138, 140)]
    expected = [[f"{day}T00:00:00.000Z", at.replace("Z", ".000Z"), blocks] for day, at, blocks in days]
    assert json.loads(done.stdout) == expected
