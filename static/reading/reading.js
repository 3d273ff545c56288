// What an article's page does beyond being read: text size, copying, the outline's current
// section, and the place in the text when the script is switched. Loaded apart; without it the
// page is complete.
const root = document.documentElement;

function kept(store, key) {
  try { return JSON.parse(store.getItem(key)); } catch { return null; }
}
function keep(store, key, value) {
  try { store.setItem(key, JSON.stringify(value)); } catch { /* full, or forbidden: not kept */ }
}

// The size first, before the text is painted where the file is at hand already.
const SIZES = ["small", "large", "huge"];
const size = kept(localStorage, "text-size");
if (SIZES.includes(size)) root.dataset.size = size;

if (document.readyState === "loading") {
  await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
}
const page = document.querySelector(".reading");
const body = page.querySelector(".body");
const blocks = [...body.children];
const headings = [...body.querySelectorAll(":is(h2, h3, h4)[id]")];

/* Text size */
const buttons = [...page.querySelectorAll("[data-size]")];
function resize(chosen) {
  if (chosen) root.dataset.size = chosen;
  else delete root.dataset.size;
  for (const one of buttons) one.ariaPressed = String(one.dataset.size === chosen);
}
resize(root.dataset.size ?? "");
for (const one of buttons) {
  one.addEventListener("click", () => {
    const at = place();
    resize(one.dataset.size);
    keep(localStorage, "text-size", one.dataset.size);
    goTo(at);
  });
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
  if (!button?.matches("[data-copy], [data-copy-from]")) return;
  const { copy: text, copyFrom, done } = button.dataset;
  await copy(text ?? document.getElementById(copyFrom).textContent);
  told.textContent = done;
  button.dataset.told = "";
  setTimeout(() => { delete button.dataset.told; told.textContent = ""; }, 2000);
});

/* Links at headings, and the current section in the outline */
for (const heading of headings) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${heading.id}`;
  link.ariaLabel = `${body.dataset.anchor}: ${heading.textContent}`;
  heading.append(link);
}
const outline = page.querySelector(".outline");
const TOP = 64; // a heading above is being read: one that a link led to, not the next below it
let current;
function mark() {
  const passed = headings.filter((one) => one.getBoundingClientRect().top < TOP);
  const link = passed.length ? outline.querySelector(`[href="#${passed.at(-1).id}"]`) : null;
  if (link === current) return;
  current?.removeAttribute("aria-current");
  current = link;
  current?.setAttribute("aria-current", "true");
  if (current && outline.scrollHeight > outline.clientHeight) {
    outline.scrollTop = current.offsetTop - outline.clientHeight / 2;
  }
}
if (outline) {
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
document.querySelector(".scripts a")?.addEventListener("click", () => {
  keep(sessionStorage, "switched", { number, at: place() });
});
const switched = kept(sessionStorage, "switched");
sessionStorage.removeItem("switched");
if (switched?.number === number) goTo(switched.at);

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
root.dataset.ready = "";
