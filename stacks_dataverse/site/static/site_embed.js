// A chart alone, to be shown in a frame of another site: embed.html?d=<name>&field=<figure>&from=<day>&to=<day>.
(function () {
  "use strict";

  const place = document.querySelector("[data-chart]");
  const link = document.querySelector("[data-page]");
  const name = new URLSearchParams(window.location.search).get("d") ?? "";
  place.dataset.name = name;
  window.dataverseCatalogue.descriptions().then((descriptions) => {
    if (Object.hasOwn(descriptions, name)) {
      link.href = `datasets/${name}.html${window.location.search.replace(/([?&])d=[^&]*&?/, "$1")}`;
      link.textContent = descriptions[name].title;
      document.querySelector("h1").textContent = descriptions[name].title;
      document.title = `${descriptions[name].title} · Stacks Dataverse`;
    }
  });
})();
