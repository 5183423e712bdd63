// A search that shows its results while typing, and keeps the page's address in step, so that it can be shared.
(function () {
  "use strict";

  const PAUSE_MILLISECONDS = 150;

  function address(form) {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(filled).toString();
    return query ? `${form.action}?${query}` : form.action;
  }

  function live(form) {
    let newest = 0;
    let waiting = 0;

    async function show() {
      newest += 1;
      const number = newest;
      const wanted = address(form);
      const answer = await fetch(wanted, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const results = page.getElementById(form.dataset.live);
      if (!results) {
        window.location.assign(wanted);
      } else if (number === newest) {
        document.getElementById(form.dataset.live).replaceWith(document.adoptNode(results));
        window.history.replaceState(null, "", wanted);
      }
    }

    const refresh = () => show().catch(() => form.submit());
    form.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(refresh, PAUSE_MILLISECONDS);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      window.clearTimeout(waiting);
      refresh();
    });
  }

  document.querySelectorAll("form[data-live]").forEach(live);
})();
