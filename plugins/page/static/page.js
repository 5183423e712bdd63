// Links that leave the page's frame, and runs that are polled until they end.
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
  document.querySelectorAll('[data-watch][data-going="yes"]').forEach(watch);
})();
