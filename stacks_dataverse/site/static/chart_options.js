// What uPlot needs to know to draw one or two series: axes with units, bars from zero, gaps where values are null.
window.dataverseOptions = (function () {
  "use strict";

  const { DAY, TICKS, DAYS_BETWEEN_TICKS, isDaily, ticks, logarithmicTicks } = window.dataverseNumbers;
  const HEIGHT = 340;
  const ROOM_FOR_LAST_TICK = 36;
  const DIGIT_WIDTH = 7;
  const LINEAR = 1;
  const LOGARITHMIC = 3;
  const PAD = 0.06;
  const COLOURS = ["--link", "--odd"];

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
    const isKnown = (value) => value !== null && value !== undefined;
    // Beside another series there are places without a value of this one; they are no gaps.
    const isThere = (index, step) => {
      let next = index + step;
      while (next in values && values[next] === undefined) {
        next += step;
      }
      return isKnown(values[next]);
    };
    return values.flatMap((value, index) => (isKnown(value) && !isThere(index, -1) && !isThere(index, 1) ? [index] : []));
  }

  // A bar's length is its value only from zero.
  function fromZero(_plot, least, most) {
    const low = Math.min(0, least ?? 0);
    const high = Math.max(0, most ?? 1);
    const pad = (high - low || 1) * PAD;
    return [low < 0 ? low - pad : 0, high > 0 || low === 0 ? high + pad : 0];
  }

  function scale(view) {
    if (view.isLogarithmic) {
      return { distr: LOGARITHMIC };
    }
    return view.isFromZero || view.data.axis !== "time" ? { distr: LINEAR, range: fromZero } : { distr: LINEAR };
  }

  function xAxis(data, axis) {
    if (data.axis === "time") {
      return { ...axis, values: TICKS, ...(isDaily(data) ? { incrs: DAYS_BETWEEN_TICKS } : {}) };
    }
    if (data.axis === "band") {
      const label = (tick) => (Number.isInteger(tick) ? (data.labels[tick] ?? "") : "");
      return { ...axis, label: `Band, ${data.label}`, incrs: [1, 2, 5], space: 70, values: (_, splits) => splits.map(label) };
    }
    return { ...axis, label: data.label, space: 90, values: (_, splits, _axis, _space, step) => splits.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString("en") : "")) };
  }

  function yAxis(axis, label, view, number) {
    return {
      ...axis,
      scale: number ? "second" : "y",
      side: number ? 1 : 3,
      label,
      labelSize: 22,
      grid: number ? { show: false } : axis.grid,
      size: (_, shown) => 26 + DIGIT_WIDTH * Math.max(...(shown ?? []).map((tick) => tick.length), 3),
      values: (_, splits, _axis, _space, step) => (view.isLogarithmic ? logarithmicTicks(splits) : ticks(splits, step)),
    };
  }

  function line(label, colour, isTime, scaleName) {
    return {
      label,
      scale: scaleName,
      stroke: resolved(colour),
      fill: isTime ? undefined : resolved("--calm-ground"),
      width: isTime ? 2 : 1,
      paths: isTime ? uPlot.paths.linear() : uPlot.paths.bars({ size: [0.8, 60] }),
      points: isTime ? { show: true, filter: lonely, size: 5, fill: resolved(colour) } : { show: false },
      spanGaps: false,
    };
  }

  // `view` has the data, the width, what is drawn of each series, and how: logarithmic, from zero, indexed.
  function options(view, hooks) {
    const { data, series } = view;
    const rule = { stroke: resolved("--line"), width: 1 };
    const axis = { stroke: resolved("--faint"), grid: rule, ticks: rule, labelFont: "12px system-ui, sans-serif", labelSize: 20 };
    const isTime = data.axis === "time";
    const isSecond = (number) => number > 0 && !view.isIndexed;
    const scales = { x: { time: isTime, ...(data.axis === "band" ? { range: (_, least, most) => [least - 0.5, most + 0.5] } : {}) }, y: scale(view) };
    if (series.length > 1 && !view.isIndexed) {
      scales.second = scale(view);
    }
    const axes = series.flatMap((each, number) => (number && view.isIndexed ? [] : [yAxis(axis, each.axis, view, number)]));
    return {
      width: view.width,
      height: HEIGHT,
      padding: [null, series.length > 1 && !view.isIndexed ? null : ROOM_FOR_LAST_TICK, null, null],
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { y: false },
      scales,
      axes: [xAxis(data, axis), ...axes],
      series: [{}, ...series.map((each, number) => line(each.label, COLOURS[number], isTime, isSecond(number) ? "second" : "y"))],
      hooks,
    };
  }

  return { DAY, HEIGHT, options };
})();
