// Links that leave the page's frame, a filter that updates while typing, and runs that are polled until they end.
(function () {
  "use strict";

  const WATCH_MILLISECONDS = 2000;

  // The frame may not send its parent elsewhere; a link in the parent's own document may.
  function leave(link, newWindow) {
    const copy = window.parent.document.createElement("a");
    copy.href = link.href;
    if (newWindow) {
      copy.target = "_blank";
      copy.rel = "noopener noreferrer";
    }
    window.parent.document.body.append(copy);
    copy.click();
    copy.remove();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-airflow-link], a[data-outside]");
    if (!link || window.parent === window) {
      return;
    }
    event.preventDefault();
    leave(link, link.hasAttribute("data-outside") || event.ctrlKey || event.metaKey);
  });

  function filterWhileTyping(form) {
    const rows = [...document.querySelectorAll(`#${form.dataset.filters} tbody > tr`)];
    const shown = document.querySelector(`[data-shown="${form.dataset.filters}"]`);
    const texts = rows.map((row) => row.textContent.toLowerCase());
    form.elements.q.addEventListener("input", () => {
      const terms = form.elements.q.value.toLowerCase().split(/\s+/);
      rows.forEach((row, index) => {
        row.hidden = !terms.every((word) => texts[index].includes(word));
      });
      shown.textContent = rows.filter((row) => !row.hidden).length;
    });
    form.addEventListener("change", (event) => {
      if (event.target.matches("select")) {
        form.requestSubmit();
      }
    });
  }

  async function poll(watched) {
    const answer = await fetch(watched.dataset.watch, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      return;
    }
    const runs = await answer.json();
    for (const run of runs) {
      const place = [...watched.querySelectorAll("[data-run]")].find((item) => item.dataset.run === run.run_id);
      if (place && place.textContent !== run.state) {
        place.textContent = run.state;
        place.className = `run run-${run.state}`;
      }
    }
    if (runs.every((run) => run.ended)) {
      window.location.reload();
    }
  }

  function watch(watched) {
    const again = () => poll(watched).catch(() => {}).finally(() => window.setTimeout(again, WATCH_MILLISECONDS));
    window.setTimeout(again, WATCH_MILLISECONDS);
  }

  // In a narrow window the calendar's first row would show the beginning of the month.
  function showNewest(region) {
    const newest = [...region.querySelectorAll("tbody tr:first-child td:has(a)")].pop();
    if (newest) {
      region.scrollLeft = newest.offsetLeft + newest.offsetWidth - region.clientWidth;
    }
  }

  // The tab is the web UI's, and says what its frame shows.
  if (window.parent !== window) {
    window.parent.document.title = document.title;
  }

  document.querySelectorAll("[data-at-newest]").forEach(showNewest);
  document.querySelectorAll("form[data-filters]").forEach(filterWhileTyping);
  document.querySelectorAll('[data-watch][data-going="yes"]').forEach(watch);
})();
