// The frame round every page of the desk: its navigation, open or shut as it was left. Loaded before
// the page is drawn, so that nothing moves once it is.
"use strict";
{
  const KEPT = "desk-nav";
  const wide = matchMedia("(width >= 64rem)");
  const root = document.documentElement;

  const kept = () => {
    try {
      return localStorage.getItem(KEPT);
    } catch {
      return null; // the browser keeps nothing
    }
  };
  const arrange = () => (root.dataset.nav = wide.matches ? (kept() ?? "open") : "shut");

  arrange();
  document.addEventListener("DOMContentLoaded", () => {
    const toggle = document.getElementById("nav-toggle");
    const tell = () => toggle?.setAttribute("aria-expanded", root.dataset.nav === "open");
    wide.addEventListener("change", () => (arrange(), tell()));
    toggle?.addEventListener("click", () => {
      root.dataset.nav = root.dataset.nav === "open" ? "shut" : "open";
      tell();
      if (!wide.matches) return;
      try {
        localStorage.setItem(KEPT, root.dataset.nav);
      } catch {
        // it is open again on the next page
      }
    });
    tell();
    document.querySelector("#desk-nav [aria-current]")?.scrollIntoView({ block: "nearest" });
    arrangeFilters();
    letClose();
    begin();
    const content = document.getElementById("content");
    if (content) new MutationObserver(nameMade).observe(content, { childList: true, subtree: true });
    nameMade();
    const me = document.getElementById("desk-me");
    document.addEventListener("click", ({ target }) => me?.contains(target) || me?.removeAttribute("open"));
    me?.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      me.open = false;
      me.querySelector("summary").focus();
    });
  });

  // `/` leads to the search of the whole desk, from wherever nothing is being typed.
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (key !== "/" || ctrlKey || metaKey || altKey || event.isComposing) return;
    if (target.isContentEditable || target.matches("input, textarea, select")) return;
    const field = document.querySelector("#desk-find input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // A form that came back begins at what is wrong in it; a new one at its first line to type in, not
  // at the button above it.
  function begin() {
    const wrong = document.querySelector("#content form:not(#article_form) [aria-invalid=true]:not([type=hidden])");
    if (wrong) return wrong.focus();
    const form = document.querySelector("[data-new]")?.closest("form");
    const typed = "input:not([type=hidden], [type=submit], [type=checkbox], [type=radio], [type=search]), textarea, select:not(.admin-autocomplete)";
    if (form && !form.querySelector("[autofocus]")) form.querySelector(typed)?.focus();
  }

  // Fields that scripts make, of choices with completion and of texts, are called what the field
  // is called that they stand for.
  const labelOf = (field) =>
    field?.labels?.[0]?.textContent.trim().replace(/[:：]$/, "") || field?.getAttribute("aria-label") ||
    field?.closest("[data-label]")?.dataset.label;

  function nameMade() {
    for (const box of document.querySelectorAll(".select2-container:not([data-named])")) {
      const name = labelOf(box.previousElementSibling);
      if (!name) continue;
      box.dataset.named = "";
      const chosen = box.querySelector("[role=combobox]");
      chosen?.setAttribute("aria-label", name);
      chosen?.removeAttribute("aria-labelledby");
      const shown = box.querySelector("[role=textbox]");
      shown?.removeAttribute("role");
      shown?.removeAttribute("aria-readonly");
      box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
      box.querySelector("ul.select2-selection__rendered")?.setAttribute("role", "none"); // it has more than lines
    }
    for (const text of document.querySelectorAll(".ProseMirror[role=textbox]:not([aria-label])")) {
      const name = labelOf(text.closest(".fieldBox, .form-row, td")?.querySelector("textarea"));
      if (name) text.setAttribute("aria-label", name);
    }
    for (const icon of document.querySelectorAll(".selector .search-label-icon:not([role])")) icon.setAttribute("role", "img");
  }

  function letClose() {
    for (const list of document.querySelectorAll("ul.messagelist[data-close]")) {
      for (const line of list.children) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "×";
        button.setAttribute("aria-label", list.dataset.close);
        button.addEventListener("click", () => line.remove());
        line.append(button);
      }
    }
  }

  // Filters open one at a time, shut by Escape and a click beside them; long ones are typed into.
  const LONG = 12;
  function arrangeFilters() {
    const filters = document.getElementById("filters");
    if (!filters) return;
    const shut = (but) => {
      for (const one of filters.querySelectorAll("details[open]")) if (one !== but) one.open = false;
    };
    document.addEventListener("click", ({ target }) => shut(target.closest(".filter-chip")));
    filters.addEventListener("keydown", ({ key, target }) => {
      if (key !== "Escape") return;
      const summary = target.closest("details[open]")?.querySelector("summary");
      shut();
      summary?.focus();
    });
    for (const list of filters.querySelectorAll("ul")) {
      const rows = [...list.children];
      if (rows.length <= LONG) continue;
      const field = document.createElement("input");
      field.type = "search";
      field.placeholder = filters.dataset.find;
      field.setAttribute("aria-label", filters.dataset.find);
      field.addEventListener("input", () => {
        const typed = field.value.trim().toLowerCase();
        for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(typed);
      });
      const first = document.createElement("li");
      first.append(field);
      list.prepend(first);
    }
  }
}
