"""Removal of what the stack has made, and of nothing else."""

import shutil
from pathlib import Path

# DATAVERSE_HOME may be a folder that holds other things.
OURS = ("airflow", "logs", "postgres", "run", "s3", "s3-venv", "venv")
OUR_FILES = ("choices.json", "secrets.json")


def purge(home: Path) -> None:
    """Remove everything that the stack keeps in `home`, and `home` when nothing else is in it."""
    for name in OURS:
        shutil.rmtree(home / name, ignore_errors=True)
    for name in OUR_FILES:
        (home / name).unlink(missing_ok=True)
    if home.exists() and not any(home.iterdir()):
        home.rmdir()
