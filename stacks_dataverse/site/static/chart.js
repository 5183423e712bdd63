// Draws series with uPlot: drag to zoom, or use the buttons; what is shown is in the page's address.
(function () {
  "use strict";

  const { whole, place: placeText } = window.dataverseNumbers;
  const { DAY, HEIGHT, options } = window.dataverseOptions;
  const address = window.dataverseAddress;
  const source = window.dataverseSource;
  const RANGES = [["30 days", 30], ["90 days", 90], ["1 year", 365]];
  const LEAST_WIDTH = 240;
  const TIP_MARGIN = 12;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text ?? "";
    return made;
  }

  function isKnown(value) {
    return value !== null && value !== undefined;
  }

  class Chart {
    constructor(place, data, opened) {
      Object.assign(this, { place, data, isLogarithmic: opened.isLogarithmic, isFromZero: opened.isFromZero, isIndexed: opened.isIndexed });
      this.number = Number(place.dataset.number);
      this.compared = null;
      this.range = this.clamped(opened.range(data));
      this.title = element("p", "chart-title");
      this.tools = element("div", "chart-tools");
      this.keys = element("div", "chart-keys");
      this.plotted = element("div", "chart-plot");
      this.said = element("p", "chart-said");
      this.said.setAttribute("role", "status");
      this.tip = element("div", "chart-tip");
      place.replaceChildren(this.title, this.tools, this.keys, this.plotted, this.said);
      this.addKeyboard();
      this.addTools();
      this.showHeadline();
      this.draw();
      new ResizeObserver(() => this.resize()).observe(place);
      document.addEventListener("themechange", () => this.draw());
      if (opened.compared && this.isTime) {
        this.compare(opened.compared).catch(() => this.stopComparing());
      }
    }

    get isTime() {
      return this.data.axis === "time";
    }

    get ends() {
      return [this.data.x[0], this.data.x[this.data.x.length - 1]];
    }

    get canBeLogarithmic() {
      return this.whyNotLogarithmic === "";
    }

    get whyNotLogarithmic() {
      return this.isIndexed && this.compared ? "An index is drawn on a linear scale." : this.data.no_logarithm || (this.compared ? this.compared.no_logarithm : "");
    }

    clamped(range) {
      const [first, last] = this.ends;
      return range && range[0] < last && range[1] > first ? [Math.max(range[0], first), Math.min(range[1], last)] : null;
    }

    addTools() {
      if (this.data.figures.length > 1) {
        this.addFigures();
      }
      const [first, last] = this.ends;
      if (this.isTime) {
        RANGES.filter(([, days]) => first < last - days * DAY).forEach(([label, days]) => {
          this.addButton(label, () => this.show([last - days * DAY, last]), () => this.range && this.range[0] === last - days * DAY && this.range[1] === last);
        });
      }
      this.addButton("All", () => this.show(null), () => this.range === null);
      this.addButton("Zoom in", () => this.move(0.25, -0.25));
      this.addButton("Zoom out", () => this.move(-0.5, 0.5));
      this.addButton(this.isTime ? "◀ Earlier" : "◀ Lower", () => this.shift(-0.5));
      this.addButton(this.isTime ? "Later ▶" : "Higher ▶", () => this.shift(0.5));
      if (this.isTime) {
        this.addButton("From zero", () => this.toggle("isFromZero"), () => this.isFromZero);
      }
      this.logarithmic = this.addButton("Logarithmic", () => this.toggle("isLogarithmic"), () => this.isLogarithmic);
      if (this.isTime) {
        this.comparing = this.addButton("Compare…", () => this.offerComparison());
      }
    }

    addFigures() {
      const choice = document.createElement("select");
      choice.setAttribute("aria-label", "Figure");
      this.data.figures.forEach((figure) => choice.append(new Option(figure.label ?? (figure.title === figure.name ? figure.title : `${figure.title} · ${figure.name}`), figure.name)));
      choice.value = this.data.figure;
      choice.addEventListener("change", () => this.showFigure(choice.value));
      this.tools.append(choice);
    }

    addButton(label, act, isOn) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", act);
      button.isOn = isOn;
      this.tools.append(button);
      return button;
    }

    // Arrows move the pointer from value to value, as a mouse would.
    addKeyboard() {
      this.plotted.tabIndex = 0;
      this.plotted.setAttribute("role", "group");
      this.plotted.setAttribute("aria-label", "Values of the chart: arrow keys read one after the other");
      this.plotted.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step) {
          event.preventDefault();
          const [min, max] = this.plot.series[0].idxs;
          const index = Math.min(Math.max((this.plot.cursor.idx ?? (step > 0 ? min - 1 : max + 1)) + step, min), max);
          this.plot.setCursor({ left: this.plot.valToPos(this.plot.data[0][index], "x"), top: HEIGHT / 3 });
        }
      });
    }

    async showFigure(name) {
      this.data = await source.read(this.place, name);
      this.range = this.clamped(this.range);
      this.showHeadline();
      this.draw();
    }

    showHeadline() {
      const list = document.querySelector(`[data-headline="${this.number}"]`);
      if (!list) {
        return;
      }
      list.hidden = this.data.headline.length === 0;
      list.setAttribute("aria-label", this.data.title);
      list.replaceChildren(...this.data.headline.map((number) => {
        const entry = document.createElement("div");
        entry.append(element("dt", "", number.label), element("dd", "", number.text));
        entry.lastChild.title = number.raw;
        return entry;
      }));
    }

    toggle(name) {
      this[name] = !this[name];
      this.draw();
    }

    async offerComparison() {
      const choice = document.createElement("select");
      choice.setAttribute("aria-label", "Compare with");
      choice.append(new Option("Compare with…", ""));
      for (const dataset of await source.comparable(this.place)) {
        const group = document.createElement("optgroup");
        group.label = dataset.title;
        dataset.figures.filter((figure) => dataset.name !== this.place.dataset.name || figure.name !== this.data.figure)
          .forEach((figure) => group.append(new Option(dataset.figures.length > 1 ? figure.title : dataset.title, `${dataset.name}:${figure.name}`)));
        choice.append(group);
      }
      choice.addEventListener("change", () => {
        this.compare(choice.value).catch(() => {
          this.said.textContent = "That dataset has no series that could be drawn.";
        });
      });
      this.comparing.replaceWith(choice);
      this.comparing = choice;
      choice.focus();
    }

    async compare(name) {
      if (!name) {
        this.stopComparing();
        return;
      }
      const [dataset, figure] = name.split(":");
      const [data, datasets] = await Promise.all([source.other(this.place, dataset, figure ?? ""), source.comparable(this.place)]);
      const found = datasets.find((each) => each.name === dataset);
      if (data.axis !== "time") {
        throw new Error("not a series over time");
      }
      this.compared = { ...data, name, dataset: found ? found.title : dataset };
      if (!this.indexing) {
        this.indexing = this.addButton("Indexed to 100", () => this.toggle("isIndexed"), () => this.isIndexed);
        this.ending = this.addButton("End comparison", () => this.stopComparing());
      }
      this.draw();
    }

    stopComparing() {
      this.compared = null;
      this.isIndexed = false;
      [this.indexing, this.ending].forEach((button) => button?.remove());
      this.indexing = this.ending = undefined;
      if (this.comparing.tagName === "SELECT") {
        this.comparing.value = "";
      }
      this.draw();
    }

    // What is drawn: places on the axis, and for each series its values as they are and as drawn.
    drawn() {
      const own = [this.data.x, this.data.values];
      const [x, ...values] = this.compared ? uPlot.join([own, [this.compared.x, this.compared.values]], [[2, 2], [2, 2]]) : own;
      const base = this.isIndexed && this.compared ? x.findIndex((at, index) => at >= (this.range ? this.range[0] : x[0]) && values.every((each) => each[index])) : -1;
      this.base = base < 0 ? null : x[base];
      const scaled = values.map((each) => each.map((value) => {
        if (!isKnown(value)) {
          return value;
        }
        return base >= 0 ? (100 * value) / each[base] : this.isLogarithmic && value === 0 ? null : value;
      }));
      return { x, values, scaled };
    }

    draw() {
      this.isLogarithmic = this.isLogarithmic && this.canBeLogarithmic;
      const { x, values, scaled } = this.drawn();
      this.shown = values;
      this.plot?.destroy();
      const isIndexed = this.base !== null;
      const all = [{ ...this.data, dataset: this.place.dataset.title }, ...(this.compared ? [this.compared] : [])];
      const series = all.map((each) => ({ label: each.title, axis: isIndexed ? `index, ${placeText(this.data, this.base)} = 100` : this.axisLabel(each) }));
      const view = { data: this.data, series, isIndexed, width: this.width, isLogarithmic: this.isLogarithmic, isFromZero: this.isFromZero && !isIndexed };
      const hooks = { setScale: [(plot, key) => key === "x" && this.ranged(plot)], setCursor: [(plot) => this.tell(plot)] };
      this.plot = new uPlot(options(view, hooks), [x, ...scaled], this.plotted);
      const [first, last] = this.range ?? this.ends;
      this.plot.setScale("x", { min: first, max: last });
      this.plotted.append(this.tip);
      this.tip.hidden = true;
      this.title.textContent = all.map((each) => this.fullTitle(each)).join(" and ");
      this.keys.replaceChildren(...(this.compared ? all.map((each, index) => element("span", "", `${this.fullTitle(each)} (${isIndexed ? "index" : index ? "right axis" : "left axis"})`)) : []));
      this.keys.hidden = !this.compared;
      this.say();
      this.mark();
    }

    axisLabel(data) {
      return data.unit === data.title || data.title === "Value" ? data.unit : `${data.title}, ${data.unit}`;
    }

    fullTitle(data) {
      const isSaid = data.title === "Value" || data.dataset.toLowerCase().includes(data.title.toLowerCase());
      return isSaid ? data.dataset : `${data.dataset}: ${data.title}`;
    }

    get width() {
      return Math.max(this.place.clientWidth, LEAST_WIDTH);
    }

    say() {
      const missing = this.data.values.filter((value) => value === null).length;
      const zeros = this.isLogarithmic ? this.data.values.filter((value) => value === 0).length : 0;
      this.said.textContent = [
        ...this.meaning(),
        ...(missing ? [`${whole(missing, [0, 0])} not known, shown as gaps.`] : []),
        ...(zeros ? [`${whole(zeros, [0, 0])} are zero, which a logarithmic scale cannot show.`] : []),
        ...(this.canBeLogarithmic ? [] : [`No logarithmic scale: ${this.whyNotLogarithmic[0].toLowerCase()}${this.whyNotLogarithmic.slice(1)}`]),
        "Drag over the chart to zoom.",
      ].join(" ");
    }

    meaning() {
      const text = this.data.meaning.split(";")[0];
      return text === "" || text.toLowerCase() === this.data.title.toLowerCase() ? [] : [`${text[0].toUpperCase()}${text.slice(1)}.`];
    }

    mark() {
      for (const button of this.tools.querySelectorAll("button")) {
        if (button.isOn) {
          button.setAttribute("aria-pressed", String(Boolean(button.isOn())));
        }
      }
      this.logarithmic.disabled = !this.canBeLogarithmic;
      this.logarithmic.title = this.whyNotLogarithmic;
      address.keep(this.number, {
        figure: this.data.figure === this.data.initial ? "" : this.data.figure,
        from: this.range ? address.written(this.data, this.range[0]) : "",
        to: this.range ? address.written(this.data, this.range[1]) : "",
        log: this.isLogarithmic ? "1" : "",
        zero: this.isFromZero ? "1" : "",
        compare: this.compared ? this.compared.name : "",
        index: this.isIndexed ? "1" : "",
      });
    }

    // The pointer is at a value: which, and when.
    tell(plot) {
      const { idx } = plot.cursor;
      if (!isKnown(idx) || plot.cursor.left < 0) {
        this.tip.hidden = true;
        return;
      }
      const lines = [this.data, this.compared].filter(Boolean).map((data, number) => {
        const values = this.shown[number];
        let index = idx;
        while (values[index] === undefined && index > 0) {
          index -= 1;
        }
        const unit = data.unit === data.title ? "" : ` ${data.unit}`;
        const inIndex = this.base === null || !isKnown(plot.data[number + 1][index]) ? "" : ` (index ${whole(plot.data[number + 1][index], [1, 1])})`;
        const name = data.title === "Value" ? (this.compared ? (data.dataset ?? this.place.dataset.title) : "") : data.title;
        return element("p", "", `${name}${name ? ": " : ""}${whole(values[index], data.places)}${isKnown(values[index]) ? unit : ""}${inIndex}`);
      });
      this.tip.replaceChildren(element("small", "", placeText(this.data, plot.data[0][idx])), ...lines);
      this.tip.hidden = false;
      const left = plot.valToPos(plot.data[0][idx], "x") + plot.over.offsetLeft;
      const isRight = left > this.plotted.clientWidth / 2;
      const room = isRight ? left : this.plotted.clientWidth - left;
      this.tip.style.maxWidth = `${room - 2 * TIP_MARGIN}px`;
      this.tip.style.left = isRight ? "" : `${left + TIP_MARGIN}px`;
      this.tip.style.right = isRight ? `${this.plotted.clientWidth - left + TIP_MARGIN}px` : "";
      this.tip.style.top = `${TIP_MARGIN}px`;
    }

    resize() {
      if (this.width !== this.plot.width) {
        this.plot.setSize({ width: this.width, height: HEIGHT });
      }
    }

    show(range) {
      const [first, last] = this.clamped(range) ?? this.ends;
      this.plot.setScale("x", { min: first, max: last });
    }

    // The plot shows another range, by a button or by dragging.
    ranged(plot) {
      const { min, max } = plot.scales.x;
      const [first, last] = this.ends;
      const range = min <= first && max >= last ? null : [min, max];
      if (plot !== this.plot || String(range) === String(this.range)) {
        return;
      }
      this.range = range;
      if (this.base === null) {
        this.mark();
      } else {
        window.queueMicrotask(() => this.draw());
      }
    }

    // Both ends by a share of what is shown, no further than there are figures.
    move(atStart, atEnd) {
      const [min, max] = this.range ?? this.ends;
      const width = max - min;
      this.show([min + width * atStart, max + width * atEnd]);
    }

    shift(share) {
      const [min, max] = this.range ?? this.ends;
      const [first, last] = this.ends;
      const room = share < 0 ? (first - min) / (max - min) : (last - max) / (max - min);
      const step = share < 0 ? Math.max(share, room) : Math.min(share, room);
      this.move(step, step);
    }
  }

  async function draw(place) {
    const opened = address.open(Number(place.dataset.number));
    try {
      const data = await source.read(place, opened.figure);
      if (data.reason) {
        place.textContent = data.reason;
        return;
      }
      place.chart = new Chart(place, data, opened);
    } catch (error) {
      place.textContent = source.explain(error);
      throw error;
    }
  }

  document.querySelectorAll("[data-chart]").forEach((place) => draw(place));
})();
