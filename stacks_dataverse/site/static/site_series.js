// From the rows of a dataset to what a chart draws: places on the axis, values in the unit of the label, gaps as nulls.
window.dataverseSeries = (function () {
  "use strict";

  const DAY = 86400;
  const WEEK_DAYS = 7;
  // Of a change a day before: how far the earlier value may be from it.
  const TOLERANCE = 0.5;
  // Below a thousand dollars, amounts are shown to more than a cent; so are columns that have prices of a few dollars.
  const LARGE_USD = 1000;
  const SMALL_USD = 10;
  const MAX_FIGURES = 60;
  const { whole } = window.dataverseNumbers;

  function placeOf(value, axis) {
    return axis.kind === "time" ? Date.parse(value) / 1000 : Number(value);
  }

  function scaled(value, column) {
    return value === null || value === undefined ? null : Number(value) / 10 ** column.shift;
  }

  // The columns that tell the rows of one place from another, as few as are needed; null if none do.
  function splitOf(rows, description) {
    const split = [];
    const keyOf = (row) => JSON.stringify([description.axis.name, ...split].map((name) => row[name]));
    const isUnique = () => new Set(rows.map(keyOf)).size === rows.length;
    const candidates = description.columns.filter((column) => column.name !== description.axis.name && column.canSplit);
    for (const column of candidates) {
      if (isUnique()) {
        break;
      }
      split.push(column.name);
    }
    return isUnique() ? split : null;
  }

  function groupOf(row, split) {
    return split.map((name) => String(row[name])).join(", ");
  }

  // All that can be drawn: each figure, of each group of rows where there are several, the largest groups first.
  function figuresOf(rows, description) {
    const split = splitOf(rows, description);
    const figures = description.columns.filter((column) => column.isFigure && !split?.includes(column.name));
    if (split === null || figures.length === 0 || rows.length === 0) {
      return [];
    }
    const groups = new Map();
    for (const row of rows) {
      const group = groupOf(row, split);
      groups.get(group)?.push(row) ?? groups.set(group, [row]);
    }
    // Of a large file only one figure was read.
    const sized = figures.find((column) => column.name in rows[0]);
    const size = ([, members]) => members.reduce((sum, row) => sum + Math.abs(Number(row[sized.name])), 0);
    const most = Math.max(Math.floor(MAX_FIGURES / figures.length), 1);
    const drawable = [...groups].filter(([, members]) => members.length > 1).sort((one, other) => size(other) - size(one)).slice(0, most);
    return figures.flatMap((column) => drawable.map(([group, members]) => ({
      column,
      rows: members,
      name: group ? `${column.name}@${group}` : column.name,
      title: group ? `${column.title}, ${group}` : column.title,
      meaning: column.meaning,
      ...(group ? { group, label: `${column.title}: ${group}` } : {}),
    }))).filter((figure) => figure.rows.some((row) => row[figure.column.name] !== null));
  }

  function decimals(value, most) {
    return Number.isInteger(value) || most === 0 ? 0 : value.toFixed(most).replace(/0+$/, "").split(".")[1].length;
  }

  // As many places as the values need, so that their points stand in line.
  function placesOf(values, column) {
    const known = values.filter((value) => value !== null);
    const sizes = known.filter((value) => value !== 0).map(Math.abs);
    const isLarge = column.unit === "USD" && sizes.length > 0 && Math.max(...sizes) >= LARGE_USD && Math.min(...sizes) >= SMALL_USD;
    const most = isLarge ? 2 : column.most;
    const needed = known.reduce((found, value) => Math.max(found, decimals(value, most)), 0);
    const places = needed ? Math.max(needed, column.least) : 0;
    return [places, places];
  }

  // A point in each interval that is longer than usual, so that the chart shows a gap.
  function gapsOf(x) {
    const steps = x.slice(1).map((at, index) => at - x[index]);
    const ordered = [...steps].sort((one, other) => one - other);
    const usual = ordered.length ? (ordered[(ordered.length - 1) >> 1] + ordered[ordered.length >> 1]) / 2 : 0;
    return steps.flatMap((step, index) => (step > 1.5 * usual ? [x[index] + Math.trunc(usual)] : []));
  }

  function whyNoLogarithm(values) {
    const known = values.filter((value) => value !== null);
    if (known.some((value) => value < 0)) {
      return "Some values are below zero.";
    }
    return known.some((value) => value > 0) ? "" : "No value is above zero.";
  }

  function text(value, unit, places) {
    const number = whole(value, places);
    return unit === "" || unit === "index" ? number : `${number} ${unit}`;
  }

  function momentOf(at, isDaily) {
    const written = new Date(at * 1000).toISOString();
    return isDaily ? written.slice(0, 10) : `${written.slice(0, 16).replace("T", " ")} UTC`;
  }

  function signed(value, places) {
    return `${value >= 0 ? "+" : ""}${value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: false })}`;
  }

  function change(latest, before, column) {
    if (column.unit === "%" || column.unit.startsWith("share")) {
      return `${signed((latest - before) * (column.unit === "%" ? 1 : 100), 2)} points`;
    }
    return before ? `${signed((100 * (latest - before)) / Math.abs(before), 1)} %` : "–";
  }

  // The latest value, the change from a day before, and the average of a week; empty without a value.
  function headlineOf(points, column, places) {
    const known = points.filter(([, value]) => value !== null);
    if (known.length === 0) {
      return [];
    }
    const isDaily = points.every(([at]) => at % DAY === 0);
    const [at, latest] = known[known.length - 1];
    const numbers = [{ label: `Latest, ${momentOf(at, isDaily)}`, text: text(latest, column.unit, places), raw: String(latest) }];
    const before = known.filter(([earlier]) => earlier <= at - DAY).pop();
    if (before && at - DAY - before[0] < TOLERANCE * DAY) {
      numbers.push({ label: "Change, day on day", text: change(latest, before[1], column), raw: `${text(before[1], column.unit, places)}, ${momentOf(before[0], isDaily)}` });
    }
    const week = known.filter(([earlier]) => earlier > at - WEEK_DAYS * DAY).map(([, value]) => value);
    if ((isDaily || points[0][0] <= at - WEEK_DAYS * DAY) && week.length > 1) {
      const average = week.reduce((sum, value) => sum + value, 0) / week.length;
      const label = !isDaily || week.length === WEEK_DAYS ? "7-day average" : `Average of ${week.length} days`;
      const finer = placesOf([average], { ...column, most: Math.max(places[1], 1), least: places[0] });
      numbers.push({ label, text: text(average, column.unit, finer), raw: String(average) });
    }
    return numbers;
  }

  function pointsOf(figure, axis) {
    const points = figure.rows.map((row) => [placeOf(row[axis.name], axis), scaled(row[figure.column.name], figure.column)]);
    return points.sort(([one], [other]) => one - other);
  }

  function short(value) {
    const [size, sign] = [[1e6, " M"], [1e3, " k"]].find(([least]) => value >= least) ?? [1, ""];
    return `${(value / size).toLocaleString("en", { maximumFractionDigits: 4 })}${sign}`;
  }

  function bandsOf(points) {
    return { labels: points.map(([from]) => `≥ ${short(from)}`), points: points.map(([, value], index) => [index, value]) };
  }

  // What a chart draws of a figure, by its name or at first; null where nothing can be drawn.
  function chart(rows, description, name) {
    const { axis } = description;
    const figures = axis ? figuresOf(rows, description) : [];
    const initial = figures.find((each) => each.column.name === description.headline) ?? figures[0];
    const figure = figures.find((each) => each.name === name) ?? initial;
    if (!figure) {
      return null;
    }
    const { column } = figure;
    const isTime = axis.kind === "time";
    const { labels, points } = axis.kind === "band" ? bandsOf(pointsOf(figure, axis)) : { labels: [], points: pointsOf(figure, axis) };
    const values = points.map(([, value]) => value);
    const places = placesOf(values, column);
    const gaps = isTime ? gapsOf(points.map(([at]) => at)).map((at) => [at, null]) : [];
    const all = [...points, ...gaps].sort(([one], [other]) => one - other);
    return {
      axis: axis.kind,
      label: axis.label,
      labels,
      figures: figures.map(({ name: each, title, meaning, label }) => ({ name: each, title, meaning, label })),
      initial: initial.name,
      figure: figure.name,
      title: figure.title,
      meaning: column.meaning,
      unit: column.unit || figure.title,
      places,
      null: column.null,
      x: all.map(([at]) => at),
      values: all.map(([, value]) => value),
      no_logarithm: whyNoLogarithm(values),
      headline: isTime ? headlineOf(points, column, places).map((number) => ({ ...number, label: figure.group ? `${figure.group} · ${number.label}` : number.label })) : [],
    };
  }

  return { chart, placesOf, scaled };
})();
