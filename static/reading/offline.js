// Keeps a collection for reading offline, where a reader asks for it: its page, its articles and what
// they are shown with, within a budget. Nothing is kept unasked.
const place = document.querySelector("[data-keep]");
const BUDGET = 20e6; // bytes, of all that is kept
const MOST = 200; // pages of a collection

async function sizeOf(name) {
  let bytes = 0;
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    bytes += (await (await cache.match(request)).blob()).size;
  }
  return bytes;
}

async function keep(name) {
  const links = [...document.querySelectorAll(".course h2 a")].map((link) => link.href.split("?")[0]);
  const shownWith = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
  const pages = [location.href.split(/[?#]/)[0], ...links].slice(0, MOST);
  let bytes = 0;
  for (const other of await caches.keys()) bytes += await sizeOf(other);
  const cache = await caches.open(name);
  const wanted = new Set([...pages, ...shownWith]);
  for (const url of wanted) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(url);
    const text = await response.clone().text();
    if (pages.includes(url)) {
      for (const [, file] of text.matchAll(/(?:src|href)="([^"]+\.(?:css|js)(?:\?[^"]*)?)"/g)) {
        wanted.add(new URL(file, url).href); // a set grows while it is gone through
      }
    }
    bytes += new Blob([text]).size;
    if (bytes > BUDGET) throw new RangeError();
    await cache.put(url, response);
  }
}

async function drop(name) {
  await caches.delete(name);
  if ((await caches.keys()).length) return;
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
}

async function begin() {
  const name = `kept-${place.dataset.keep}`;
  const button = place.querySelector("button"), told = place.querySelector("[role=status]");
  const { offer, kept, busy, full, failed } = place.dataset;
  let isKept = await caches.has(name);
  const show = () => (button.textContent = isKept ? kept : offer);
  show();
  place.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = isKept ? "" : busy;
    try {
      if (isKept) await drop(name);
      else {
        await navigator.serviceWorker.register(place.dataset.worker);
        await keep(name);
      }
      isKept = !isKept;
      told.textContent = "";
    } catch (error) {
      await drop(name);
      told.textContent = error instanceof RangeError ? full : failed;
    }
    button.disabled = false;
    show();
  });
}

if (place && "serviceWorker" in navigator && "caches" in window) begin();
