"""Keys that are made once: as lines, or in a file that keeps what it has."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from scripts.container import settings
from scripts.local import env_file

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "make_secrets.sh"
NAMES = {*settings.KEYS, settings.ADMIN_PASSWORD}


def make(*arguments: str, path: str | None = None) -> str:
    environment = os.environ | ({"PATH": path} if path else {})
    return subprocess.run([str(SCRIPT), *arguments], check=True, capture_output=True, text=True, env=environment).stdout


def lines(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def without_openssl(folder: Path) -> str:
    """A PATH of what the script needs, but for openssl."""
    for program in ("bash", "env", "tr"):
        (folder / program).symlink_to(shutil.which(program))
    (folder / "python3").symlink_to(sys.executable)
    return str(folder)


@pytest.mark.parametrize("openssl", [True, False], ids=["openssl", "Python alone"])
def test_it_prints_keys_that_the_image_takes(tmp_path: Path, openssl: bool) -> None:
    made = lines(make(path=None if openssl else without_openssl(tmp_path)))
    assert set(made) == NAMES
    settings.require_keys(made)
    Fernet(made[settings.FERNET_KEY])
    assert all(len(value) >= 24 for value in made.values())
    assert len(set(made.values())) == len(NAMES)
    assert set(lines(make()).values()).isdisjoint(made.values())


def test_without_anything_to_make_keys_of_it_prints_none(tmp_path: Path) -> None:
    environment = os.environ | {"PATH": without_openssl(tmp_path)}
    (tmp_path / "python3").unlink()
    done = subprocess.run([str(SCRIPT)], check=False, capture_output=True, text=True, env=environment)
    assert done.returncode != 0
    assert done.stdout == ""


def test_it_fills_a_copy_of_the_example(tmp_path: Path) -> None:
    file, example = tmp_path / "env.list", ROOT / "env.list.example"
    shutil.copy(example, file)
    file.chmod(0o644)
    said = make(str(file))
    values = env_file.read(file)
    settings.require_keys(values)
    assert values[settings.ADMIN_PASSWORD]
    assert file.stat().st_mode & 0o777 == 0o600
    before, after = example.read_text().splitlines(), file.read_text().splitlines()
    changed = {old.partition("=")[0] for old, new in zip(before, after, strict=True) if old != new}
    assert changed == NAMES
    assert not any(values[name] in said for name in NAMES)


def test_a_key_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "env.list"
    file.write_text(f"# mine\n{settings.FERNET_KEY}=old\nOTHER=1")
    make(str(file))
    once = file.read_text()
    assert once.startswith(f"# mine\n{settings.FERNET_KEY}=old\nOTHER=1\n")
    assert set(env_file.read(file)) == NAMES | {"OTHER"}
    make(str(file))
    assert file.read_text() == once
    assert [path.name for path in tmp_path.iterdir()] == ["env.list"]


def test_a_new_file_is_its_owners(tmp_path: Path) -> None:
    make(str(tmp_path / "env.list"))
    assert (tmp_path / "env.list").stat().st_mode & 0o777 == 0o600
