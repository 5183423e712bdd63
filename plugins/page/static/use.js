// A button at each program: it copies the whole of it.
(function () {
  "use strict";

  const SAID_MILLISECONDS = 1500;

  // The clipboard needs a secure origin; a field that is selected does not.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  }

  function addButton(place) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-all";
    const say = (word) => {
      button.textContent = word;
    };
    button.addEventListener("click", async () => {
      await copy(place.querySelector("code").textContent);
      say("Copied");
      button.focus();
      window.setTimeout(() => say("Copy"), SAID_MILLISECONDS);
    });
    say("Copy");
    place.before(button);
  }

  document.querySelectorAll("[data-copied]").forEach(addButton);
})();
