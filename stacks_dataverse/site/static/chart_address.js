// What a chart shows, in the page's address: so that a link, or a reload, shows the same again.
window.dataverseAddress = (function () {
  "use strict";

  const { isDaily } = window.dataverseNumbers;
  const FIGURE = document.documentElement.dataset.figureParameter ?? "figure";

  // The first chart of a page has the plain names, another one its number after them.
  function names(number) {
    const own = (name) => (number ? `${name}.${number}` : name);
    const plain = ["from", "to", "log", "zero", "compare", "index"].map((name) => [name, own(name)]);
    return { figure: own(FIGURE), ...Object.fromEntries(plain) };
  }

  function written(data, at) {
    if (data.axis !== "time") {
      return String(Math.round(at));
    }
    const text = new Date(at * 1000).toISOString();
    return isDaily(data) ? text.slice(0, 10) : text.slice(0, 16);
  }

  function read(text, isTime) {
    const at = isTime ? Date.parse(text.length > 10 ? `${text}Z` : text) / 1000 : Number(text);
    return text && Number.isFinite(at) ? at : null;
  }

  // What the address says of a chart; its range is read once the kind of its axis is known.
  function open(number) {
    const given = new URLSearchParams(window.location.search);
    const of = names(number);
    const text = (name) => given.get(of[name]) ?? "";
    return {
      figure: text("figure"),
      isLogarithmic: text("log") === "1",
      isFromZero: text("zero") === "1",
      compared: text("compare"),
      isIndexed: text("index") === "1",
      // Without one end it goes as far as the values do.
      range: (data) => {
        const [from, to] = [text("from"), text("to")].map((end) => read(end, data.axis === "time"));
        const ends = [from ?? data.x[0], to ?? data.x[data.x.length - 1]];
        return (from === null && to === null) || ends[0] >= ends[1] ? null : ends;
      },
    };
  }

  function keep(number, state) {
    const address = new URL(window.location.href);
    const of = names(number);
    for (const [name, value] of Object.entries(state)) {
      if (value) {
        address.searchParams.set(of[name], value);
      } else {
        address.searchParams.delete(of[name]);
      }
    }
    window.history.replaceState(window.history.state, "", address);
  }

  return { open, keep, written };
})();
