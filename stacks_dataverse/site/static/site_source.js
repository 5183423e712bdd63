// Where the charts of the site come from: the public files themselves.
window.dataverseSource = (function () {
  "use strict";

  const catalogue = window.dataverseCatalogue;
  const { chart } = window.dataverseSeries;

  // The columns that a chart of a figure needs: the axis, and what tells groups of rows apart.
  function columnsOf({ axis, columns }, figure) {
    return columns.filter(({ name, canSplit }) => name === figure || name === axis?.name || canSplit).map(({ name }) => name);
  }

  // The column of a figure by its name, which says of which group, too; by default the one that stands for the dataset.
  function columnOf({ columns, headline }, figure) {
    const named = columns.find(({ name, isFigure }) => isFigure && name === figure.split("@")[0]);
    return named?.name ?? headline;
  }

  // What is drawn of a dataset; where nothing can be, the `reason`.
  async function drawn(name, figure) {
    const [dataset, descriptions] = await Promise.all([catalogue.find(name), catalogue.descriptions()]);
    if (!Object.hasOwn(descriptions, name)) {
      return { reason: `There is no dataset ${name}. The catalogue lists all datasets.` };
    }
    const description = descriptions[name];
    if (!dataset) {
      return { reason: `${description.title}: not published yet.` };
    }
    const column = columnOf(description, figure);
    const rows = await catalogue.rowsOf(dataset, columnsOf(description, column));
    const data = chart(rows, description, figure);
    return data ? { ...data, dataset: description.title } : { reason: "These values are not drawn as a chart; the table shows them." };
  }

  async function read(place, figure) {
    const data = await drawn(place.dataset.name, figure);
    place.dataset.title = data.dataset;
    return data;
  }

  async function comparable() {
    const [{ datasets }, descriptions] = await Promise.all([catalogue.read(), catalogue.descriptions()]);
    const isSeries = ({ name }) => descriptions[name]?.axis?.kind === "time";
    return datasets.filter(isSeries).map(({ name, title }) => ({ name, title, figures: descriptions[name].columns.filter((column) => column.isFigure) }));
  }

  function other(place, dataset, figure) {
    return drawn(dataset, figure);
  }

  function explain(error) {
    return error.message;
  }

  return { read, comparable, other, explain, drawn };
})();
