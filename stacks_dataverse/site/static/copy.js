// Buttons that copy: beside each identifier that is shown in short the whole of it, and at each program its text.
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

  // A button that copies a text, and says for a moment that it did; `rest` and `done` show it before and then.
  function makeButton(className, text, rest, done) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.addEventListener("click", async () => {
      await copy(text());
      done(button);
      button.focus();
      window.setTimeout(() => rest(button), SAID_MILLISECONDS);
    });
    rest(button);
    return button;
  }

  function say(shape, label) {
    return (button) => {
      button.replaceChildren(icon(shape));
      button.setAttribute("aria-label", label);
    };
  }

  function addToIdentifier(place) {
    const text = place.title;
    const button = makeButton("copy", () => text, say("copy", `Copy ${text}`), say("done", "Copied"));
    button.title = "Copy";
    place.append(button);
  }

  function write(word) {
    return (button) => {
      button.textContent = word;
    };
  }

  function addToProgram(place) {
    const text = () => place.querySelector("code").textContent;
    place.before(makeButton("copy-all", text, write("Copy"), write("Copied")));
  }

  document.querySelectorAll(".id").forEach(addToIdentifier);
  document.querySelectorAll("[data-copied]").forEach(addToProgram);
})();
