// Fills in what only the catalogue knows: up to when the data of a dataset go, its days, its size, the newest block.
(function () {
  "use strict";

  const catalogue = window.dataverseCatalogue;
  const UNITS = ["bytes", "kB", "MB", "GB"];
  const HOUR_MILLISECONDS = 3_600_000;
  const { root, url } = document.documentElement.dataset;

  function size(bytes) {
    let [amount, unit] = [bytes, 0];
    while (amount >= 1000 && unit < UNITS.length - 1) {
      [amount, unit] = [amount / 1000, unit + 1];
    }
    return `${unit ? amount.toFixed(1) : amount} ${UNITS[unit]}`;
  }

  function moment(text) {
    return `${text.slice(0, 16).replace("T", " ")} UTC`;
  }

  // Of data that end at midnight, which have all of a day, the day.
  function endOfData(text) {
    return text.slice(11) === "00:00:00Z" ? new Date(Date.parse(text) - 1).toISOString().slice(0, 10) : moment(text);
  }

  function days(first, last) {
    return first && last ? (first === last ? first : `${first} – ${last}`) : "–";
  }

  function freshness(dataset) {
    if (dataset.status === "history") {
      return "discontinued";
    }
    return Date.now() - Date.parse(dataset.as_of) > dataset.freshness_hours * HOUR_MILLISECONDS ? "stale" : "fresh";
  }

  const FACTS = {
    as_of: (dataset) => endOfData(dataset.as_of),
    published_at: (dataset) => moment(dataset.published_at),
    coverage: (dataset) => days(dataset.first_day, dataset.last_day),
    state: freshness,
    size: (dataset) => size(dataset.files[0].bytes),
  };

  function fill(place, datasets) {
    const dataset = datasets.find(({ name }) => name === place.dataset.facts);
    for (const field of place.querySelectorAll("[data-fact]")) {
      field.textContent = dataset ? FACTS[field.dataset.fact](dataset) : field.dataset.fact === "state" ? "not published yet" : "–";
    }
    for (const field of dataset ? place.querySelectorAll('[data-fact="state"]') : []) {
      field.className = `state state-${field.textContent}`;
    }
    for (const field of place.querySelectorAll("[data-size]")) {
      const file = dataset?.files.find(({ key }) => key === field.dataset.size);
      field.textContent = file ? size(file.bytes) : "–";
    }
    for (const field of place.querySelectorAll("[data-versions]")) {
      const file = dataset?.files.find(({ dated }) => dated === field.dataset.versions);
      field.textContent = file?.first_day ? `, ${days(file.first_day, file.last_day)}` : "";
    }
  }

  function fillChain({ chain, licence, version }) {
    document.querySelectorAll("[data-chain]").forEach((place) => {
      place.textContent = chain ? `Newest block ${chain.height.toLocaleString("en")}, ${moment(chain.at)}.` : "";
    });
    document.querySelectorAll("[data-licence]").forEach((place) => {
      place.textContent = licence.name;
    });
    document.querySelectorAll("[data-version]").forEach((place) => {
      place.textContent = version;
    });
  }

  // Programs name the address at which this page was opened, not the one that it was made for.
  function fillAddresses() {
    const here = new URL(root || ".", window.location.href).href.replace(/\/$/, "");
    document.querySelectorAll("code[data-url], [data-copied] code").forEach((place) => {
      place.textContent = place.textContent.replaceAll(url, here);
    });
  }

  fillAddresses();
  catalogue.read().then((read) => {
    fillChain(read);
    document.querySelectorAll("[data-facts]").forEach((place) => fill(place, read.datasets));
  }).catch((error) => {
    const note = document.querySelector("[data-unread]");
    note.textContent = `The catalogue could not be read: ${error.message}.`;
    note.hidden = false;
  });
})();
