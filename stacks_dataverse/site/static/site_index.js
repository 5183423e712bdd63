// The index: a search while typing, and for each series in sight its latest value and a line of its last 60 days.
(function () {
  "use strict";

  const { drawn } = window.dataverseSource;
  const DAY = 86400;
  const LINE_DAYS = 60;
  const CHANGE_DAYS = 7;
  const SCALES = [[1e12, " T"], [1e9, " B"], [1e6, " M"]];
  const SVG = "http://www.w3.org/2000/svg";
  const form = document.querySelector("[data-search]");
  const entries = [...document.querySelectorAll(".entry")];

  function search() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) {
      entry.hidden = !words.every((word) => entry.dataset.text.includes(word));
    }
    for (const group of document.querySelectorAll("[data-group]")) {
      group.hidden = [...group.querySelectorAll(".entry")].every((entry) => entry.hidden);
    }
    const count = entries.filter((entry) => !entry.hidden).length;
    document.querySelector("[data-found]").textContent = `${count} of ${entries.length} datasets`;
    const address = new URL(window.location.href);
    if (words.length) {
      address.searchParams.set("q", form.elements.q.value);
    } else {
      address.searchParams.delete("q");
    }
    window.history.replaceState(null, "", address);
  }

  function compact(value) {
    const [size, sign] = SCALES.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
    const shown = value / size;
    return Math.abs(shown) >= 1000 ? `${Math.round(shown).toLocaleString("en")}${sign}` : `${Number(shown.toPrecision(4))}${sign}`;
  }

  function lineOf(points) {
    const values = points.map(([, value]) => value).filter((value) => value !== null);
    const low = Math.min(...values);
    const span = Math.max(...values) - low || 1;
    const [first, length] = [points[0][0], points[points.length - 1][0] - points[0][0] || 1];
    const runs = [[]];
    for (const [at, value] of points) {
      if (value === null) {
        runs.push([]);
      } else {
        runs[runs.length - 1].push(`${((100 * (at - first)) / length).toFixed(1)},${(22 - (20 * (value - low)) / span).toFixed(1)}`);
      }
    }
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("class", "spark");
    drawing.setAttribute("viewBox", "0 0 100 24");
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("aria-hidden", "true");
    runs.filter((run) => run.length > 1).forEach((run) => {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("points", run.join(" "));
      drawing.append(line);
    });
    return drawing;
  }

  async function show(entry) {
    const data = await drawn(entry.dataset.facts, "");
    // A group of several is no latest value of the dataset.
    if (data.axis !== "time" || data.figures[0].label) {
      return;
    }
    const points = data.x.map((at, index) => [at, data.values[index]]);
    const known = points.filter(([, value]) => value !== null);
    const [at, latest] = known[known.length - 1];
    const before = known.find(([earlier]) => earlier === at - CHANGE_DAYS * DAY)?.[1];
    const place = entry.querySelector("[data-latest]");
    place.textContent = data.unit === data.title || data.unit === "index" ? compact(latest) : `${compact(latest)} ${data.unit}`;
    place.title = `${data.title}: ${latest}`;
    if (before) {
      const change = document.createElement("small");
      const percent = (100 * (latest - before)) / Math.abs(before);
      change.textContent = `${percent >= 0 ? "+" : ""}${percent.toFixed(1)} %`;
      place.append(document.createElement("br"), change);
    }
    entry.querySelector("[data-line]").replaceChildren(lineOf(points.filter(([earlier]) => earlier > at - LINE_DAYS * DAY)));
  }

  // What is not in sight is not read.
  const observer = new IntersectionObserver((seen) => {
    for (const { target } of seen.filter(({ isIntersecting }) => isIntersecting)) {
      observer.unobserve(target);
      show(target).catch(() => {});
    }
  });
  entries.filter((entry) => entry.querySelector("[data-latest]")).forEach((entry) => observer.observe(entry));

  form.hidden = false;
  form.elements.q.value = new URLSearchParams(window.location.search).get("q") ?? "";
  form.addEventListener("input", search);
  form.addEventListener("submit", (event) => event.preventDefault());
  if (form.elements.q.value) {
    search();
  }
})();
