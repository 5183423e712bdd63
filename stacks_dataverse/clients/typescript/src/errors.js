// What can go wrong; every message says what was read, and what to do.

export class DataverseError extends Error {
  get name() {
    return this.constructor.name;
  }
}

/** The server could not be reached, was too slow, or refused. */
export class NetworkError extends DataverseError {}

/** The catalogue has no dataset of that name. */
export class UnknownDatasetError extends DataverseError {}

/** There is no such file: the dataset has none of that format or day. */
export class NotPublishedError extends DataverseError {}

/** A file is not the one that the catalogue describes, or cannot be read. */
export class DamagedError extends DataverseError {}

/** Offline, and the file is not in the cache. */
export class NotCachedError extends DataverseError {}

/** The catalogue is of a version that this package does not know. */
export class UnsupportedError extends DataverseError {}
