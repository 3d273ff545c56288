// How far a reader is in a collection: what the portal keeps of who signed in, or else what this
// browser keeps of the articles read (reading.js).
const shown = document.querySelector(".progress");
const items = [...document.querySelectorAll(".course [data-article]")];

const signedIn = document.cookie.split("; ").some((one) => one.startsWith("signed_in="));

async function done() {
  try {
    if (!signedIn) return new Set(JSON.parse(localStorage.getItem("read")));
    const ids = items.map((item) => item.dataset.article).join(",");
    return new Set((await (await fetch(`${shown.dataset.read}?ids=${ids}`)).json()).read);
  } catch {
    return new Set();
  }
}

async function show() {
  const read = await done();
  const open = items.filter((item) => !read.has(Number(item.dataset.article)));
  const n = items.length - open.length;
  for (const item of items) {
    const mark = item.querySelector(".mark-read");
    if (open.includes(item) || mark) continue;
    const label = document.createElement("span");
    label.className = "mark-read";
    label.textContent = shown.dataset.mark;
    item.querySelector("h2").append(" ", label);
    item.classList.add("is-read");
  }
  shown.querySelectorAll("span + span").forEach((one) => one.remove());
  if (!n) return;
  const bar = shown.querySelector("progress");
  bar.max = items.length;
  bar.value = n;
  const told = shown.querySelector("span");
  const text = shown.dataset.told.replace("{n}", n).replace("{all}", items.length);
  bar.setAttribute("aria-label", text);
  told.textContent = open.length ? text : shown.dataset.done;
  if (open.length) {
    const next = document.createElement("span");
    next.append(shown.dataset.next, open[0].querySelector("a").cloneNode(true));
    told.after(next);
  }
  shown.hidden = false;
}

if (shown && items.length) {
  show();
  addEventListener("pageshow", ({ persisted }) => persisted && show());
}
