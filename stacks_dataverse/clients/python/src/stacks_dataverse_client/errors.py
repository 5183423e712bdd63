"""What can go wrong; every message says what was read, and what to do."""


class DataverseError(Exception):
    """Anything that this package raises."""


class NetworkError(DataverseError):
    """The server could not be reached, was too slow, or refused."""


class UnknownDatasetError(DataverseError):
    """The catalogue has no dataset of that name."""


class NotPublishedError(DataverseError):
    """There is no such file: the dataset has none of that format or day."""


class DamagedError(DataverseError):
    """A file is not the one that the catalogue describes, or cannot be read."""


class NotCachedError(DataverseError):
    """Offline, and the file is not in the cache."""


class UnsupportedError(DataverseError):
    """The catalogue is of a version that this package does not know."""
