// Reads catalog.json and the rows of a dataset: small ones from JSON, of large ones only what is needed, from Parquet.
window.dataverseCatalogue = (function () {
  "use strict";

  // Unzipped. Below this a whole file comes sooner than the footer and a few columns of another.
  const MAX_JSON_BYTES = 1_000_000;
  // hyparquet asks for so many bytes of the end first; the footers of these files are smaller.
  const FOOTER_BYTES = 32_768;

  const { root } = document.documentElement.dataset;
  const assets = new URL(".", document.currentScript.src);
  const known = new Map();

  function addressOf(key) {
    return new URL(`${root}${key}`, window.location.href).href;
  }

  async function answerOf(address, options) {
    const answer = await fetch(address, options);
    if (!answer.ok) {
      throw new Error(`${address} answers ${answer.status}`);
    }
    return answer;
  }

  function once(name, get) {
    if (!known.has(name)) {
      known.set(name, get().catch((error) => {
        known.delete(name);
        throw error;
      }));
    }
    return known.get(name);
  }

  function read() {
    return once("catalog.json", async () => (await answerOf(addressOf("catalog.json"), { cache: "no-cache" })).json());
  }

  // How the columns of each dataset are shown: made with the release, as these scripts are.
  function descriptions() {
    return once("charts.json", async () => (await answerOf(new URL("charts.json", assets))).json());
  }

  // A dataset's entry in the catalogue; undefined while it is not published.
  async function find(name) {
    return (await read()).datasets.find((dataset) => dataset.name === name);
  }

  function fileOf(dataset, format) {
    return dataset.files.find((file) => file.role === "v1" && file.format === format);
  }

  async function jsonRows(file) {
    return (await once(file.key, async () => (await answerOf(addressOf(file.key))).json())).data ?? [];
  }

  // A file that is replaced between two ranges would give rows of both: the second then fails, by its ETag.
  async function openRanges(file) {
    const url = addressOf(file.key);
    let etag = null;
    const get = async (range) => {
      const answer = await answerOf(url, { headers: { Range: range }, cache: "no-store" });
      etag ??= answer.headers.get("ETag");
      if (answer.status !== 206 || answer.headers.get("ETag") !== etag) {
        throw new Error(`${url} was replaced meanwhile; load the page again`);
      }
      return answer;
    };
    const end = await get(`bytes=${Math.max(file.bytes - FOOTER_BYTES, 0)}-`);
    const byteLength = Number(end.headers.get("Content-Range").split("/")[1]);
    const last = await end.arrayBuffer();
    const first = byteLength - last.byteLength;
    const slice = async (from, to = byteLength) =>
      from >= first ? last.slice(from - first, to - first) : (await get(`bytes=${from}-${to - 1}`)).arrayBuffer();
    return { byteLength, slice };
  }

  // As the JSON has it: days and moments in ISO 8601, and numbers.
  function plain(value, type) {
    if (value instanceof Date) {
      return type === "date" ? value.toISOString().slice(0, 10) : `${value.toISOString().slice(0, 19)}Z`;
    }
    return typeof value === "bigint" ? Number(value) : (value ?? null);
  }

  async function parquetRows(file, fields, last) {
    const [{ parquetMetadataAsync }, { parquetReadObjects }] = await Promise.all(
      ["metadata.js", "read.js"].map((name) => import(new URL(`vendor/hyparquet/${name}`, assets))),
    );
    const opened = await openRanges(file);
    const metadata = await parquetMetadataAsync(opened, { initialFetchSize: FOOTER_BYTES });
    const rowStart = last ? Math.max(Number(metadata.num_rows) - last, 0) : 0;
    const rows = await parquetReadObjects({ file: opened, metadata, columns: fields.map((field) => field.name), rowStart });
    return rows.map((row) => Object.fromEntries(fields.map((field) => [field.name, plain(row[field.name], field.type)])));
  }

  // The rows of a published dataset with these columns at least; of a large one the `last` ones, if that is given.
  async function rowsOf(dataset, columns, last) {
    const json = fileOf(dataset, "json");
    if (!json) {
      throw new Error(`${dataset.title} has no file under v1/ yet.`);
    }
    if (json.bytes <= MAX_JSON_BYTES) {
      const rows = await jsonRows(json);
      return last ? rows.slice(-last) : rows;
    }
    const fields = dataset.fields.filter((field) => columns.includes(field.name));
    return parquetRows(fileOf(dataset, "parquet"), fields, last);
  }

  return { read, find, descriptions, rowsOf, addressOf };
})();
