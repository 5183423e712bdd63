import type { Catalogue } from "./catalogue_types.js";
import type { Datasets } from "./dataset_types.js";

export type * from "./catalogue_types.js";
export type * from "./dataset_types.js";

export type DatasetName = keyof Datasets;
/** What the catalogue says of a dataset. */
export type Dataset = Catalogue["datasets"][number];
/** A row of a dataset. */
export type Row<Name extends DatasetName> = NonNullable<Datasets[Name]["data"]>[number];

/** A dataset that is newer than this package. */
export interface UntypedDataset {
  dataset: string;
  as_of: string | null;
  schema: string;
  method: string;
  method_url: string;
  warnings: string[];
  units: Record<string, string>;
  data: Record<string, unknown>[] | null;
}

export interface Entry {
  body: ArrayBuffer;
  etag: string | null;
  sha256: string;
}

/** Keeps files by URL; `get` gives undefined for one that it does not have. */
export interface Cache {
  get(url: string): Promise<Entry | undefined>;
  put(url: string, entry: Entry): Promise<void>;
}

export interface Options {
  /** Where files are kept; by default nowhere but in the browser's own cache. `diskCache` of "stacks-dataverse-client/node" is one. */
  cache?: Cache;
  /** Read from `cache` alone. */
  offline?: boolean;
  /** Of a request. */
  timeoutMs?: number;
  /** How long a file is read again while it is not the one that the catalogue describes, as during a publish. */
  patienceMs?: number;
  /** In the place of the global one. */
  fetch?: typeof globalThis.fetch;
}

/** The public datasets at an address. catalog.json is read once; `refresh` reads it again. */
export class Client {
  /** @param url where catalog.json is, such as https://data.example.org */
  constructor(url: string, options?: Options);

  catalogue(): Promise<Catalogue>;
  refresh(): Promise<Catalogue>;

  /** All datasets, or those of a group. */
  datasets(group?: string): Promise<Dataset[]>;

  /** Title, method, warnings, fields and files of a dataset. Rejects with UnknownDatasetError. */
  describe(name: string): Promise<Dataset>;

  /**
   * The rows of a dataset and what they are, checked against the catalogue: the newest, or those of a day. Rejects with
   * UnknownDatasetError, NotPublishedError, DamagedError, NetworkError or NotCachedError.
   */
  fetch<Name extends DatasetName>(name: Name, options?: { day?: string }): Promise<Datasets[Name]>;
  fetch(name: string, options?: { day?: string }): Promise<UntypedDataset>;

  /** The bytes of a file, checked likewise: Parquet, unless `format` is json. */
  bytes(name: string, options?: { day?: string; format?: "parquet" | "json" }): Promise<ArrayBuffer>;
}

/** Anything that this package rejects with. */
export class DataverseError extends Error {}
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
