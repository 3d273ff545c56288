/* The page of one import: filter, going from change to change, and the panel of the chosen one.
   Everything else, and all of it without a script, is done by the page itself. */
"use strict";
document.documentElement.classList.add("scripted");
const find = (id) => document.getElementById(id);
const compare = find("compare");
const decide = find("decide");
let chosen = null;

function shown() {
  const side = getComputedStyle(compare.querySelector(".text-side")).display === "none" ? "source" : "text";
  return [...compare.querySelectorAll(`.row-pair .${side}-side .mark:not(.off)`)];
}

function choose(mark, scroll) {
  const told = mark.dataset.token ? mark : find(`m${mark.dataset.at}`);
  compare.querySelectorAll(".chosen").forEach((other) => other.classList.remove("chosen"));
  const place = told.id.slice(1);
  compare.querySelectorAll(`[data-at="${place}"]`).forEach((twin) => twin.classList.add("chosen"));
  told.classList.add("chosen");
  chosen = mark;
  const data = told.dataset;
  find("what-name").textContent = data.name;
  find("what-before").textContent = data.before;
  find("what-after").textContent = data.after;
  find("what-doubt").hidden = data.certain === "1";
  find("what-decided").textContent = data.decided || "";
  decide.classList.remove("empty");
  if (find("decide-form")) {
    find("what-token").value = data.token;
    find("what-anchor").value = told.id;
    find("undo").hidden = Boolean(data.undone);
    find("redo").hidden = !data.undone;
  }
  if (scroll) mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

function step(by) {
  const marks = shown();
  if (!marks.length) return;
  const at = chosen ? marks.findIndex((mark) => mark === chosen) : -1;
  if (chosen && at < 0) chosen = null;
  const to = at < 0 ? (by > 0 ? 0 : marks.length - 1) : at + by;
  const further = document.querySelector(`.review-pages a[rel=${by > 0 ? "next" : "prev"}]`);
  if (marks[to]) choose(marks[to], true);
  else if (further) location.assign(further.href);
}

compare.addEventListener("click", (event) => {
  const mark = event.target.closest(".mark");
  if (!mark || mark.classList.contains("off")) return mark && event.preventDefault();
  event.preventDefault();
  choose(mark, false);
});

find("next").addEventListener("click", () => step(1));
find("previous").addEventListener("click", () => step(-1));
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") step(1);
  else if (event.key === "p") step(-1);
  else if (event.key === "u" && chosen && find("decide-form")) {
    (find("undo").hidden ? find("redo") : find("undo")).click();
  } else return;
  event.preventDefault();
});

/* The filter works at once, and is kept in the address for what is decided and where one goes. */
const filter = find("filter");
filter?.addEventListener("change", () => {
  const query = new URLSearchParams(new FormData(filter));
  const off = new Set([...filter.querySelectorAll("[name=kind]:not(:checked)")].map((box) => box.value));
  compare.querySelectorAll(".mark").forEach((mark) => mark.classList.toggle("off", off.has(mark.dataset.group)));
  const page = new URLSearchParams(location.search).get("page");
  const rewrite = (address) => {
    const url = new URL(address, location.href);
    const renewed = new URLSearchParams(query);
    for (const name of ["page", "at"]) if (url.searchParams.has(name)) renewed.set(name, url.searchParams.get(name));
    return `?${renewed}${url.hash}`;
  };
  document.querySelectorAll(".review form[method=post]").forEach((form) => form.setAttribute("action", rewrite(form.action)));
  document.querySelectorAll(".review-pages a").forEach((link) => link.setAttribute("href", rewrite(link.href)));
  if (page) query.set("page", page);
  history.replaceState(null, "", `?${query}`);
});

if (/^#m\d+-\d+$/.test(location.hash)) {
  const mark = find(location.hash.slice(1));
  if (mark) choose(mark, true);
}
