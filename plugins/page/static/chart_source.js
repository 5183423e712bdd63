// Where the charts of the web UI's page come from: the page's own server, which reads the stores.
window.dataverseSource = (function () {
  "use strict";

  async function get(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(`${url} answers ${answer.status}`);
    }
    return answer.json();
  }

  function read(place, figure) {
    const url = new URL(place.dataset.chart, window.location.href);
    if (figure) {
      url.searchParams.set("figure", figure);
    }
    return get(url);
  }

  function other(place, dataset, figure) {
    return get(`${place.dataset.root}dataset/${encodeURIComponent(dataset)}/chart.json?figure=${encodeURIComponent(figure)}`);
  }

  function comparable(place) {
    return get(`${place.dataset.root}series.json`);
  }

  function explain() {
    return "The chart could not be loaded; the table below has the same values.";
  }

  return { read, other, comparable, explain };
})();
