// On every page. First, before anything is painted, how this reader likes to read: theme, size of the
// text, height of lines, kind of letters; kept in this browser alone. Then the search box.
(function () {
  var root = document.documentElement;
  var chosen = { theme: ["light", "dark", "sepia"], size: ["small", "large", "huge"], lines: ["close", "wide"], letters: ["serif"] };
  for (var name in chosen) {
    var kept = null;
    try {
      kept = JSON.parse(localStorage.getItem("text-" + name));
    } catch (error) {
      kept = null; // the browser keeps nothing
    }
    if (chosen[name].indexOf(kept) >= 0) root.dataset[name] = kept;
  }
})();

function whenParsed(begin) {
  if (document.readyState !== "loading") begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
}

whenParsed(() => {
  // Suggestions below the search box: a combobox after the WAI-ARIA pattern. Without it, the form
  // works as it is.
  const box = document.querySelector(".search input");
  const list = document.querySelector("#suggestions");
  const source = box?.form.dataset.suggestions;
  const WAIT = 120; // ms after the last key
  let timer, asked = "", options = [], chosen = -1;

  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    options[chosen]?.removeAttribute("aria-selected");
    chosen = index;
    const option = options[chosen];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function show(suggestions) {
    options = suggestions.map(({ kind, text, url, alias }, index) => {
      const option = document.createElement("li");
      option.id = `suggestion-${index}`;
      option.setAttribute("role", "option");
      option.dataset.url = url;
      const label = document.createElement("span");
      label.textContent = alias ? `${text}（${alias}）` : text;
      const what = document.createElement("small");
      what.textContent = list.dataset[kind] ?? "";
      option.append(label, what);
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => location.assign(url));
      return option;
    });
    list.replaceChildren(...options);
    chosen = -1;
    list.hidden = !options.length;
    box.setAttribute("aria-expanded", String(options.length > 0));
  }

  async function ask() {
    const typed = box.value.trim();
    if (typed === asked && !list.hidden) return;
    asked = typed;
    if (!typed) return close();
    try {
      const answer = await fetch(`${source}?q=${encodeURIComponent(typed)}`);
      const { suggestions } = await answer.json();
      // Not under the reader's hand: who is going through the list keeps it.
      if (typed === asked && chosen < 0 && document.activeElement === box) show(suggestions);
    } catch {
      close();
    }
  }

  if (box && list) {
    box.form.addEventListener("toggle", ({ newState }) => newState === "open" && box.focus());
    box.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(ask, WAIT);
    });
    box.addEventListener("compositionend", ask);
    box.addEventListener("blur", close);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = chosen + step;
        choose(next >= options.length || next < -1 ? (step > 0 ? -1 : options.length - 1) : next);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        location.assign(options[chosen].dataset.url);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
  }

  // Who signed in leaves nothing behind: loaded only then, as this file stands on every page.
  if (document.cookie.split("; ").some((one) => one.startsWith("signed_in="))) {
    import(box.form.dataset.leave);
  }
});
