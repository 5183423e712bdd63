// How a chart writes numbers and times: whole at the pointer, in short at the axes.
window.dataverseNumbers = (function () {
  "use strict";

  const DAY = 86400;
  const SIZES = [[1e12, " T"], [1e9, " B"], [1e6, " M"], [1e4, " k"]];
  const MAX_DECIMALS = 10;

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

  function fixed(value, least, most) {
    return value.toLocaleString("en", { minimumFractionDigits: least, maximumFractionDigits: most });
  }

  // A value with the places of its unit, and a few digits of what would be shown as zero.
  function whole(value, [least, most]) {
    if (value === null || value === undefined) {
      return "–";
    }
    const isLost = value !== 0 && Math.abs(value) < 0.5 * 10 ** -most;
    return isLost ? value.toLocaleString("en", { maximumSignificantDigits: 2 }) : fixed(value, least, most);
  }

  function sizeOf(value) {
    const found = SIZES.find(([size]) => Math.abs(value) >= size) ?? [1, ""];
    return found[1] === " k" ? [1e3, " k"] : found;
  }

  // All ticks of an axis in one size, with as many decimals as their distance needs.
  function ticks(values, step) {
    const [size, unit] = sizeOf(Math.max(...values.map((value) => Math.abs(value ?? 0))));
    let decimals = 0;
    while (decimals < MAX_DECIMALS && Math.abs((step / size) * 10 ** decimals - Math.round((step / size) * 10 ** decimals)) > 1e-6) {
      decimals += 1;
    }
    return values.map((value) => (value === null ? "" : value === 0 ? "0" : `${fixed(value / size, decimals, decimals)}${unit}`));
  }

  // Powers of ten, each in its own size.
  function logarithmicTicks(values) {
    return values.map((value) => {
      if (value === null) {
        return "";
      }
      const [size, unit] = sizeOf(value);
      return `${(value / size).toLocaleString("en", { maximumSignificantDigits: 3 })}${unit}`;
    });
  }

  function isDaily(data) {
    return data.axis === "time" && data.x.every((at) => at % DAY === 0);
  }

  // A place on the axis as in the table: a day, a moment, a band, or a number.
  function place(data, at) {
    if (data.axis === "band") {
      return `${data.labels[at] ?? ""} ${data.label}`;
    }
    if (data.axis !== "time") {
      return `${data.label} ${fixed(at, 0, 0)}`;
    }
    const text = new Date(at * 1000).toISOString();
    return isDaily(data) ? text.slice(0, 10) : `${text.slice(0, 16).replace("T", " ")} UTC`;
  }

  return { DAY, TICKS, DAYS_BETWEEN_TICKS, whole, ticks, logarithmicTicks, isDaily, place };
})();
