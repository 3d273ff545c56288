// What an article's page does beyond being read: how the text looks, copying and sharing, the
// outline's current section, the place in the text when the script is switched, reading aloud. Loaded apart; without it the
// page is complete.
const root = document.documentElement;

function kept(store, key) {
  try { return JSON.parse(store.getItem(key)); } catch { return null; }
}
function keep(store, key, value) {
  try { store.setItem(key, JSON.stringify(value)); } catch { /* full, or forbidden: not kept */ }
}

function begin() {
const page = document.querySelector(".reading");
const body = page.querySelector(".body");
const blocks = [...body.children];
const headings = [...body.querySelectorAll("h2[id], h3[id], h4[id]")];

/* How the text looks: what portal.js sets before anything is painted. Each row is its name and what
   its buttons are called. */
const VALUES = {
  size: ["small", "", "large", "huge"], lines: ["close", "", "wide"],
  letters: ["", "serif"], theme: ["", "light", "dark", "sepia"],
};
const looks = page.querySelector("#looks");
const choices = [];
for (const set of Object.keys(VALUES)) {
  const row = document.createElement("div"), [name, ...labels] = looks.dataset[set].split("|");
  row.className = "choices";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", name);
  labels.forEach((label, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.set = set;
    button.dataset.to = VALUES[set][at];
    button.textContent = set === "size" ? "A" : label;
    if (set === "size") button.setAttribute("aria-label", label);
    row.append(button);
    choices.push(button);
  });
  looks.append(row);
}
function show() {
  for (const one of choices) {
    one.setAttribute("aria-pressed", String((root.dataset[one.dataset.set] || "") === one.dataset.to));
  }
}
show();
for (const one of choices) {
  one.addEventListener("click", () => {
    const at = place(), { set, to } = one.dataset;
    if (to) root.dataset[set] = to;
    else delete root.dataset[set];
    keep(localStorage, `text-${set}`, to);
    show();
    goTo(at);
  });
}

/* Wide tables scroll by keyboard */
for (const table of body.querySelectorAll("table")) {
  if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

/* Copy and print */
const told = page.querySelector("#told");
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard without HTTPS
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
page.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (button?.matches("[data-print]")) print();
  if (button?.matches("[data-share]")) share();
  if (!button?.matches("[data-copy], [data-copy-from]")) return;
  const { copy: text, copyFrom, done } = button.dataset;
  await copy(text ?? document.getElementById(copyFrom).textContent);
  told.textContent = done;
  button.dataset.told = "";
  setTimeout(() => { delete button.dataset.told; told.textContent = ""; }, 2000);
});

/* Share by what the device has for it */
const sharer = page.querySelector("[data-share]");
async function share() {
  try {
    await navigator.share({ title: document.title, url: document.querySelector("[rel=canonical]").href });
  } catch { /* nobody was chosen */ }
}
if (sharer && navigator.share) sharer.hidden = false;

/* Links at headings, and the current section in the outline */
for (const heading of headings) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${heading.id}`;
  link.setAttribute("aria-label", `${body.dataset.anchor}: ${heading.textContent}`);
  heading.append(link);
}
const outline = page.querySelector(".outline");
const TOP = 80; // a heading above is being read: one that a link led to, below the tools, not the next
let current;
function mark() {
  const passed = headings.filter((one) => one.getBoundingClientRect().top < TOP);
  const link = passed.length ? outline.querySelector(`[href="#${passed[passed.length - 1].id}"]`) : null;
  if (link === current) return;
  current?.removeAttribute("aria-current");
  current = link;
  current?.setAttribute("aria-current", "true");
  if (current && outline.scrollHeight > outline.clientHeight) {
    outline.scrollTop = current.offsetTop - outline.clientHeight / 2;
  }
}
if (outline) {
  outline.addEventListener("click", ({ target }) => {
    if (target.closest("a") && outline.matches(":popover-open")) outline.hidePopover();
  });
  const seen = new IntersectionObserver(mark, { rootMargin: `-${TOP}px 0px 0px`, threshold: 1 });
  headings.forEach((one) => seen.observe(one));
}

/* Where the reader is: the first block on the screen, and how much of it is above */
function place() {
  const index = blocks.findIndex((one) => one.getBoundingClientRect().bottom > 0);
  if (index < 0) return [blocks.length - 1, 1];
  const { top, height } = blocks[index].getBoundingClientRect();
  return index || top < 0 ? [index, Math.max(0, -top / (height || 1))] : null;
}
function goTo(at) {
  const block = blocks[at?.[0]];
  if (!block) return;
  const { top, height } = block.getBoundingClientRect();
  scrollBy({ top: top + height * at[1], behavior: "instant" });
}

/* The other script: the same article at the same place */
const number = page.dataset.article;
for (const link of document.querySelectorAll(".scripts a, [data-switch]")) {
  link.addEventListener("click", () => {
    keep(sessionStorage, "switched", { number, at: place() });
    if (location.hash) { // the section one came to by an address is named in both scripts
      const next = new URL(link.href);
      next.searchParams.set("next", next.searchParams.get("next").split("#")[0] + location.hash);
      link.href = next;
    }
  });
}
const switched = kept(sessionStorage, "switched");
try { sessionStorage.removeItem("switched"); } catch { /* nothing kept */ }
if (switched && switched.number === number) {
  goTo(switched.at);
  // What is fetched late, fonts and pictures, moves it; and so does an address with a section.
  if (document.readyState !== "complete") addEventListener("load", () => goTo(switched.at), { once: true });
}

/* Being read: told once a visit after some seconds, without a cookie and without a name. That it was
   read is kept in this browser alone, for the progress of a collection. */
const SECONDS = 15, MOST = 3000;
function listed(store, key) {
  const ids = kept(store, key) ?? [];
  if (ids.includes(Number(number))) return false;
  keep(store, key, [...ids, Number(number)].slice(-MOST));
  return true;
}
// Of who signed in the browser keeps nothing: the next person at it may be another one.
const signedIn = document.cookie.split("; ").some((one) => one.startsWith("signed_in="));
let left = SECONDS;
const timer = page.dataset.read && setInterval(() => { // a preview is not read
  if (document.hidden || --left > 0) return;
  clearInterval(timer);
  if (!signedIn) listed(localStorage, "read");
  if (listed(sessionStorage, "told")) navigator.sendBeacon(page.dataset.read);
}, 1000);
/* Read aloud, by the voice the browser has for the script */
const [speak, silence] = looks.dataset.speak.split("|");
const speaker = document.createElement("button");
speaker.type = "button";
speaker.className = "button";
speaker.textContent = speak;
speaker.hidden = true;
looks.append(speaker);
function voice() {
  const voices = speechSynthesis.getVoices().filter((one) => /^(zh|cmn|yue)/i.test(one.lang));
  const near = root.lang === "zh-Hant" ? /TW|HK|Hant/i : /CN|Hans/i;
  return voices.find((one) => near.test(one.lang)) || voices[0];
}
function offerVoice() {
  speaker.hidden = !voice();
}
if (window.speechSynthesis) {
  let reading = false;
  const stop = () => {
    reading = false;
    speechSynthesis.cancel();
    speaker.textContent = speak;
  };
  const say = (index) => {
    if (!reading || index >= blocks.length) return stop();
    const text = blocks[index].innerText.trim();
    if (!text) return say(index + 1);
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice();
    words.lang = words.voice.lang;
    words.onend = () => say(index + 1);
    words.onerror = () => reading && stop();
    speechSynthesis.speak(words);
  };
  speaker.addEventListener("click", () => {
    if (reading) return stop();
    reading = true;
    speaker.textContent = silence;
    say((place() || [0])[0]);
  });
  offerVoice();
  speechSynthesis.addEventListener("voiceschanged", offerVoice);
  addEventListener("pagehide", stop);
}
root.dataset.ready = "";
}

if (document.readyState !== "loading") begin();
else document.addEventListener("DOMContentLoaded", begin, { once: true });
