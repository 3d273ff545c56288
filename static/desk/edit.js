// The form of an article: text that was not saved survives a crash of the browser, and curators
// learn who else has the form open. Without it, saving tells of everything all the same.
const notes = document.getElementById("desk-edit");
const form = notes?.closest("form");
const KEPT = ["title", "summary", "body", "note"];
const STORE = `desk:${notes?.dataset.key}`;
const WAIT = 1500; // ms after the last change
const BEAT = 20_000; // ms between signs of life
let version = form?.elements.version.value;
let timer, next, leaving = false;

const texts = () => Object.fromEntries(KEPT.map((name) => [name, form.elements[name]?.value ?? ""]));
const same = (one, other) => KEPT.every((name) => plain(one[name]) === plain(other[name]));
// The editor writes what it was given in its own words: line feeds between blocks are none of them.
const plain = (text) => (text ?? "").replace(/\r?\n/g, "").trim();

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null; // not ours, or storage is off
  }
}

function keep(text) {
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...text, at: Date.now(), version }));
  } catch {
    // Storage is full or off: the form works without.
  }
}

function forget() {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // See above.
  }
}

function fill(name, text) {
  const field = form.elements[name];
  if (!field) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (name !== "body") return;
  const put = (editor) => editor?.commands.setContent(text);
  const ready = field.closest(".prose-editor")?.querySelector(".ProseMirror[contenteditable]")?.editor;
  if (ready) put(ready);
  else field.addEventListener("prose-editor:ready", (event) => put(event.detail.editor));
}

/** Offer what was typed and never saved, and take nothing from it until that is decided. */
function offer(before) {
  const bar = document.getElementById("desk-unsaved");
  const when = new Date(before.at);
  const text = new DOMParser().parseFromString(before.body ?? "", "text/html").body.textContent;
  bar.querySelector("time").textContent = when.toLocaleString(document.documentElement.lang);
  bar.querySelector("time").dateTime = when.toISOString();
  bar.querySelector("span").textContent = [...text].length.toLocaleString();
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    if (target.value === "restore") {
      for (const name of KEPT) fill(name, before[name] ?? "");
      keep(before); // saved from here, it counts as saved
    } else if (target.value === "discard") forget();
    else return;
    bar.hidden = true;
    watch();
  });
}

/** Keep what is typed, a moment after it was. */
function watch() {
  const began = texts();
  const note = () => {
    const now = texts();
    if (same(now, began)) return;
    keep(now);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(note, WAIT);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    note();
  });
  addEventListener("pagehide", () => leaving || note());
}

function begin() {
  const saved = document.cookie.split("; ").find((cookie) => cookie.startsWith("desk-saved="));
  const before = stored();
  const done = before && (same(before, texts()) || before.version === saved?.split("=")[1]);
  if (done) forget();
  if (before && !done && !document.querySelector(".conflict, .errornote")) offer(before);
  else watch();
}

/** What the desk has saved by itself need not be kept here any more, but what came since. */
function saved({ detail }) {
  const copy = stored();
  ({ version } = detail);
  if (!copy) return;
  if (same(copy, detail.texts)) forget();
  else keep(copy);
}

const signed = (more = {}) =>
  new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, ...more });

async function beat() {
  try {
    const answer = await fetch(notes.dataset.presence, { method: "POST", body: signed() });
    if (!answer.ok || answer.redirected) return; // signed out or gone: saving will tell
    const told = await answer.json();
    const list = document.querySelector(".desk-present");
    const items = told.others.map((who) => {
      const item = document.createElement("li");
      item.textContent = who;
      return item;
    });
    if (list.innerText.trim() !== told.others.join("\n")) list.replaceChildren(...items);
    document.getElementById("desk-binned").hidden = !told.binned;
    document.getElementById("desk-overtaken").hidden =
      told.version === version || leaving || told.binned || "saving" in form.dataset;
  } catch {
    // The line is down: ask again.
  }
  clearTimeout(next);
  next = setTimeout(beat, BEAT);
}

// Names in the byline stand in the order they were chosen in.
function inOrder() {
  const { jQuery } = window.django ?? {};
  jQuery?.("#id_byline").on("select2:select", ({ params, target }) => {
    target.append(params.data.element);
    jQuery(target).trigger("change");
  });
}

if (form) {
  begin();
  form.addEventListener("desk:saved", saved);
  inOrder();
  form.addEventListener("desk:made", beat); // a new article has a form of its own now
  if (notes.dataset.presence) {
    beat();
    form.addEventListener("submit", () => (leaving = true)); // saving tells of it by itself
    addEventListener("pagehide", () => {
      if (!leaving) navigator.sendBeacon(notes.dataset.presence, signed({ leave: "1" }));
    });
    // A page taken out of the browser's memory again is open again.
    addEventListener("pageshow", (event) => event.persisted && beat());
  }
}
