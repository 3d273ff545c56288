/* The work queue: forms are sent, and the parts of the page that changed are put in place. Everything
   it does the page does by itself too, with a load for each step. */
"use strict";
document.documentElement.classList.add("scripted");
const root = document.getElementById("queue");
const find = (id) => document.getElementById(id);
const pane = () => find("q-pane");
const at = () => pane().dataset.pk || "";
const kept = new Map(); /* what was typed and not sent, by import and field */
let busy = false;
let waiting = [];

/* Parts */

function tell(text) {
  const notice = find("q-notice");
  notice.className = "q-notice failed";
  notice.querySelector("[role=status]").textContent = "";
  notice.querySelector("[role=alert]").textContent = text;
}

const fields = () => [...pane().querySelectorAll("input[name=text], textarea[name=text]")];
const unsent = () => fields().filter((field) => field.value !== field.defaultValue || "typed" in field.dataset);

function keep(sent) {
  const mine = new Map();
  for (const field of unsent()) if (field !== sent) mine.set(field.id, field.value);
  if (mine.size) kept.set(at(), mine);
  else kept.delete(at());
}

function giveBack() {
  for (const [id, value] of kept.get(at()) || []) if (find(id)) find(id).value = value;
}

function put(text, sent) {
  const found = new DOMParser().parseFromString(text, "text/html");
  if (!found.getElementById("q-pane")) return false;
  const before = at();
  const scroll = scrollY;
  keep(sent);
  const changed = found.getElementById("q-changed");
  if (changed) {
    for (const row of [...changed.children]) find(row.id)?.replaceWith(row);
    changed.remove();
  }
  for (const id of ["q-progress", "q-notice", "q-pane", "q-list", "q-pills"]) {
    const part = found.getElementById(id);
    if (part && find(id)) find(id).replaceWith(document.adoptNode(part));
  }
  const isSame = at() === before;
  giveBack();
  document.querySelectorAll("#q-rows [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  const row = find(`q-row-${at()}`);
  row?.querySelector("a").setAttribute("aria-current", "true");
  const list = find("q-rows");
  if (row && list) {
    const place = row.getBoundingClientRect();
    const frame = list.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) list.scrollTop += place.top - frame.top - frame.height / 3;
  }
  pane().querySelector("h2")?.focus({ preventScroll: true });
  if (isSame) scrollTo(0, scroll);
  else if (scrollY > root.offsetTop) scrollTo(0, root.offsetTop);
  const address = new URL(location.href);
  if (at()) address.searchParams.set("at", at());
  else address.searchParams.delete("at");
  history.replaceState(null, "", address);
  mark();
  return true;
}

async function ask(address, options, sent) {
  if (busy) return;
  busy = true;
  root.classList.add("busy");
  let failed = "";
  try {
    const answer = await fetch(address, options);
    const text = answer.ok ? await answer.text() : "";
    if (answer.redirected && new URL(answer.url).pathname.includes("/login/")) failed = root.dataset.signedOut;
    else if (!answer.ok || !put(text, sent)) failed = root.dataset.failed;
  } catch {
    failed = root.dataset.failed;
  }
  busy = false;
  root.classList.remove("busy");
  if (failed) tell(failed);
  const next = waiting.shift();
  if (next) next();
}

function go(link, whole) {
  waiting = [];
  const address = new URL(link.href);
  if (whole) history.replaceState(null, "", address);
  find("q-drawer").hidePopover?.();
  return ask(address, { headers: { "Queue-Part": whole ? "list" : "pane" } });
}

/* What is done with the mouse, or by Tab and Enter */

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-whole")) return;
  event.preventDefault();
  if (busy) return;
  const data = new FormData(form, event.submitter);
  const did = data.getAll("do").pop();
  const goesOn = ["through", "publish", "submit"].includes(did);
  if (goesOn && unsent().length) {
    tell(root.dataset.unsent);
    unsent()[0].focus();
    return;
  }
  if (goesOn) {
    waiting = [];
    data.set("next", step(1, true)?.dataset.pk || "");
  }
  const sent = event.submitter?.name === "candidate" || ["leave", "empty", "state", "put_in"].includes(did) ? form.querySelector("[name=text]") : null;
  ask(form.action, { method: "POST", body: new URLSearchParams(data), headers: { "Queue-Part": "pane" } }, sent);
});

root.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const place = link.getAttribute("href");
  if (place.startsWith("#flag-")) choose(find(place.slice(1)), true);
  else if (link.closest("#q-rows")) { event.preventDefault(); go(link, false); }
  else if (link.closest("#q-pills") || link.closest(".q-empty")?.querySelector("[href*='queue/']") === link) { event.preventDefault(); go(link, true); }
});

/* Doubts: one of them is the one that keys are about */

const doubts = () => [...pane().querySelectorAll(".q-card.open")];
const current = () => pane().querySelector(".q-card.current");

function choose(card, scroll) {
  current()?.classList.remove("current");
  if (!card) return;
  card.classList.add("current");
  document.querySelectorAll(".q-flagged.current").forEach((other) => other.classList.remove("current"));
  document.querySelectorAll(`.q-flagged[href="#${card.id}"]`).forEach((one) => one.classList.add("current"));
  if (scroll) card.scrollIntoView({ block: "nearest" });
}

function mark() {
  choose(pane().querySelector(".q-card.holds") || doubts()[0], false);
}

/* Keys */

function step(by, left) {
  const rows = [...document.querySelectorAll("#q-rows > li[data-pk]")];
  let place = rows.findIndex((row) => row.dataset.pk === at());
  for (place += by; rows[place]; place += by) {
    const isFree = rows[place].querySelector(".q-who").hidden;
    if (!left || (rows[place].classList.contains("left") && isFree)) return rows[place];
  }
  return left && by > 0 ? rows.find((row) => row.classList.contains("left") && row.dataset.pk !== at()) : undefined;
}

function turn(by) {
  const all = doubts();
  if (all.length) choose(all[(all.indexOf(current()) + by + all.length) % all.length], true);
}

function write(card) {
  const field = card?.querySelector("[name=text]");
  if (!field) return;
  field.focus();
  field.select();
}

const press = (button) => button && !button.disabled && button.click();

const KEYS = {
  j: () => { const row = step(1); if (row) go(row.querySelector("a"), false); },
  k: () => { const row = step(-1); if (row) go(row.querySelector("a"), false); },
  n: () => turn(1),
  p: () => turn(-1),
  e: () => write(current() || pane().querySelector(".q-card")),
  t: () => write(find("q-title")?.closest(".q-card")),
  a: () => write(find("q-authors")?.closest(".q-card")),
  d: () => write(find("q-stated_date")?.closest(".q-card")),
  s: () => write(find("q-source_name")?.closest(".q-card")),
  l: () => press(current()?.querySelector(".q-leave")),
  u: () => press(find("q-undo")),
};

function enter(shift) {
  const button = find(shift ? "q-send" : "q-through");
  if (button) press(button);
  else if (pane().querySelector(".q-card.holds")) {
    tell(pane().querySelector(".q-holds")?.textContent || "");
    choose(pane().querySelector(".q-card.holds"), true);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = event.target.closest("input, textarea, select");
  if (field) {
    if (event.key === "Escape") {
      field.value = field.defaultValue;
      delete field.dataset.typed;
      keep();
      pane().querySelector("h2").focus({ preventScroll: true });
    } else if (event.key === "Enter" && field.matches("textarea[name=text]") && !event.shiftKey) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector(".q-put"));
    } else if (event.key === "Enter" && field.matches("input[name=text]")) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector(".q-put"));
    }
    return;
  }
  if (event.target.closest("[popover], summary") && event.key !== "j" && event.key !== "k") return;
  const onControl = event.target.closest("a[href], button");
  let act = null;
  if (event.key === "Enter") act = onControl ? null : () => enter(event.shiftKey);
  else if (/^[1-5]$/.test(event.key)) act = () => press(current()?.querySelectorAll(".q-chip")[event.key - 1]);
  else if (!event.shiftKey) act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  if (event.repeat && event.key === "Enter") return;
  if (!busy) act();
  else if (event.key !== "Enter" && waiting.length < 3) waiting.push(act);
});

root.addEventListener("click", (event) => event.target.closest("#q-next") && KEYS.j());
root.addEventListener("focusin", (event) => {
  const card = event.target.closest(".q-card.open");
  if (card) choose(card, false);
});

/* Who else is here: told every 30 seconds */

async function alive() {
  if (document.hidden) return;
  const token = root.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const said = new URLSearchParams({ csrfmiddlewaretoken: token, article: at(), run: root.dataset.run });
  try {
    const answer = await fetch(root.dataset.alive, { method: "POST", body: said });
    if (!answer.ok || answer.redirected) return;
    const { who } = await answer.json();
    document.querySelectorAll("#q-rows > li[data-pk]").forEach((row) => {
      const label = row.querySelector(".q-who");
      label.textContent = who[row.dataset.pk] || "";
      label.hidden = !who[row.dataset.pk];
    });
  } catch { /* the next one may be heard */ }
}
setInterval(alive, 30000);

mark();
