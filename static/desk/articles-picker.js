// Finds articles for a collection or a path and puts several into its rows, one after the other,
// without leaving the list of what was found. By the keyboard too: arrows, Enter, Escape.
function equip(picker) {
  const field = picker.querySelector("input");
  const list = picker.querySelector("ul");
  const status = picker.querySelector("[role=status]");
  const group = document.getElementById(picker.dataset.rows);
  let asked = "";
  let active = null;

  const chosen = () => new Set(
    [...group.querySelectorAll("tr.form-row:not(.empty-form) [name$=-article]")].map((one) => one.value),
  );

  function show(is) {
    list.hidden = !is;
    field.setAttribute("aria-expanded", is);
    if (!is) point(null);
  }

  function point(line) {
    active?.classList.remove("active");
    active = line;
    if (!line) return field.removeAttribute("aria-activedescendant");
    line.classList.add("active");
    line.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", line.id);
  }

  function mark(line) {
    line.setAttribute("aria-selected", "true");
    line.querySelector("b").textContent = `✓ ${picker.dataset.there}`;
  }

  function line(one, at, there) {
    const made = document.createElement("li");
    made.id = `${list.id}-${at}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.article = one;
    made.append(document.createElement("span"), document.createElement("small"), badge(one), document.createElement("b"));
    made.firstChild.textContent = one.title;
    made.children[1].textContent = one.byline;
    if (there.has(one.key)) mark(made);
    return made;
  }

  function badge(one) {
    const made = document.createElement("span");
    made.className = `badge ${one.badge}`;
    made.textContent = one.seen;
    return made;
  }

  async function look() {
    const text = field.value.trim();
    asked = text;
    const answer = await fetch(`${picker.dataset.articles}?${new URLSearchParams({ q: text })}`, { credentials: "same-origin" });
    if (!answer.ok || asked !== text) return; // something else was typed meanwhile
    const { found } = await answer.json();
    if (asked !== text) return;
    const there = chosen();
    list.replaceChildren(...found.map((one, at) => line(one, at, there)));
    list.dataset.asked = text;
    status.textContent = found.length ? "" : picker.dataset.nothing;
    show(found.length > 0);
    point(text ? list.firstElementChild : null);
  }

  function choose(row) {
    if (row.getAttribute("aria-selected") === "true") return;
    const one = row.article;
    group.querySelector(".add-row a").click(); // Django's script makes the row
    const made = [...group.querySelectorAll("tr.form-row:not(.empty-form)")].at(-1);
    made.querySelector("[name$=-article]").value = one.key;
    const link = document.createElement("a");
    link.href = one.address;
    link.textContent = one.title;
    made.querySelector(".field-chosen p").replaceChildren(link, " ", badge(one));
    made.dispatchEvent(new CustomEvent("articles:chosen", { bubbles: true }));
    mark(row);
    status.textContent = picker.dataset.added.replace("%s", one.title);
  }

  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 150);
  });
  field.addEventListener("focus", look);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const rows = [...list.children];
    const at = rows.indexOf(active);
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "ArrowDown" && list.hidden) look();
    else if (event.key === "ArrowDown") point(rows[(at + 1) % rows.length] ?? null);
    else if (event.key === "ArrowUp") point(rows[(at <= 0 ? rows.length : at) - 1] ?? null);
    else if (event.key === "Enter") {
      if (active) choose(active);
    } else return;
    event.preventDefault(); // Enter sends no form from here
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => {
    const row = target.closest("li");
    if (row) choose(row);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!picker.contains(target)) show(false);
  });
  field.addEventListener("blur", () => show(false));
  group.addEventListener("click", ({ target }) => {
    if (target.closest(".inline-deletelink")) status.textContent = "";
  });
  picker.hidden = false;
}

document.querySelectorAll("[data-articles]").forEach(equip);
