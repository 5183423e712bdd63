"""Read the public datasets of Stacks Dataverse."""

from stacks_dataverse_client.catalogue import Catalogue, Dataset, Field, File
from stacks_dataverse_client.client import Client
from stacks_dataverse_client.errors import (
    DamagedError,
    DataverseError,
    NetworkError,
    NotCachedError,
    NotPublishedError,
    UnknownDatasetError,
    UnsupportedError,
)

__all__ = [
    "Catalogue",
    "Client",
    "DamagedError",
    "Dataset",
    "DataverseError",
    "Field",
    "File",
    "NetworkError",
    "NotCachedError",
    "NotPublishedError",
    "UnknownDatasetError",
    "UnsupportedError",
]
