// A button beside each identifier that is shown in short: it copies the whole of it.
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

  function say(button, sign, label) {
    button.textContent = sign;
    button.setAttribute("aria-label", label);
  }

  function addButton(place) {
    const text = place.title;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.title = "Copy";
    const rest = () => say(button, "⧉", `Copy ${text}`);
    button.addEventListener("click", async () => {
      await copy(text);
      say(button, "✓", "Copied");
      button.focus();
      window.setTimeout(rest, SAID_MILLISECONDS);
    });
    rest();
    place.append(button);
  }

  document.querySelectorAll(".id").forEach(addButton);
})();
