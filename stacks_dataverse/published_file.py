"""The files of a dataset."""

from dataclasses import dataclass

from stacks_dataverse.dataset import PublicObject


@dataclass(frozen=True)
class PublicFile:
    """One file of a dataset."""

    role: str
    format: str
    path: str
    media_type: str
    content_encoding: str | None = "gzip"


def files_of(obj: PublicObject) -> list[PublicFile]:
    """The files of a dataset."""
    files = []
    v1 = (
        obj.path
        if obj.path.startswith("v1/")
        else f"v1/{obj.name}/{{version}}.json.gz"
        if obj.is_dated
        else f"v1/{obj.name}.json.gz"
    )
    files.append(PublicFile("v1", "json", v1, "application/json"))
    files.append(
        PublicFile("v1", "parquet", v1.replace(".json.gz", ".parquet"), "application/vnd.apache.parquet", None)
    )
    if not obj.path.startswith("v1/"):
        csv = obj.path.endswith(".csv.gz")
        files.append(
            PublicFile("predecessor", "csv" if csv else "json", obj.path, "text/csv" if csv else "application/json")
        )
    return files
