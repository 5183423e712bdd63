// The newest rows of a dataset, as a table.
(function () {
  "use strict";

  const catalogue = window.dataverseCatalogue;
  const { placesOf, scaled } = window.dataverseSeries;
  const { whole } = window.dataverseNumbers;
  const ROWS = 100;

  function element(tag, text, className = "") {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = className;
    return made;
  }

  // What is counted or measured; a number that only says which row it is has no thousands separators.
  function isNumber(column) {
    return column.isFigure || (column.type === "integer" && column.unit !== "");
  }

  function headingOf(column) {
    const heading = element("th", column.title, isNumber(column) ? "number" : "");
    heading.scope = "col";
    heading.title = column.meaning;
    if (column.unit) {
      heading.append(document.createElement("br"), element("small", column.unit));
    }
    return heading;
  }

  function textOf(value, column, places) {
    if (value === null) {
      return "–";
    }
    if (isNumber(column)) {
      return whole(scaled(value, column), places);
    }
    return column.type === "datetime" ? `${value.slice(0, 16).replace("T", " ")} UTC` : String(value);
  }

  function rowOf(row, columns, places) {
    const line = document.createElement("tr");
    columns.forEach((column, number) => {
      const cell = element(number ? "td" : "th", textOf(row[column.name], column, places[number]), isNumber(column) ? "number" : "");
      if (row[column.name] !== null) {
        cell.title = String(row[column.name]);
      }
      if (!number) {
        cell.scope = "row";
      }
      line.append(cell);
    });
    return line;
  }

  function plainHeading(text) {
    const heading = element("th", text);
    heading.scope = "col";
    return heading;
  }

  // Of a single row each field is a line.
  function fieldOf(row, column, places) {
    const line = document.createElement("tr");
    const name = element("th", column.title);
    name.scope = "row";
    name.title = column.meaning;
    line.append(name, element("td", textOf(row[column.name], column, places), "number"), element("td", column.unit));
    return line;
  }

  async function fill(place) {
    const { name } = place.dataset;
    const [dataset, descriptions] = await Promise.all([catalogue.find(name), catalogue.descriptions()]);
    if (!dataset) {
      place.querySelector("caption").textContent = "Not published yet.";
      return;
    }
    const { axis, columns } = descriptions[name];
    const rows = await catalogue.rowsOf(dataset, columns.map((column) => column.name), ROWS + 1);
    const isTime = axis?.kind === "time";
    const shown = isTime ? rows.slice(-ROWS).reverse() : rows.slice(0, ROWS);
    const places = columns.map((column) => (isNumber(column) ? placesOf(shown.map((row) => scaled(row[column.name], column)), column) : null));
    place.querySelector("caption").textContent = rows.length > ROWS
      ? `The ${isTime ? "newest" : "first"} ${ROWS} rows; the downloads have all`
      : `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
    const isRecord = rows.length === 1 && columns.length > 1;
    const headings = isRecord ? ["Field", "Value", "Unit"].map(plainHeading) : columns.map(headingOf);
    const lines = isRecord ? columns.map((column, number) => fieldOf(rows[0], column, places[number])) : shown.map((row) => rowOf(row, columns, places));
    place.querySelector("thead tr").replaceChildren(...headings);
    place.querySelector("tbody").replaceChildren(...lines);
  }

  document.querySelectorAll("[data-rows]").forEach((place) => fill(place).catch((error) => {
    place.querySelector("caption").textContent = error.message;
  }));
})();
