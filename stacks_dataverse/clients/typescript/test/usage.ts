// What the types allow and refuse; it is compiled, and not run.
import { Client, DamagedError, type Dataset, type DatasetName, type Row } from "stacks-dataverse-client";
import { diskCache } from "stacks-dataverse-client/node";

const client = new Client("https://data.example.org", { cache: diskCache("folder"), offline: true, timeoutMs: 1000 });

const { data, as_of, units } = await client.fetch("network_activity");
export const counts: [string, number][] = data.map((row) => [row.day, row.tx_count]);
export const texts: string[] = [as_of, units.fee_ustx];

// The null rule of a column is in its type.
const newest: Row<"network_activity"> = data[data.length - 1];
export const total: number = newest.total_accounts ?? 0;
// @ts-expect-error: it is null where history is missing
export const certain: number = newest.total_accounts;
// @ts-expect-error: there is no such column
newest.tx_cuont;
// @ts-expect-error: there is no such dataset
export const wrong: DatasetName = "network_activty";

// A dataset that is newer than the types.
const later = await client.fetch("dataset_of_tomorrow", { day: "2030-01-01" });
export const values: unknown[] = (later.data ?? []).map((row) => row.anything);

const all: Dataset[] = await client.datasets("mining");
export const keys: string[] = all.flatMap((dataset) => dataset.files.map((file) => file.key));
export const parquet: ArrayBuffer = await client.bytes("network_activity");
export const isDamaged = (error: unknown): boolean => error instanceof DamagedError;
