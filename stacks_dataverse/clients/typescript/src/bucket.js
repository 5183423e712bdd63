// Reads the keys of a public bucket over HTTP, and from the cache.
import { DataverseError, NetworkError, NotCachedError, NotPublishedError } from "./errors.js";

const FIRST_WAIT_MS = 500;
// A request that failed is tried again for so long; a machine without a network should hear of it soon.
const NETWORK_PATIENCE_MS = 4000;

const NOT_MODIFIED = 304;
// A store whose keys may not be listed says 403 of one that is not there.
const MISSING = [403, 404];
const TRY_AGAIN = [429, 500, 502, 503, 504];

/** Milliseconds to wait between tries, each twice the one before; their sum is the patience. */
export function* waits(patience) {
  for (let wait = FIRST_WAIT_MS; patience > 0; wait *= 2) {
    yield Math.min(wait, patience);
    patience -= wait;
  }
}

export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export async function sha256(body) {
  if (!globalThis.crypto?.subtle) {
    throw new DataverseError("A page that checks what it reads has to be opened over HTTPS, or on localhost.");
  }
  const digest = await crypto.subtle.digest("SHA-256", body);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A request failed, and may succeed when it is sent again.
class Failed extends NetworkError {
  get name() {
    return "NetworkError";
  }
}

/** The files under an address. An entry is `{body, etag, sha256}`, the body after Content-Encoding is undone. */
export class Bucket {
  constructor(url, { cache, offline, timeoutMs, patienceMs, fetch }) {
    Object.assign(this, { url, cache, offline, timeoutMs, patienceMs, fetch });
  }

  /** Read a key; one that is in a cache, the browser's or ours, is transferred only if it has changed. */
  async read(key) {
    const cached = await this.cached(key);
    if (this.offline) {
      if (!cached) {
        throw new NotCachedError(`${this.#url(key)} is not in the cache: read it once without \`offline\`.`);
      }
      return cached;
    }
    const headers = cached?.etag ? { "If-None-Match": cached.etag } : {};
    return (await this.#get(key, { cache: "no-cache", headers })) ?? cached;
  }

  /** Read a key from the server itself, past all caches. */
  async transfer(key) {
    return this.#get(key, { cache: "reload" });
  }

  async cached(key) {
    return this.cache?.get(this.#url(key));
  }

  /** Keep what was read of a key in the cache. */
  async keep(key, entry) {
    await this.cache?.put(this.#url(key), entry);
  }

  #url(key) {
    return `${this.url}/${key}`;
  }

  async #get(key, init) {
    const remaining = waits(Math.min(this.patienceMs, NETWORK_PATIENCE_MS));
    for (;;) {
      try {
        return await this.#getOnce(this.#url(key), init);
      } catch (error) {
        const { value, done } = remaining.next();
        if (done || !(error instanceof Failed)) {
          throw error;
        }
        await sleep(value);
      }
    }
  }

  /** The answer of the server; undefined when it is unchanged. */
  async #getOnce(url, init) {
    const { status, body, etag } = await this.#send(url, init);
    if (MISSING.includes(status)) {
      throw new NotPublishedError(`There is no ${url} (HTTP ${status}).`);
    }
    if (TRY_AGAIN.includes(status)) {
      throw new Failed(`${url}: HTTP ${status}. Try again later.`);
    }
    if (status === NOT_MODIFIED && init.headers?.["If-None-Match"]) {
      return undefined;
    }
    if (status !== 200) {
      throw new NetworkError(`${url}: HTTP ${status}. Check the address.`);
    }
    return { body, etag, sha256: await sha256(body) };
  }

  async #send(url, init) {
    try {
      const response = await this.fetch(url, { ...init, signal: AbortSignal.timeout(this.timeoutMs) });
      return { status: response.status, body: await response.arrayBuffer(), etag: response.headers.get("ETag") };
    } catch (error) {
      const reason = error.cause?.message ?? error.message;
      throw new Failed(`${url} could not be read: ${reason}. Check the address and the network.`, { cause: error });
    }
  }
}
