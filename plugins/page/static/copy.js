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

  const SHAPES = { copy: "M6 2h8v8h-8zM10 10v4h-8v-8h4", done: "M3 9l3 3 7-8" };

  function icon(shape) {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    drawn.setAttribute("viewBox", "0 0 16 16");
    drawn.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SHAPES[shape]);
    drawn.append(path);
    return drawn;
  }

  function say(button, shape, label) {
    button.replaceChildren(icon(shape));
    button.setAttribute("aria-label", label);
  }

  function addButton(place) {
    const text = place.title;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.title = "Copy";
    const rest = () => say(button, "copy", `Copy ${text}`);
    button.addEventListener("click", async () => {
      await copy(text);
      say(button, "done", "Copied");
      button.focus();
      window.setTimeout(rest, SAID_MILLISECONDS);
    });
    rest();
    place.append(button);
  }

  document.querySelectorAll(".id").forEach(addButton);
})();
