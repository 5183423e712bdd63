// Runs calls of the JavaScript client that come as JSON on standard input, and prints what each gave.
import { readFileSync } from "node:fs";
import { Client } from "stacks-dataverse-client";
import { diskCache } from "stacks-dataverse-client/node";

const { url, options, calls } = JSON.parse(readFileSync(0));
const client = new Client(url, { ...options, cache: options.cache && diskCache(options.cache) });

const CALLS = {
  datasets: async (group) => (await client.datasets(group)).map(({ name }) => name),
  describe: async (name) => (await client.describe(name)).fields.map((field) => field.name),
  fetch: async (name, day) => (await client.fetch(name, { day })).data,
  refresh: async () => (await client.refresh()).version,
};

const answers = [];
for (const [call, ...values] of calls) {
  try {
    answers.push({ value: await CALLS[call](...values) });
  } catch (error) {
    answers.push({ error: error.name, message: error.message });
  }
}
console.log(JSON.stringify(answers));
