// Lists, describes and fetches the datasets of a public bucket.
import { Bucket, sleep, waits } from "./bucket.js";
import { fileOf, find, keyOfDay, parseCatalogue, parseJson } from "./catalogue.js";
import { DamagedError, NotPublishedError } from "./errors.js";

export * from "./errors.js";

const CATALOGUE = "catalog.json";

export class Client {
  #bucket;
  #catalogue;

  constructor(url, { cache, offline = false, timeoutMs = 30_000, patienceMs = 60_000, fetch = globalThis.fetch } = {}) {
    if (/^[a-z]+:\/\/[^/?#]*@/i.test(url)) {
      // It would be in messages, and in the cache.
      throw new TypeError("The url holds a user or a password. The files are public: leave it out.");
    }
    const base = url.replace(/\/*(catalog\.json)?$/, "");
    const send = (...request) => fetch(...request);
    this.#bucket = new Bucket(base, { cache, offline, timeoutMs, patienceMs, fetch: send });
  }

  catalogue() {
    return this.#catalogue ?? this.refresh();
  }

  refresh() {
    const reading = this.#readCatalogue();
    this.#catalogue = reading;
    reading.catch(() => {
      this.#catalogue = undefined;
    });
    return reading;
  }

  async datasets(group) {
    const { datasets } = await this.catalogue();
    return datasets.filter((dataset) => group === undefined || dataset.group === group);
  }

  async describe(name) {
    return find(await this.catalogue(), name);
  }

  async fetch(name, { day } = {}) {
    const [key, entry] = await this.#read(name, "json", day);
    const value = parseJson(entry.body, key);
    await this.#bucket.keep(key, entry);
    return value;
  }

  async bytes(name, { day, format = "parquet" } = {}) {
    const [key, entry] = await this.#read(name, format, day);
    await this.#bucket.keep(key, entry);
    return entry.body;
  }

  async #readCatalogue() {
    const entry = await this.#bucket.read(CATALOGUE);
    const catalogue = parseCatalogue(entry.body);
    await this.#bucket.keep(CATALOGUE, entry);
    return catalogue;
  }

  async #read(name, format, day) {
    const dataset = await this.describe(name);
    const file = fileOf(dataset, format);
    return day ? this.#readDay(file, keyOfDay(dataset, file, day)) : [file.key, await this.#readLatest(name, file)];
  }

  async #readDay(file, key) {
    try {
      return [key, await this.#bucket.read(key)];
    } catch (error) {
      if (error instanceof NotPublishedError) {
        const days = `from ${file.first_day} to ${file.last_day}`;
        throw new NotPublishedError(`${error.message} Versions are kept of days ${days}.`, { cause: error });
      }
      throw error;
    }
  }

  /** Read a file whose sha256 is the catalogue's: one that differs was published since, so both are read again. */
  async #readLatest(name, { key, format, sha256 }) {
    const bucket = this.#bucket;
    const cached = await bucket.cached(key);
    if (cached && (bucket.offline || cached.sha256 === sha256)) {
      return cached;
    }
    let entry;
    for (const wait of [0, 0, ...waits(bucket.patienceMs)]) {
      await sleep(wait);
      entry = await (entry ? bucket.transfer(key) : bucket.read(key));
      if (entry.sha256 === sha256) {
        return entry;
      }
      ({ sha256 } = fileOf(find(await this.refresh(), name), format));
      if (entry.sha256 === sha256) {
        return entry;
      }
    }
    throw new DamagedError(
      `${key} has sha256 ${entry.sha256}, and ${CATALOGUE} says ${sha256}, also after ${bucket.patienceMs} ms. ` +
        "It is damaged, or being published: try again later.",
    );
  }
}
