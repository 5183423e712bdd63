"""The files of a public dataset: which there are, where each is, and what it is."""

from dataclasses import dataclass
from enum import Enum

from stacks_dataverse import files
from stacks_dataverse.dataset import LATEST, V1, PublicObject


class Role(Enum):
    """Which readers a file is for: those of this version, or those of the predecessor's files."""

    V1 = "v1"
    PREDECESSOR = "predecessor"


class Format(Enum):
    """How a file has its rows; the value is also how its key ends, before `.gz`."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True)
class PublicFile:
    """A file of a public dataset; `path` has `{version}` where every day keeps one: the day, and `latest`."""

    name: str
    role: Role
    format: Format
    path: str

    @property
    def media_type(self) -> str:
        """Its Content-Type."""
        return files.content_type(self.path)

    @property
    def content_encoding(self) -> str | None:
        """How its bytes are stored; None for as they are, so that parts of them can be read."""
        return files.headers(self.path).get("ContentEncoding")

    @property
    def is_dated(self) -> bool:
        """Whether every day keeps a version of its own."""
        return "{version}" in self.path

    def key(self, version: object = LATEST) -> str:
        """The key of a version; of an undated file the only one."""
        return self.path.format(version=version)


def v1_path(name: str, form: Format = Format.JSON, *, is_dated: bool) -> str:
    """Where a dataset is under `v1/`."""
    suffix = ".parquet" if form is Format.PARQUET else f".{form.value}.gz"
    return f"{V1}{name}/{{version}}{suffix}" if is_dated else f"{V1}{name}{suffix}"


def files_of(obj: PublicObject) -> tuple[PublicFile, ...]:
    """The files of a dataset, as they are written: under `v1/` unless it is private, and the predecessor's if any."""
    twins = tuple(
        PublicFile(obj.name, Role.V1, form, v1_path(obj.name, form, is_dated=obj.is_dated))
        for form in (Format.JSON, Format.PARQUET)
        if not obj.private
    )
    if obj.is_enveloped:
        return twins
    form = Format(obj.path.removesuffix(".gz").rpartition(".")[2])
    return (*twins, PublicFile(obj.name, Role.PREDECESSOR, form, obj.path))
