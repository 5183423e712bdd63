// Files on disk, for Node.js; any number of processes may share a folder, with the Python client too.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const hex = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A cache in a folder. Body and ETag are one file, put in place whole: a reader never sees half of one. */
export function diskCache(folder) {
  const pathOf = (url) => join(folder, hex(url));
  return {
    async get(url) {
      try {
        const bytes = await readFile(pathOf(url));
        const end = bytes.indexOf("\n");
        const { etag, sha256 } = JSON.parse(bytes.subarray(0, end));
        const body = Uint8Array.from(bytes.subarray(end + 1)).buffer;
        return hex(new Uint8Array(body)) === sha256 ? { body, etag, sha256 } : undefined;
      } catch {
        return undefined;
      }
    },

    async put(url, { body, etag, sha256 }) {
      const [path, head] = [pathOf(url), `${JSON.stringify({ url, etag, sha256 })}\n`];
      const temporary = `${path}.${randomUUID()}`;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(temporary, Buffer.concat([Buffer.from(head), Buffer.from(body)]));
        await rename(temporary, path);
      } catch (error) {
        console.warn(`The cache in ${folder} cannot be written to: ${error.message}`);
        await rm(temporary, { force: true }).catch(() => {});
      }
    },
  };
}
