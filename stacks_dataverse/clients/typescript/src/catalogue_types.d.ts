// Written by `python -m scripts.docs.typescript_types` from the JSON Schemas; change it there.

/** Every dataset with its files; written after them, so that it never names what is not there. */
export interface Catalogue {
  version: string;
  generated_at: string;
  network: string;
  /** newest known block */
  chain: {
    height: number;
    at: string;
  } | null;
  licence: {
    name: string;
    url: string;
  };
  /** address of the bucket, empty if it is not known */
  url: string;
  groups: {
    name: string;
    title: string;
  }[];
  datasets: {
    name: string;
    title: string;
    group: string;
    method: string;
    warnings: string[];
    schedule: "daily" | "market" | "half_hourly";
    /** how old the data may be before they are stale */
    freshness_hours: number;
    status: "live" | "history";
    /** version that first had it */
    since: string;
    changes: {
      version: string;
      date: string;
      text: string;
    }[];
    page: string;
    /** moment up to which the data go */
    as_of: string;
    published_at: string;
    /** first day that has rows; null without days */
    first_day: string | null;
    /** last day that has rows; null without days */
    last_day: string | null;
    fields: {
      name: string;
      type: "boolean" | "date" | "datetime" | "decimal" | "integer" | "list" | "number" | "string";
      unit: string;
      meaning: string;
      /** when it is null; empty for never */
      null: string;
    }[];
    files: {
      role: "v1" | "predecessor";
      format: "json" | "parquet" | "csv";
      /** relative to catalog.json */
      key: string;
      media_type: string;
      content_encoding: string | null;
      /** key of the JSON Schema; of a CSV that of a row as a JSON object */
      schema: string | null;
      /** size without Content-Encoding */
      bytes: number;
      /** of the bytes without Content-Encoding; one that differs was published since */
      sha256: string;
      /** key of a day's version, with {day} for YYYY-MM-DD */
      dated: string | null;
      /** first day that has a version */
      first_day: string | null;
      /** last day that has a version */
      last_day: string | null;
    }[];
  }[];
}
