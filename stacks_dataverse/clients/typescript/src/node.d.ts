import type { Cache } from "./index.js";

/** Files in a folder, for `cache`; any number of processes may share it, with the Python client too. */
export function diskCache(folder: string): Cache;
