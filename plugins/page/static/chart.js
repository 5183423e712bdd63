// Draws series with uPlot: drag to zoom, or use the buttons; values that are not known are gaps.
(function () {
  "use strict";

  const DAY = 86400;
  const RANGES = [["30 days", 30], ["90 days", 90], ["1 year", 365], ["All", 0]];
  const HEIGHT = 340;
  const ROOM_FOR_LAST_TICK = 36;
  const DIGIT_WIDTH = 7;
  const LINEAR = 1;
  const LOGARITHMIC = 3;

  // By uPlot: seconds between ticks, how one is written, what is added when year, month, day, … begin; 1 adds.
  const ON_A_DAY = "\n{YYYY}-{MM}-{DD}";
  const TICKS = [
    [DAY * 365, "{YYYY}", null, null, null, null, null, null, 1],
    [DAY * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [60, "{HH}:{mm}", ON_A_DAY, null, ON_A_DAY, null, null, null, 1],
    [1, "{HH}:{mm}:{ss}", ON_A_DAY, null, ON_A_DAY, null, null, null, 1],
  ];

  // Without these a few days would be marked by the hour.
  const DAYS_BETWEEN_TICKS = [1, 2, 3, 7, 14, 28, 56, 91, 182, 365, 730].map((days) => days * DAY);

  // light-dark() is resolved by the browser only where a colour is used.
  function resolved(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  // Points beside which there is no other would be lines of no length.
  function lonely(plot, series) {
    const values = plot.data[series];
    const isThere = (index) => values[index] !== null && values[index] !== undefined;
    return values.flatMap((_, index) => (isThere(index) && !isThere(index - 1) && !isThere(index + 1) ? [index] : []));
  }

  function shown(value) {
    return value === null || value === undefined ? "not known" : value.toLocaleString("en", { maximumFractionDigits: 8 });
  }

  function isDaily(data) {
    return data.axis === "time" && data.x.every((at) => at % DAY === 0);
  }

  function axes(data, axis) {
    const time = { ...axis, values: TICKS, ...(isDaily(data) ? { incrs: DAYS_BETWEEN_TICKS } : {}) };
    const numbers = { ...axis, space: 90, values: (_, ticks) => ticks.map(shown) };
    const figures = {
      ...axis,
      size: (_, ticks) => 24 + DIGIT_WIDTH * Math.max(...(ticks ?? []).map((tick) => tick.length), 3),
      values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : shown(tick))),
    };
    return [data.axis === "time" ? time : numbers, figures];
  }

  function options(data, figure, logarithmic, width) {
    const line = { stroke: resolved("--line"), width: 1 };
    const axis = { stroke: resolved("--faint"), grid: line, ticks: line };
    const isTime = data.axis === "time";
    const moment = (at) => new Date(at * 1000).toISOString().slice(0, isDaily(data) ? 10 : 16).replace("T", " ");
    return {
      width,
      height: HEIGHT,
      padding: [null, ROOM_FOR_LAST_TICK, null, null],
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      scales: { x: { time: isTime }, y: { distr: logarithmic ? LOGARITHMIC : LINEAR } },
      axes: axes(data, axis),
      series: [
        { label: isTime ? "UTC" : data.label, value: (_, at) => (at === null ? "" : isTime ? moment(at) : shown(at)) },
        {
          label: figure.unit || figure.name,
          stroke: resolved("--link"),
          fill: isTime ? undefined : resolved("--calm-ground"),
          width: isTime ? 2 : 1,
          paths: isTime ? uPlot.paths.linear() : uPlot.paths.bars({ size: [0.8, 60] }),
          points: isTime ? { show: true, filter: lonely, size: 5, fill: resolved("--link") } : { show: false },
          spanGaps: false,
          value: (_plot, value, _series, index) => (index === null ? "" : shown(value)),
        },
      ],
    };
  }

  class Chart {
    constructor(place, data) {
      this.place = place;
      this.data = data;
      this.figure = 0;
      this.logarithmic = false;
      this.days = 0;
      this.tools = document.createElement("div");
      this.tools.className = "chart-tools";
      this.plotted = document.createElement("div");
      this.said = document.createElement("p");
      this.said.className = "chart-said";
      this.said.setAttribute("role", "status");
      place.replaceChildren(this.tools, this.plotted, this.said);
      this.addTools();
      this.draw();
      new ResizeObserver(() => this.resize()).observe(place);
      document.addEventListener("themechange", () => this.draw());
    }

    addTools() {
      const figures = this.data.figures;
      if (figures.length > 1) {
        const choice = document.createElement("select");
        choice.setAttribute("aria-label", "Figure");
        figures.forEach((figure, index) => choice.append(new Option(figure.name, index)));
        choice.addEventListener("change", () => {
          this.figure = Number(choice.value);
          this.logarithmic = this.logarithmic && figures[this.figure].logarithmic;
          this.draw();
        });
        this.tools.append(choice);
      }
      if (this.data.axis === "time") {
        RANGES.forEach(([label, days]) => this.addButton(label, () => this.showDays(days), () => this.days === days));
      }
      this.addButton("Zoom in", () => this.move(0.25, -0.25));
      this.addButton("Zoom out", () => this.move(-0.5, 0.5));
      this.addButton(this.data.axis === "time" ? "◀ Earlier" : "◀ Lower", () => this.shift(-0.5));
      this.addButton(this.data.axis === "time" ? "Later ▶" : "Higher ▶", () => this.shift(0.5));
      if (this.data.axis !== "time") {
        this.addButton("Reset", () => this.showDays(0));
      }
      if (figures.some((figure) => figure.logarithmic)) {
        this.addButton("Logarithmic", () => this.toggle(), () => this.logarithmic);
      }
    }

    addButton(label, act, isOn) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        act();
        this.mark();
      });
      button.isOn = isOn;
      this.tools.append(button);
    }

    mark() {
      for (const button of this.tools.querySelectorAll("button")) {
        if (button.isOn) {
          button.setAttribute("aria-pressed", String(button.isOn()));
        }
      }
    }

    toggle() {
      this.logarithmic = !this.logarithmic && this.data.figures[this.figure].logarithmic;
      this.draw();
    }

    draw() {
      const figure = this.data.figures[this.figure];
      const scale = this.plot && this.plot.scales.x.min !== null ? { ...this.plot.scales.x } : null;
      if (this.plot) {
        this.plot.destroy();
      }
      const width = Math.max(this.place.clientWidth, 240);
      const values = this.logarithmic ? figure.values.map((value) => value || null) : figure.values;
      this.plot = new uPlot(options(this.data, figure, this.logarithmic, width), [this.data.x, values], this.plotted);
      if (scale) {
        this.plot.setScale("x", { min: scale.min, max: scale.max });
      }
      this.said.textContent = [`${figure.unit}.`, ...this.absent(figure.values), "Drag over the chart to zoom."].join(" ");
      this.mark();
    }

    absent(values) {
      const missing = values.filter((value) => value === null).length;
      const zeros = this.logarithmic ? values.filter((value) => value === 0).length : 0;
      return [
        ...(missing ? [`${shown(missing)} not known, shown as gaps.`] : []),
        ...(zeros ? [`${shown(zeros)} are zero, which a logarithmic scale cannot show.`] : []),
      ];
    }

    resize() {
      const width = Math.max(this.place.clientWidth, 240);
      if (width !== this.plot.width) {
        this.plot.setSize({ width, height: HEIGHT });
      }
    }

    showDays(days) {
      const x = this.data.x;
      const last = x[x.length - 1];
      this.days = days;
      this.plot.setScale("x", { min: days ? Math.max(x[0], last - days * DAY) : x[0], max: last });
    }

    // Both ends by a share of what is shown, no further than there are figures.
    move(atStart, atEnd) {
      const { min, max } = this.plot.scales.x;
      const x = this.data.x;
      const width = max - min;
      this.days = null;
      this.plot.setScale("x", { min: Math.max(x[0], min + width * atStart), max: Math.min(x[x.length - 1], max + width * atEnd) });
    }

    shift(share) {
      const { min, max } = this.plot.scales.x;
      const x = this.data.x;
      const room = share < 0 ? (x[0] - min) / (max - min) : (x[x.length - 1] - max) / (max - min);
      const step = share < 0 ? Math.max(share, room) : Math.min(share, room);
      this.move(step, step);
    }
  }

  async function draw(place) {
    const answer = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      place.textContent = "The chart could not be loaded; the table below has the same values.";
      return;
    }
    new Chart(place, await answer.json());
  }

  document.querySelectorAll("[data-chart]").forEach((place) => draw(place));
})();
