// What catalog.json says: the datasets, their fields and their files.
import { DamagedError, NotPublishedError, UnknownDatasetError, UnsupportedError } from "./errors.js";

// Within a major version of the catalogue fields are only added.
const MAJOR_VERSION = "1";
const MIN_LIKENESS = 0.6;
const MAX_NAMED = 3;

/** A value of JSON; what is none is damaged. */
export function parseJson(body, what) {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw new DamagedError(`${what} cannot be read: ${error.message}. Report it to the publisher.`, { cause: error });
  }
}

export function parseCatalogue(body) {
  const catalogue = parseJson(body, "catalog.json");
  if (typeof catalogue?.version !== "string" || !Array.isArray(catalogue.datasets)) {
    throw notACatalogue();
  }
  if (catalogue.version.split(".")[0] !== MAJOR_VERSION) {
    throw new UnsupportedError(
      `catalog.json is of version ${catalogue.version}, and this package reads ${MAJOR_VERSION}.x: upgrade it.`,
    );
  }
  if (!catalogue.datasets.every((dataset) => typeof dataset?.name === "string" && Array.isArray(dataset.files))) {
    throw notACatalogue();
  }
  return catalogue;
}

function notACatalogue() {
  return new DamagedError("catalog.json is not a catalogue. Check the address.");
}

/** The dataset of a name; the error names those that are alike. */
export function find(catalogue, name) {
  const found = catalogue.datasets.find((dataset) => dataset.name === name);
  if (found) {
    return found;
  }
  const alike = catalogue.datasets.map((dataset) => dataset.name).filter((other) => likeness(other, name) >= MIN_LIKENESS);
  alike.sort((first, second) => likeness(second, name) - likeness(first, name));
  const advice = alike.length
    ? `Did you mean ${alike.slice(0, MAX_NAMED).join(" or ")}?`
    : "datasets() lists those that there are.";
  throw new UnknownDatasetError(`There is no dataset '${name}' in the catalogue of ${catalogue.generated_at}. ${advice}`);
}

/** The file of a format, in the shape that all datasets share. */
export function fileOf(dataset, format) {
  const file = dataset.files.find((each) => each.role === "v1" && each.format === format);
  if (!file) {
    throw new NotPublishedError(`${dataset.name} has no file of format ${format}.`);
  }
  return file;
}

/** The key of a day's version. */
export function keyOfDay(dataset, file, day) {
  if (!file.dated) {
    throw new NotPublishedError(`${dataset.name} has one version only, with all days: fetch it without a day.`);
  }
  return file.dated.replace("{day}", day);
}

// The share of pairs of letters that two names have in common.
function likeness(first, second) {
  const [some, others] = [pairs(first), pairs(second)];
  const common = [...some].filter((pair) => others.has(pair)).length;
  return (2 * common) / (some.size + others.size || 1);
}

function pairs(text) {
  return new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, place) => text.slice(place, place + 2)));
}
