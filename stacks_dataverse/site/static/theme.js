// The page stands in a frame of the web UI, on the same origin: it takes on that one's light or dark.
(function () {
  "use strict";

  const own = document.documentElement;

  function outer() {
    try {
      return window.parent === window ? null : window.parent.document.documentElement;
    } catch (error) {
      return null;
    }
  }

  function stored() {
    try {
      return window.localStorage.getItem("theme");
    } catch (error) {
      return null;
    }
  }

  function follow() {
    const shown = outer();
    const known = shown ? [...shown.classList] : [stored()];
    const theme = ["dark", "light"].find((name) => known.includes(name));
    if (theme) {
      own.dataset.theme = theme;
    } else {
      delete own.dataset.theme;
    }
    document.dispatchEvent(new Event("themechange"));
  }

  const shown = outer();
  if (shown) {
    new MutationObserver(follow).observe(shown, { attributes: true, attributeFilter: ["class"] });
  }
  window.addEventListener("storage", follow);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
  follow();
})();
